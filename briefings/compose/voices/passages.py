"""Find the passages of direct speech that can be lines: whole sentences of a speaker who is known for certain.

Rule: a passage is exactly the text inside quotation marks, never a paraphrase. A passage under a doubtful name is not
shown: the attribution is below `MIN_CERTAIN_CONFIDENCE`, or the name is a document, an outlet, a day or an initial.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from briefings.compose.candidates import Candidates
from briefings.model import MIN_CERTAIN_CONFIDENCE, Article, Kind, Quote, Span, Speaker
from briefings.similarity.quote_matching import find_same_pairs
from briefings.similarity.tfidf import extract_terms
from briefings.text import lexicon
from briefings.text.folding import fold, make_search_key
from briefings.text.sentences import split_sentences
from briefings.text.spans import find_overlapping
from briefings.text.words import count_words

#: shortest and longest passage that can be a line, in words
MIN_PASSAGE_WORDS, MAX_PASSAGE_WORDS = 5, 40
#: minimum number of significant words in a passage, unless a second outlet reports it
_MIN_TERMS = 2
#: maximum number of sentences in one passage
_MAX_SENTENCES = 3
#: a later passage of a quotation with one of these words may be unclear without the words before it
_POINTING_WORDS = re.compile(rf"\b(?:{lexicon.build_alternation('pointing')})\b")
#: an initial, a party label ("R-Ohio"), or two words of a page that run together
_BROKEN_NAME = re.compile(r"(?:\w\.?|[A-Z]-[A-Z][a-z]+\.?)|.*[a-z][A-Z]{2}.*|.*[a-z][A-Z][a-z]+ .*")
_PREPOSITION = re.compile(r" (?:of|by|from|in|to|on|for|with|that|who|which)\b")


@dataclass(frozen=True, slots=True, eq=False)
class QuotePassage:
    """Passage that can be shown, with its speaker and its number of independent outlets."""

    article: Article
    quote: Quote
    speaker: Speaker
    span: Span
    outlets: int

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
    outlet_keys = {_make_outlet_key(article.publisher) for article in candidates.articles if article.publisher}
    usable_passages = [
        (article, quote, quote.speaker, span)
        for article, quotes in candidates.articles_with_quotes
        for quote in quotes
        if quote.speaker is not None and quote.kind is not Kind.INDIRECT
        if is_certain(quote) and _make_outlet_key(quote.speaker.name) not in outlet_keys
        for span in _iterate_passages(article, quote)
    ]
    outlet_counts = _count_outlets(candidates, usable_passages)
    return [
        QuotePassage(article, quote, speaker, span, outlet_count)
        for (article, quote, speaker, span), outlet_count in zip(usable_passages, outlet_counts, strict=True)
        if outlet_count > 1 or len(extract_terms(span.of(article.text))) >= _MIN_TERMS
    ]


def is_certain(quote: Quote) -> bool:
    """Tell whether the quote can be shown under its speaker's name."""
    return (
        quote.speaker is not None
        and quote.confidence >= MIN_CERTAIN_CONFIDENCE
        and not _BROKEN_NAME.fullmatch(quote.speaker.name)
        and not _is_thing(quote.speaker)
    )


def _is_thing(speaker: Speaker) -> bool:
    """Tell whether the name is a document, an outlet or a day, none of which speaks."""
    words = make_search_key(_PREPOSITION.split(speaker.name, maxsplit=1)[0]).split()
    if not words or words[-1] in lexicon.load_words("documents"):
        return True
    if speaker.anonymous:
        return False
    return words[-1] in lexicon.load_words("outlet_nouns") or lexicon.load_words("titles_alone").issuperset(words)


def _make_outlet_key(name: str) -> str:
    return make_search_key(name).removeprefix("the ").replace(" ", "")


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


def _count_outlets(candidates: Candidates, usable_passages: Sequence[_UsablePassage]) -> list[int]:
    """Count, for each passage, the outlets that quote its speaker with the passage or at least half of its words."""
    carrier_ids = [{article.id} for article, _, _, _ in usable_passages]
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
                if report.passage is not None and 2 * count_words(other_report.text) >= count_words(report.text):
                    carrier_ids[report.passage].add(other_report.article)
    return [candidates.outlets.count(article_ids) for article_ids in carrier_ids]
