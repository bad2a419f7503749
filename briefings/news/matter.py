"""What a line is about, for telling whether another one says the same: its words, its figures, its days, its state.

Rule: outlets word one fact differently, so likeness is measured over the words without their endings; what makes a fact
another one (a figure, a day, that it has happened) is compared for itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise

from briefings.compose.worth import stem
from briefings.facts import Sort, State, amounts
from briefings.model import Span
from briefings.ranking import Vector, terms, vectors
from briefings.text import lexicon
from briefings.text.fold import fold
from briefings.text.words import words

#: figures this much apart, as the larger over the smaller, are one figure where one of them is approximate
_ROUNDED = 1.02
#: figures farther apart than this, as the larger over the smaller, are of one thing only where they say so
_FAR = 10
#: what may be told of without its being a figure that moves
_NO_FIGURES = (Sort.FRACTION, Sort.MULTITUDE, Sort.TIME)


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity: its kind, values, the stem of what is counted; approximate or not, a small count or not."""

    sort: Sort
    values: tuple[float, ...]
    unit: str | None
    hedged: bool
    small: bool

    def is_same(self, other: "Figure") -> bool:
        """Whether the two are one figure, roundings aside."""
        if self.sort is not other.sort:
            return False
        if self.values == other.values:
            return True
        low, high = sorted((self.values[0], other.values[0]))
        return (self.hedged or other.hedged) and self.sort is not Sort.SCORE and high <= _ROUNDED * low

    def is_another(self, other: "Figure") -> bool:
        """Whether the two count the same thing, as far as they say, and differ."""
        if self.sort is not other.sort or self.is_same(other):
            return False
        if self.sort is Sort.COUNT and self.unit != other.unit:
            return not (self.small or other.small) and None in (self.unit, other.unit) and self._is_near(other)
        return self.sort is Sort.COUNT or self._is_near(other)

    def _is_near(self, other: "Figure") -> bool:
        low, high = sorted((self.values[0], other.values[0]))
        return high <= _FAR * low


@dataclass(frozen=True, slots=True)
class Matter:
    """What one line tells. `published` is the day of its article."""

    text: str
    days: frozenset[date]
    state: State
    published: date | None
    figures: tuple[Figure, ...]


def figures(text: str) -> tuple[Figure, ...]:
    """The figures of a line, spelt small numbers ("three people") among them."""
    found = [
        Figure(
            each.sort,
            each.values,
            each.unit and stem(each.unit),
            each.hedge is not None,
            not _is_large(each.sort, each.values),
        )
        for each in amounts(text, Span(0, len(text)))
        if each.sort not in _NO_FIGURES and each.unit not in lexicon.words("no_counts")
    ]
    return (*found, *_spelt(text))


class Likeness:
    """How like texts are to each other, 0 to 1: the cosine of their TF-IDF vectors over word stems."""

    def __init__(self, told: Sequence[str], others: Sequence[str]) -> None:
        keys = [_stems(text) for text in (*told, *others)]
        weighed = vectors(keys)
        self._vectors = dict(zip(keys, weighed, strict=True))
        self._holders: dict[str, list[tuple[int, float]]] = {}
        for at, vector in enumerate(weighed[: len(told)]):
            for term, weight in vector.items():
                self._holders.setdefault(term, []).append((at, weight))

    def told_like(self, text: str, least: float) -> list[tuple[float, int]]:
        """Likeness and place of those of `told` at least `least` like `text`, the likest first, then the latest."""
        key = _stems(text)
        vector: Vector = self._vectors[key]
        found: dict[int, float] = {}
        for term, weight in vector.items():
            for at, other in self._holders.get(term, ()):
                found[at] = found.get(at, 0.0) + weight * other
        return sorted(
            ((round(like, 9), at) for at, like in found.items() if like >= least), key=lambda one: (-one[0], -one[1])
        )


def _is_large(sort: Sort, values: Sequence[float]) -> bool:
    return sort is not Sort.COUNT or values[0] >= 100


def _spelt(text: str) -> list[Figure]:
    """Words that count and what they count, as in "three people"."""
    spans = [span.of(text) for span in words(text)]
    found = []
    for word, counted in pairwise(spans):
        value, unit = _numbers().get(fold(word)), fold(counted)
        if value and unit.isalpha() and unit not in lexicon.words("stop_words") | lexicon.words("time_units"):
            found.append(Figure(Sort.COUNT, (value,), stem(unit), hedged=False, small=True))
    return found


@cache
def _numbers() -> dict[str, float]:
    entries = (entry.partition("=") for entry in lexicon.words("numbers"))
    return {word.strip(): float(value) for word, _, value in entries}


def _stems(text: str) -> str:
    return " ".join(stem(term) for term in terms(text))
