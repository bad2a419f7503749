"""What a line is about, for telling whether another one says the same: its words, its figures, its days, its state.

Rule: outlets word one fact differently, so likeness is measured over the words without their endings; what makes a fact
another one (a figure, a day, that it has happened) is compared for itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise

from briefings.compose.selection import stem
from briefings.facts import Factuality, QuantityKind, find_quantities
from briefings.model import Span
from briefings.similarity.tfidf import Vector, compute_tfidf_vectors, extract_terms
from briefings.text import lexicon
from briefings.text.folding import fold
from briefings.text.words import find_words

#: figures this much apart, as the larger over the smaller, are one figure where one of them is approximate
_ROUNDING_RATIO = 1.02
#: figures farther apart than this, as the larger over the smaller, are of one thing only where they say so
_MAX_RATIO = 10
#: what may be told of without its being a figure that moves
_EXCLUDED_SORTS = (QuantityKind.FRACTION, QuantityKind.MULTITUDE, QuantityKind.TIME)


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity: its kind, values, the stem of what is counted; approximate or not, a small count or not."""

    sort: QuantityKind
    values: tuple[float, ...]
    unit: str | None
    is_approximate: bool
    is_small: bool

    def is_same(self, other: "Figure") -> bool:
        """Whether the two are one figure, roundings aside."""
        if self.sort is not other.sort:
            return False
        if self.values == other.values:
            return True
        low, high = sorted((self.values[0], other.values[0]))
        return (
            (self.is_approximate or other.is_approximate)
            and self.sort is not QuantityKind.SCORE
            and high <= _ROUNDING_RATIO * low
        )

    def is_changed_from(self, other: "Figure") -> bool:
        """Whether the two count the same thing, as far as they say, and differ."""
        if self.sort is not other.sort or self.is_same(other):
            return False
        if self.sort is QuantityKind.COUNT and self.unit != other.unit:
            return not (self.is_small or other.is_small) and None in (self.unit, other.unit) and self._is_near(other)
        return self.sort is QuantityKind.COUNT or self._is_near(other)

    def _is_near(self, other: "Figure") -> bool:
        low, high = sorted((self.values[0], other.values[0]))
        return high <= _MAX_RATIO * low


@dataclass(frozen=True, slots=True)
class Statement:
    """What one line tells. `published` is the day of its article."""

    text: str
    days: frozenset[date]
    state: Factuality
    published: date | None
    figures: tuple[Figure, ...]


def extract_line_figures(text: str) -> tuple[Figure, ...]:
    """The figures of a line, spelt small numbers ("three people") among them."""
    numeric_figures = [
        Figure(
            amount.kind,
            amount.values,
            amount.unit and stem(amount.unit),
            amount.hedge is not None,
            not _is_large(amount.kind, amount.values),
        )
        for amount in find_quantities(text, Span(0, len(text)))
        if amount.kind not in _EXCLUDED_SORTS and amount.unit not in lexicon.load_words("no_counts")
    ]
    return (*numeric_figures, *_extract_number_words(text))


class Similarity:
    """How like texts are to each other, 0 to 1: the cosine of their TF-IDF vectors over word stems."""

    def __init__(self, sent_texts: Sequence[str], candidate_texts: Sequence[str]) -> None:
        keys = [_stem_text(text) for text in (*sent_texts, *candidate_texts)]
        unit_vectors = compute_tfidf_vectors(keys)
        self._vectors = dict(zip(keys, unit_vectors, strict=True))
        self._postings: dict[str, list[tuple[int, float]]] = {}
        for index, vector in enumerate(unit_vectors[: len(sent_texts)]):
            for term, weight in vector.items():
                self._postings.setdefault(term, []).append((index, weight))

    def find_similar(self, text: str, min_similarity: float) -> list[tuple[float, int]]:
        """Likeness and place of those of `told` at least `least` like `text`, the likest first, then the latest."""
        key = _stem_text(text)
        vector: Vector = self._vectors[key]
        scores: dict[int, float] = {}
        for term, weight in vector.items():
            for index, other_weight in self._postings.get(term, ()):
                scores[index] = scores.get(index, 0.0) + weight * other_weight
        return sorted(
            ((round(score, 9), index) for index, score in scores.items() if score >= min_similarity),
            key=lambda scored_index: (-scored_index[0], -scored_index[1]),
        )


def _is_large(sort: QuantityKind, values: Sequence[float]) -> bool:
    return sort is not QuantityKind.COUNT or values[0] >= 100


def _extract_number_words(text: str) -> list[Figure]:
    """Words that count and what they count, as in "three people"."""
    spans = [span.of(text) for span in find_words(text)]
    number_figures = []
    for word, noun in pairwise(spans):
        value, unit = _load_number_words().get(fold(word)), fold(noun)
        if value and unit.isalpha() and unit not in lexicon.load_words("stop_words") | lexicon.load_words("time_units"):
            number_figures.append(Figure(QuantityKind.COUNT, (value,), stem(unit), is_approximate=False, is_small=True))
    return number_figures


@cache
def _load_number_words() -> dict[str, float]:
    entries = (entry.partition("=") for entry in lexicon.load_words("numbers"))
    return {word.strip(): float(value) for word, _, value in entries}


def _stem_text(text: str) -> str:
    return " ".join(stem(term) for term in extract_terms(text))
