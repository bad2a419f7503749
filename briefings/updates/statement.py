"""Compare the statements of two lines: their words, figures, days and states.

Rule: outlets word one fact differently, so similarity is measured over word stems. What makes another fact (a figure, a
day, that it has happened) is compared separately.
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

#: largest ratio, larger to smaller, of two figures that are equal if one is approximate
_ROUNDING_RATIO = 1.02
#: beyond this ratio, larger to smaller, two figures need the same unit to describe the same thing
_MAX_RATIO = 10
#: kinds of quantity that are not compared
_EXCLUDED_KINDS = (QuantityKind.FRACTION, QuantityKind.MULTITUDE, QuantityKind.TIME)


@dataclass(frozen=True, slots=True)
class Figure:
    """Quantity with its kind, values and the stem of its unit. `is_small` marks a count under 100."""

    kind: QuantityKind
    values: tuple[float, ...]
    unit: str | None
    is_approximate: bool
    is_small: bool

    def is_same(self, other: "Figure") -> bool:
        """Tell whether the two are the same figure, apart from rounding."""
        if self.kind is not other.kind:
            return False
        if self.values == other.values:
            return True
        low, high = sorted((self.values[0], other.values[0]))
        return (
            (self.is_approximate or other.is_approximate)
            and self.kind is not QuantityKind.SCORE
            and high <= _ROUNDING_RATIO * low
        )

    def is_changed_from(self, other: "Figure") -> bool:
        """Tell whether the two differ and, as far as their units say, count the same thing."""
        if self.kind is not other.kind or self.is_same(other):
            return False
        if self.kind is QuantityKind.COUNT and self.unit != other.unit:
            return not (self.is_small or other.is_small) and None in (self.unit, other.unit) and self._is_near(other)
        return self.kind is QuantityKind.COUNT or self._is_near(other)

    def _is_near(self, other: "Figure") -> bool:
        low, high = sorted((self.values[0], other.values[0]))
        return high <= _MAX_RATIO * low


@dataclass(frozen=True, slots=True)
class Statement:
    """Statement of one line. `published` is the publication day of its article."""

    text: str
    days: frozenset[date]
    state: Factuality
    published: date | None
    figures: tuple[Figure, ...]


def extract_line_figures(text: str) -> tuple[Figure, ...]:
    """Return the figures of a line, including small numbers in words ("three people")."""
    numeric_figures = [
        Figure(
            amount.kind,
            amount.values,
            amount.unit and stem(amount.unit),
            amount.hedge is not None,
            not _is_large(amount.kind, amount.values),
        )
        for amount in find_quantities(text, Span(0, len(text)))
        if amount.kind not in _EXCLUDED_KINDS and amount.unit not in lexicon.load_words("no_counts")
    ]
    return (*numeric_figures, *_extract_number_words(text))


class Similarity:
    """Similarity of texts, 0 to 1: the cosine of their TF-IDF vectors over word stems."""

    def __init__(self, sent_texts: Sequence[str], candidate_texts: Sequence[str]) -> None:
        keys = [_stem_text(text) for text in (*sent_texts, *candidate_texts)]
        unit_vectors = compute_tfidf_vectors(keys)
        self._vectors = dict(zip(keys, unit_vectors, strict=True))
        self._postings: dict[str, list[tuple[int, float]]] = {}
        for index, vector in enumerate(unit_vectors[: len(sent_texts)]):
            for term, weight in vector.items():
                self._postings.setdefault(term, []).append((index, weight))

    def find_similar(self, text: str, min_similarity: float) -> list[tuple[float, int]]:
        """Return (similarity, index) of sent texts with at least `min_similarity`: most similar first, then latest."""
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


def _is_large(kind: QuantityKind, values: Sequence[float]) -> bool:
    return kind is not QuantityKind.COUNT or values[0] >= 100


def _extract_number_words(text: str) -> list[Figure]:
    """Return number words with the noun that they count, as in "three people"."""
    spans = [span.of(text) for span in find_words(text)]
    number_figures = []
    for word, noun in pairwise(spans):
        value = _load_number_words().get(fold(word))
        unit = fold(noun) if value else ""
        if value and unit.isalpha() and not _is_excluded_unit(unit):
            number_figures.append(Figure(QuantityKind.COUNT, (value,), stem(unit), is_approximate=False, is_small=True))
    return number_figures


def _is_excluded_unit(word: str) -> bool:
    return word in lexicon.load_words("stop_words") or word in lexicon.load_words("time_units")


@cache
def _load_number_words() -> dict[str, float]:
    entries = (entry.partition("=") for entry in lexicon.load_words("numbers"))
    return {word.strip(): float(value) for word, _, value in entries}


def _stem_text(text: str) -> str:
    return " ".join(stem(term) for term in extract_terms(text))
