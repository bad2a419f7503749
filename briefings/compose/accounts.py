"""Sentences of two articles that tell one event of different days.

Rule: they must be nearly the same sentence in other words, each with its own day. What was expected for one day and
told as done on another is no contradiction, and is said to be what it is. An anniversary is another event.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from briefings.compose.material import Sentence
from briefings.facts import State
from briefings.ranking import cosine
from briefings.text.days import spelt

#: likeness, 0 to 1, of two sentences that tell one event
_SAME_EVENT = 0.5
#: sentences with a day that are compared, the weightiest: their pairs are quadratic
_COMPARED = 150
#: days two reports of one event may lie apart
_NEAR = 31
_ANNIVERSARY = frozenset({"anniversary", "birthday", "annual"})


@dataclass(frozen=True, slots=True, eq=False)
class Account:
    """Two sentences for one event, and what kind of difference their days make, in words."""

    one: Sentence
    other: Sentence
    note: str


def accounts(sentences: Sequence[Sentence]) -> Iterator[Account]:
    """The pairs of sentences of different articles that give one event two days, in the order given."""
    dated = [s for s in sentences if s.facts.days and not _ANNIVERSARY & s.vector.keys()]
    kept = {id(s) for s in sorted(dated, key=lambda s: -s.score)[:_COMPARED]}
    compared = [(s, frozenset(day.day for day in s.facts.days)) for s in dated if id(s) in kept]
    for (one, mine), (other, theirs) in combinations(compared, 2):
        if one.article.id != other.article.id and _days_apart(mine, theirs) and _alike(one, other):
            yield Account(one, other, _note(one, other))


def _days_apart(mine: frozenset[date], theirs: frozenset[date]) -> bool:
    return mine.isdisjoint(theirs) and abs(min(mine) - min(theirs)).days <= _NEAR


def _alike(one: Sentence, other: Sentence) -> bool:
    return cosine(one.vector, other.vector) >= _SAME_EVENT


def _note(one: Sentence, other: Sentence) -> str:
    expected = [s for s in (one, other) if s.facts.state is State.EXPECTED]
    done = [s for s in (one, other) if s.facts.state is State.HAPPENED]
    if len(expected) == len(done) == 1:
        return (
            f"expected for {spelt(expected[0].facts.days[0].day)} in one, "
            f"told as done on {spelt(done[0].facts.days[0].day)} in the other"
        )
    return f"two days for what may be one thing: {spelt(one.facts.days[0].day)}, {spelt(other.facts.days[0].day)}"
