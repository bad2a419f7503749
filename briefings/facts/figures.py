"""The figures of a sentence: value, unit and hedge, each with the clause it stands in.

Rule: only figures that can be compared are taken: percentages, and counts of a hundred or more. Years are no figures.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from briefings.model import Span
from briefings.text import lexicon

_FIGURE = re.compile(
    rf"(?:\b(?P<hedge>(?i:{lexicon.alternation('hedges')}))\s+)?"
    r"(?<![\w£$€.,])(?P<number>(?:\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.\d{1,3})?)(?P<percent>\s?%|\s+per\s?cent\b)?"
    r"(?![\w£$€]|[.,]\d)"
)
SMALLEST_COUNT = 100


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: where it stands (hedge and unit included), what it amounts to, and its hedge ("almost") or None."""

    span: Span
    value: float
    percent: bool
    hedge: str | None


def figures(text: str, within: Span) -> Iterator[Figure]:
    """The comparable figures in the part `within` of `text`, in order."""
    for match in _FIGURE.finditer(text, within.start, within.end):
        value = float(match["number"].replace(",", ""))
        percent = match["percent"] is not None
        is_year = match["number"].isdigit() and 1500 <= value <= 2100
        if percent or (value >= SMALLEST_COUNT and not is_year):
            yield Figure(Span(*match.span()), value, percent, match["hedge"])
