"""Find the passages of direct speech that can be lines: whole sentences of a speaker who is known for certain.

Rule: a passage is exactly the text inside quotation marks, never a paraphrase. A passage under a doubtful name is not
shown (see `speakers`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from briefings.compose.candidates import Candidates
from briefings.compose.voices.speakers import MIN_SOLE_CONFIDENCE, KnownSpeakers
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
#: a part of a sentence with fewer words needs the sentence around it, its frame, of at most so many words
_MIN_UNFRAMED_WORDS, _MAX_FRAME_WORDS = 9, 30
#: fewest words that a frame adds ("he said" explains nothing)
_MIN_FRAME_WORDS = 4
#: fewest words of a sentence that needs no context
MIN_SENTENCE_WORDS = 5
#: minimum number of significant words in a passage, unless a second outlet reports it
_MIN_TERMS = 2
#: fewest words of a passage that another outlet quotes as an echo
_MIN_ECHO_WORDS = 4
#: maximum number of sentences in one passage
_MAX_SENTENCES = 3
#: a later passage of a quotation with one of these words may be unclear without the words before it
_POINTING_WORDS = re.compile(rf"\b(?:{lexicon.build_alternation('pointing')})\b")


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
    #: the article's sentence around a passage of a few words, without which they are not understood
    frame: Span | None = None

    @property
    def word_count(self) -> int:
        """Return the number of words that the passage and its frame take."""
        frame_text = self.frame.of(self.article.text) if self.frame else ""
        return count_words(self.text) + count_words(frame_text)

    @property
    def text(self) -> str:
        """Return the words to show, exactly as in the article."""
        return self.span.of(self.article.text)

    @property
    def is_opening(self) -> bool:
        """Tell whether the passage begins where the quotation marks open."""
        return any(self.span.start == fragment.start for fragment in self.quote.content)


_UsablePassage = tuple[Article, Quote, Speaker, Span]


def find_passages(candidates: Candidates) -> list[QuotePassage]:
    """Return the passages that can be lines, in the order of the articles and their texts."""
    known_speakers = KnownSpeakers(candidates)
    usable_passages = [
        (article, quote, quote.speaker, span)
        for article, quotes in candidates.articles_with_quotes
        for quote in quotes
        if quote.speaker is not None and quote.kind is not Kind.INDIRECT
        if known_speakers.can_show(article, quote)
        for span in _iterate_passages(article, quote)
    ]
    outlet_counts = _count_outlets(candidates, usable_passages)
    passages: list[QuotePassage] = []
    for (article, quote, speaker, span), (outlet_count, echo_count) in zip(usable_passages, outlet_counts, strict=True):
        words = span.of(article.text)
        if echo_count == 1 and quote.confidence < MIN_SOLE_CONFIDENCE:
            continue
        frame = _find_frame(candidates, article, span) if _needs_frame(words) else None
        if (frame or not _needs_frame(words)) and (outlet_count > 1 or len(extract_terms(words)) >= _MIN_TERMS):
            passages.append(QuotePassage(article, quote, speaker, span, outlet_count, echo_count, frame))
    return passages


def _needs_frame(words: str) -> bool:
    """Tell whether words are too few to be understood: a part of a sentence, or less than any sentence."""
    count = count_words(words)
    return count < MIN_SENTENCE_WORDS or (count < _MIN_UNFRAMED_WORDS and words[:1].islower())


def _find_frame(candidates: Candidates, article: Article, span: Span) -> Span | None:
    """Return the article's sentence around a passage, if it is short and more than the passage."""
    sentence = next((sentence for sentence in candidates.get_sentence_spans(article) if sentence.covers(span)), None)
    if sentence is None or count_words(sentence.of(article.text)) > _MAX_FRAME_WORDS:
        return None
    own_words = count_words(sentence.of(article.text)) - count_words(span.of(article.text))
    return sentence if own_words >= _MIN_FRAME_WORDS else None


def _iterate_passages(article: Article, quote: Quote) -> Iterator[Span]:
    """Yield the runs of one to three whole sentences of each fragment that can be a line."""
    for fragment in quote.content:
        spans = split_sentences(fragment.of(article.text))
        for first_index in range(len(spans)):
            for last_index in range(first_index, min(len(spans), first_index + _MAX_SENTENCES)):
                start, end = fragment.start + spans[first_index].start, fragment.start + spans[last_index].end
                # the comma before the closing mark belongs to the article, not to the speaker
                span = Span(start, start + len(article.text[start:end].rstrip(",")))
                words = span.of(article.text)
                is_pointing = first_index > 0 and _POINTING_WORDS.search(fold(words))
                if (
                    MIN_PASSAGE_WORDS <= count_words(words) <= MAX_PASSAGE_WORDS
                    and not is_pointing
                    and not find_overlapping(article.boilerplate, span)
                ):
                    yield span


@dataclass(frozen=True, slots=True)
class _Report:
    """Words that an article (its id) quotes from a speaker. `passage` is the index of the usable passage, if any."""

    article: str
    text: str
    passage: int | None = None


def _count_outlets(candidates: Candidates, usable_passages: Sequence[_UsablePassage]) -> list[tuple[int, int]]:
    """Count, for each passage, the outlets that quote its speaker with at least half of its words, and with some."""
    carrier_ids = [{article.id} for article, _, _, _ in usable_passages]
    echo_ids = [{article.id} for article, _, _, _ in usable_passages]
    reports: dict[str, list[_Report]] = {}
    for article, quotes in candidates.articles_with_quotes:
        for quote in quotes:
            if quote.speaker is not None:
                texts = [_Report(article.id, fragment.of(article.text)) for fragment in quote.content]
                reports.setdefault(quote.speaker.name, []).extend(texts)
    for index, (article, _, speaker, span) in enumerate(usable_passages):
        reports[speaker.name].append(_Report(article.id, span.of(article.text), index))
    for speaker_reports in reports.values():
        for pair in find_same_pairs([speaker_report.text for speaker_report in speaker_reports]):
            for report, other_report in permutations(speaker_reports[index] for index in pair):
                other_count = count_words(other_report.text)
                if report.passage is not None and other_count >= min(_MIN_ECHO_WORDS, count_words(report.text)):
                    echo_ids[report.passage].add(other_report.article)
                if report.passage is not None and 2 * other_count >= count_words(report.text):
                    carrier_ids[report.passage].add(other_report.article)
    return [
        (candidates.outlets.count(carriers), candidates.outlets.count(echoes))
        for carriers, echoes in zip(carrier_ids, echo_ids, strict=True)
    ]
