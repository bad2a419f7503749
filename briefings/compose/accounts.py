"""Sentences of two articles that tell one event of different days.

Rule: they must be nearly the same sentence in other words, each with its own day. What was expected for one day and
told as done on another is no contradiction, and is said to be what it is. An anniversary is another event.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from briefings.compose.material import Sentence
from briefings.facts import Factuality
from briefings.similarity.tfidf import cosine_similarity
from briefings.text.dates import format_day

#: likeness, 0 to 1, of two sentences that tell one event
_MIN_EVENT_SIMILARITY = 0.5
#: sentences with a day that are compared, the weightiest: their pairs are quadratic
_MAX_COMPARED_SENTENCES = 150
#: days two reports of one event may lie apart
_MAX_DAYS_APART = 31
_ANNIVERSARY_WORDS = frozenset({"anniversary", "birthday", "annual"})


@dataclass(frozen=True, slots=True, eq=False)
class DateConflict:
    """Two sentences for one event, and what kind of difference their days make, in words."""

    first: Sentence
    second: Sentence
    note: str


def find_date_conflicts(sentences: Sequence[Sentence]) -> Iterator[DateConflict]:
    """The pairs of sentences of different articles that give one event two days, in the order given."""
    dated_sentences = [
        sentence for sentence in sentences if sentence.facts.days and not _ANNIVERSARY_WORDS & sentence.vector.keys()
    ]
    compared_ids = {
        id(sentence)
        for sentence in sorted(dated_sentences, key=lambda sentence: -sentence.score)[:_MAX_COMPARED_SENTENCES]
    }
    days_by_sentence = [
        (sentence, frozenset(day.day for day in sentence.facts.days))
        for sentence in dated_sentences
        if id(sentence) in compared_ids
    ]
    for (first, first_days), (second, second_days) in combinations(days_by_sentence, 2):
        if (
            first.article.id != second.article.id
            and _have_conflicting_days(first_days, second_days)
            and _are_similar(first, second)
        ):
            yield DateConflict(first, second, _describe_conflict(first, second))


def _have_conflicting_days(first_days: frozenset[date], second_days: frozenset[date]) -> bool:
    return first_days.isdisjoint(second_days) and abs(min(first_days) - min(second_days)).days <= _MAX_DAYS_APART


def _are_similar(first: Sentence, second: Sentence) -> bool:
    return cosine_similarity(first.vector, second.vector) >= _MIN_EVENT_SIMILARITY


def _describe_conflict(first: Sentence, second: Sentence) -> str:
    expected_sentences = [sentence for sentence in (first, second) if sentence.facts.factuality is Factuality.EXPECTED]
    completed_sentences = [sentence for sentence in (first, second) if sentence.facts.factuality is Factuality.HAPPENED]
    if len(expected_sentences) == len(completed_sentences) == 1:
        return (
            f"expected for {format_day(expected_sentences[0].facts.days[0].day)} in one, "
            f"told as done on {format_day(completed_sentences[0].facts.days[0].day)} in the other"
        )
    return f"two days for what may be one thing: {format_day(first.facts.days[0].day)}, {format_day(second.facts.days[0].day)}"
