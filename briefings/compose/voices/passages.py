"""Find the passages of direct speech that can be lines: whole sentences of a speaker who is known for certain.

Rule: a passage is exactly the text inside quotation marks, never a paraphrase. A passage under a doubtful name is not
shown (see `speakers`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from briefings.compose.candidates import Candidates
from briefings.compose.story.article_reading import ArticleReading
from briefings.compose.voices.frames import find_frame, is_label, is_title, needs_frame
from briefings.compose.voices.names import make_voice_key
from briefings.compose.voices.speakers import (
    MIN_DESCRIBED_CONFIDENCE,
    MIN_SOLE_CONFIDENCE,
    KnownSpeakers,
    is_clear_in_article,
)
from briefings.model import Article, Kind, Quote, Span, Speaker
from briefings.similarity.quote_matching import find_same_pairs
from briefings.similarity.tfidf import extract_terms
from briefings.text import lexicon
from briefings.text.folding import fold
from briefings.text.sentences import split_sentences
from briefings.text.spans import find_overlapping
from briefings.text.words import count_words

#: shortest and longest passage that can be a line, in words
MIN_PASSAGE_WORDS, MAX_PASSAGE_WORDS = 3, 40
#: how much the words of a label's frame count against it
_LABEL_FRAME_SHARE = 0.7
#: minimum number of significant words in a passage, unless a second outlet reports it
_MIN_TERMS = 2
#: fewest words of a passage that another outlet quotes as an echo
_MIN_ECHO_WORDS = 4
#: maximum number of sentences in one passage
_MAX_SENTENCES = 3
#: a later passage of a quotation with one of these words may be unclear without the words before it
_POINTING_WORDS = re.compile(rf"\b(?:{lexicon.build_alternation('pointing')})\b")


_MARKS = frozenset('"“')
#: a half of a sentence that is not understood without the other half
_HALF_OPENING = re.compile(r"(?:that|where|which|who|whom|whose)\s")
#: the closing mark, a short inquit, and an opening mark before the rest of the sentence
_CONTINUATION = re.compile(r",?[”\"’']\s[^.\n“”\"]{1,80},\s[“\"‘](?!(?:and|because|but|or|so)\b)")


@dataclass(frozen=True, slots=True, eq=False)
class QuotePassage:
    """Passage that can be shown, with its speaker and its number of independent outlets."""

    article: Article
    quote: Quote
    speaker: Speaker
    span: Span
    #: outlets that quote it or at least half of its words
    outlets: int
    #: outlets that quote some words of it
    echoes: int
    #: its article quotes the words a second time
    is_repeated: bool
    #: the article's sentence around a passage of a few words, without which they are not understood
    frame: Span | None = None

    @property
    def word_count(self) -> int:
        """Return the number of words that the passage and its frame take."""
        frame_text = self.frame.of(self.article.text) if self.frame else ""
        return count_words(self.text) + count_words(frame_text)

    @property
    def weighed_words(self) -> float:
        """Return the number of words that count against the passage: a label's frame tells what it is a label of."""
        own_words = count_words(self.text)
        return own_words + (self.word_count - own_words) * (_LABEL_FRAME_SHARE if self.is_label else 1)

    @property
    def text(self) -> str:
        """Return the words to show, exactly as in the article."""
        return self.span.of(self.article.text)

    @property
    def text_in_frame(self) -> str:
        """Return the words with the sentence around them, if they are shown with it."""
        return self.frame.of(self.article.text) if self.frame else self.text

    @property
    def is_label(self) -> bool:
        """Tell whether the passage is a name or judgement that its speaker gives something."""
        return self.frame is not None and is_label(self.article, self.quote, self.frame, self.span)

    @property
    def is_opening(self) -> bool:
        """Tell whether the passage begins where the quotation marks open."""
        return any(self.span.start == fragment.start for fragment in self.quote.content)


_UsablePassage = tuple[Article, Quote, Speaker, Span]


def find_passages(candidates: Candidates) -> list[QuotePassage]:
    """Return the passages that can be lines, in the order of the articles and their texts."""
    known_speakers = KnownSpeakers(candidates)
    usable_passages = [
        (reading.article, quote, speaker, span)
        for reading in candidates.readings
        for quote, spans in reading.derive(_find_clear_quotes)
        if (speaker := known_speakers.check_in_story(reading.article, quote))
        for span in spans
    ]
    outlet_counts = _count_outlets(candidates, usable_passages)
    passages: list[QuotePassage] = []
    for (article, quote, speaker, span), (outlet_count, echo_count, is_repeated) in zip(
        usable_passages, outlet_counts, strict=True
    ):
        words = span.of(article.text)
        frame = find_frame(candidates, article, quote, speaker, span) if needs_frame(words) else None
        # a frame shows whose words they are
        least = MIN_DESCRIBED_CONFIDENCE if speaker.anonymous else MIN_SOLE_CONFIDENCE
        is_sure = echo_count > 1 or frame or quote.confidence >= least
        is_telling = outlet_count > 1 or len(extract_terms(words)) >= _MIN_TERMS
        if is_sure and is_telling and (frame or not needs_frame(words)):
            passages.append(QuotePassage(article, quote, speaker, span, outlet_count, echo_count, is_repeated, frame))
    return passages


def _find_clear_quotes(reading: ArticleReading) -> tuple[tuple[Quote, tuple[Span, ...]], ...]:
    """Return the quotes of one article whose speaker is clear there, with their passages that can be lines."""
    article = reading.article
    return tuple(
        (quote, spans)
        for quote in reading.quotes
        if quote.kind is not Kind.INDIRECT
        and is_clear_in_article(article, quote, reading.unquoted_text)
        and (spans := tuple(_iterate_passages(article, quote)))
    )


def _iterate_passages(article: Article, quote: Quote) -> Iterator[Span]:
    """Yield the runs of one to three whole sentences of each fragment that can be a line."""
    for fragment in quote.content:
        is_open = _is_open(article, fragment)
        spans = split_sentences(fragment.of(article.text))
        for first_index in range(len(spans)):
            for last_index in range(first_index, min(len(spans), first_index + _MAX_SENTENCES)):
                start, end = fragment.start + spans[first_index].start, fragment.start + spans[last_index].end
                # a mark that the page prints twice
                while article.text[start : start + 1] in _MARKS and start + 1 < end:
                    start += 1
                # the comma before the closing mark belongs to the article, not to the speaker
                span = Span(start, start + len(article.text[start:end].rstrip(",")))
                words = span.of(article.text)
                is_pointing = first_index > 0 and _POINTING_WORDS.search(fold(words))
                if (
                    MIN_PASSAGE_WORDS <= count_words(words) <= MAX_PASSAGE_WORDS
                    and not is_pointing
                    and not (is_open and last_index == len(spans) - 1)
                    and not is_title(words)
                    and not _HALF_OPENING.match(words)
                    and not find_overlapping(article.boilerplate, span)
                ):
                    yield span


def _is_open(article: Article, fragment: Span) -> bool:
    """Tell whether a fragment's last sentence goes on in the next: “For my part,” she said, “the harbour is shut.”

    A sentence that goes on with "and" or "but" is whole before it.
    """
    is_whole = fragment.of(article.text).rstrip().endswith((".", "!", "?"))
    return not is_whole and _CONTINUATION.match(article.text, fragment.end) is not None


@dataclass(frozen=True, slots=True)
class _Report:
    """Words that an article (its id) quotes from a speaker. `passage` is the index of the usable passage, if any."""

    article: str
    span: Span
    text: str
    passage: int | None = None


def _list_reports(reading: ArticleReading) -> tuple[tuple[str, _Report], ...]:
    """Return the words that one article quotes from each speaker, under the key of the speaker's voice."""
    article = reading.article
    return tuple(
        (make_voice_key(quote.speaker), _Report(article.id, fragment, fragment.of(article.text)))
        for quote in reading.quotes
        if quote.speaker is not None
        for fragment in quote.content
    )


def _list_same_pairs(texts: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    return tuple(find_same_pairs(texts))


def _count_outlets(candidates: Candidates, usable_passages: Sequence[_UsablePassage]) -> list[tuple[int, int, bool]]:
    """Count, for each passage, the outlets that quote its speaker with at least half of its words, and with some.

    The third value tells whether its own article quotes the words twice: in full, and as the phrase that struck it.
    """
    recall = candidates.memory.recall
    repeated_passages: set[int] = set()
    carrier_ids = [{article.id} for article, _, _, _ in usable_passages]
    echo_ids = [{article.id} for article, _, _, _ in usable_passages]
    reports: dict[str, list[_Report]] = {}
    for reading in candidates.readings:
        for key, report in reading.derive(_list_reports):
            reports.setdefault(key, []).append(report)
    for index, (article, _, speaker, span) in enumerate(usable_passages):
        reports.setdefault(make_voice_key(speaker), []).append(_Report(article.id, span, span.of(article.text), index))
    for key, speaker_reports in reports.items():
        texts = tuple([speaker_report.text for speaker_report in speaker_reports])
        for pair in recall(key, _list_same_pairs, texts):
            for report, other_report in permutations(speaker_reports[index] for index in pair):
                other_count = count_words(other_report.text)
                is_elsewhere = report.article == other_report.article and not report.span.overlaps(other_report.span)
                if report.passage is not None and is_elsewhere and other_count >= _MIN_ECHO_WORDS:
                    repeated_passages.add(report.passage)
                if report.passage is not None and other_count >= min(_MIN_ECHO_WORDS, count_words(report.text)):
                    echo_ids[report.passage].add(other_report.article)
                if report.passage is not None and 2 * other_count >= count_words(report.text):
                    carrier_ids[report.passage].add(other_report.article)
    return [
        (candidates.outlets.count(carriers), candidates.outlets.count(echoes), index in repeated_passages)
        for index, (carriers, echoes) in enumerate(zip(carrier_ids, echo_ids, strict=True))
    ]
