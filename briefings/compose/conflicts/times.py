"""Find times that two outlets give differently for one event: parts of a month, and time before or after something.

Rule: the two sentences say nearly the same, in independent outlets, and differ in the time: "by mid-May" and "before
the end of May", "days before the vote" and "the month before the vote".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from briefings.compose.candidates import Candidates
from briefings.compose.conflicts.counts import NUMBER_WORDS
from briefings.compose.selection import stem
from briefings.compose.story.article_reading import ArticleReading
from briefings.model import Article, Span
from briefings.similarity.tfidf import extract_terms
from briefings.text.folding import fold

#: minimum similarity, 0 to 1, of two sentences about one event
MIN_EVENT_SIMILARITY = 0.4
#: maximum number of times to compare; the number of pairs is quadratic
_MAX_TIMES = 200
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_TIME_WORD = re.compile(rf"(?:day|week|month|year)s? (?:before|after)|of (?:{_MONTHS})|(?:early|late|mid)[\s-]")
_PART_OF_MONTH = re.compile(
    rf"(?<!\w)(?P<amount>(?:the\s+)?(?:beginning|end|middle|start)\s+of|early|late|mid)[\s-]+(?P<unit>{_MONTHS})(?!\w)"
)
_PARTS = {"beginning": "early", "start": "early", "middle": "mid", "end": "late"}
_TIME_SPAN = re.compile(
    rf"(?<!\w)(?P<amount>(?:(?:less|more)\s+than\s+)?(?:(?:a|an|the|a\s+few|several|\d+|{'|'.join(sorted(NUMBER_WORDS))})\s+)?"
    r"(?:day|week|month|year)s?)\s+(?P<unit>before|after)\s+(?P<event>(?:[\w'-]+\s?){1,5})"
)


@dataclass(frozen=True, slots=True, eq=False)
class TimeMention:
    """Time that a sentence gives: the words, what it is part of or counted from, and the sentence's stems."""

    article: Article
    sentence: Span
    words: Span
    amount: str
    unit: str
    event_stems: frozenset[str]
    stems: frozenset[str]
    #: total weight of the stems
    weight: float


@dataclass(frozen=True, slots=True)
class TimeConflict:
    """Two times for what may be one event, and the similarity, 0 to 1, of the sentences."""

    first: TimeMention
    second: TimeMention
    similarity: float


def find_time_conflicts(candidates: Candidates) -> Iterator[TimeConflict]:
    """Yield pairs of times that differ, in the order of the articles."""
    mentions = [mention for reading in candidates.readings for mention in _find_mentions(candidates, reading)]
    for first, second in combinations(mentions[:_MAX_TIMES], 2):
        if _are_comparable(candidates, first, second):
            shared = candidates.term_weights.sum_weights(first.stems & second.stems)
            total = first.weight * second.weight
            similarity = shared / total**0.5 if total else 0.0
            if similarity >= MIN_EVENT_SIMILARITY:
                yield TimeConflict(first, second, similarity)


def _find_timed_sentences(reading: ArticleReading) -> tuple[tuple[Span, str], ...]:
    """Return the sentences with a word for a time, and their folded words; the patterns of times take longer."""
    sentences = ((span, fold(span.of(reading.article.text))) for span in reading.spans)
    return tuple((span, folded_words) for span, folded_words in sentences if _TIME_WORD.search(folded_words))


def _find_mentions(candidates: Candidates, reading: ArticleReading) -> Iterator[TimeMention]:
    article = reading.article
    for sentence, folded_words in reading.derive(_find_timed_sentences):
        for pattern in (_PART_OF_MONTH, _TIME_SPAN):
            for match in pattern.finditer(folded_words):
                event = match.groupdict().get("event")
                stems = _extract_stems(sentence.of(article.text))
                yield TimeMention(
                    article,
                    sentence,
                    Span(sentence.start + match.start("amount"), sentence.start + match.end("unit")),
                    _normalise_amount(match["amount"]),
                    match["unit"],
                    _extract_stems(event) if event else frozenset(),
                    stems,
                    candidates.term_weights.sum_weights(sorted(stems)),
                )


def _normalise_amount(amount: str) -> str:
    """Return "mid" for "the middle of" and the like, other amounts without the article."""
    words = " ".join(amount.removeprefix("the ").split())
    return _PARTS.get(words.removesuffix(" of"), words)


def _extract_stems(text: str) -> frozenset[str]:
    return frozenset(stem(term) for term in extract_terms(text) if not term.isdigit())


def _are_comparable(candidates: Candidates, first: TimeMention, second: TimeMention) -> bool:
    """Tell whether two outlets give different times of one kind, counted from the same event if from any."""
    return (
        first.article.id != second.article.id
        and first.unit == second.unit
        and first.amount != second.amount
        and (first.event_stems == second.event_stems or bool(first.event_stems & second.event_stems))
        and candidates.outlets.count((first.article.id, second.article.id)) > 1
    )
