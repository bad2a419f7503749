"""Find the quantities in a sentence: counts, shares, scores, money, time, fractions and multitudes.

Rule: a quantity is its value, unit and hedge in the article's words; nothing is converted. A year or a day of the
month is not a quantity. Figures are the quantities worth comparing between outlets: shares, scores, and counts of a
hundred or more.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from briefings.model import Span
from briefings.text import lexicon
from briefings.text.folding import fold

#: a smaller count or score is not a figure
MIN_FIGURE_COUNT = 100
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,9}(?:\.\d{1,3})?"
_SCALE = r"(?:\s?(?P<scale>(?i:million|billion|thousand|m|bn|k))\b)?"
_HEDGE = rf"(?:\b(?P<hedge>(?i:{lexicon.build_alternation('hedges')}))\s+)?"
_QUANTITY = re.compile(
    rf"{_HEDGE}(?:"
    rf"(?<![\w.,])(?P<s1>\d{{1,4}})(?:\s?[-–]\s?|\s(?:votes\s)?to\s)(?P<s2>\d{{1,4}})(?![\w%-]|[.,]\d|\s?(?:%|per\s?cent))"
    rf"|(?P<currency>[£$€])\s?(?P<money>{_NUMBER}){_SCALE}"
    rf"|(?<![\w£$€.,])(?P<number>{_NUMBER})(?P<percent>\s?%|\s+per\s?cent\b)"
    rf"|(?<![\w£$€.,-])(?P<count>{_NUMBER})(?P<tens>\s(?:million|billion|thousand)\b)?"
    rf"(?:[\s-](?P<unit>[^\W\d_][\w-]*))?(?![\w£$€]|[.,:]\d)"
    rf"|\b(?P<fraction>(?i:{lexicon.build_alternation('fractions')}))\s+of\b"
    rf"|\b(?P<multitude>(?i:{lexicon.build_alternation('multitudes')}))\b(?=\s+(?:of\s+)?[^\W\d_])"
    rf")"
)
_MULTIPLIERS = {"thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9}
#: four-digit whole numbers in this range are taken for years
_YEAR_RANGE, _YEAR_DIGITS = (1500, 2100), 4
_MONTH = re.compile(r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)")


class QuantityKind(StrEnum):
    """Kind of a quantity."""

    COUNT = "count"
    PERCENT = "percent"
    SCORE = "score"
    MONEY = "money"
    TIME = "time"
    FRACTION = "fraction"
    MULTITUDE = "multitude"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity: its span (with hedge and unit), kind, values, unit and hedge (None if absent).

    A score has two values ("170 to 40") and a multitude none ("hundreds"). A fraction has no value, only its words.
    `value_span` leaves out what is counted: "close to 150,000" of "close to 150,000 signatures".
    """

    span: Span
    kind: QuantityKind
    values: tuple[float, ...]
    unit: str | None
    hedge: str | None
    value_span: Span

    @property
    def is_figure(self) -> bool:
        """Whether the quantity is worth comparing with another. Ages, weeks and "three MPs" are not."""
        is_large = self.kind in (QuantityKind.COUNT, QuantityKind.SCORE) and max(self.values) >= MIN_FIGURE_COUNT
        return is_large or self.kind is QuantityKind.PERCENT

    @property
    def key(self) -> tuple[str, tuple[float, ...], str | None]:
        """Key that is equal for two mentions of the same quantity, regardless of hedges."""
        return self.kind.value, self.values, self.unit


def find_quantities(text: str, span: Span) -> Iterator[Quantity]:
    """Yield the quantities within `span` of `text`, in order."""
    for match in _QUANTITY.finditer(text, span.start, span.end):
        quantity = _parse_match(text, match)
        if quantity is not None:
            yield quantity


def find_figures(text: str, span: Span) -> Iterator[Quantity]:
    """Yield the quantities within `span` of `text` that are worth comparing between outlets, in order."""
    return (quantity for quantity in find_quantities(text, span) if quantity.is_figure)


def _parse_match(text: str, match: re.Match[str]) -> Quantity | None:
    if match["s1"]:
        # "2010 to 2013" are years, not a score
        return (
            None
            if _is_year(match["s1"])
            else _build_quantity(match, QuantityKind.SCORE, float(match["s1"]), float(match["s2"]))
        )
    if match["money"]:
        return _build_quantity(
            match, QuantityKind.MONEY, _parse_value(match["money"], match["scale"]), unit=match["currency"]
        )
    if match["percent"]:
        return _build_quantity(match, QuantityKind.PERCENT, _parse_value(match["number"]), unit="%")
    if match["fraction"]:
        return _build_quantity(match, QuantityKind.FRACTION, unit=fold(match["fraction"]))
    if match["multitude"]:
        return _build_quantity(match, QuantityKind.MULTITUDE, unit=fold(match["multitude"]))
    return _parse_count(text, match)


def _parse_count(text: str, match: re.Match[str]) -> Quantity | None:
    number, unit = match["count"], match["unit"]
    words_before = text[max(0, match.start() - 12) : match.start()].split()
    is_date = (unit and _MONTH.match(unit)) or (words_before and _MONTH.match(words_before[-1]))
    if is_date or (_is_year(number) and not match["tens"]):
        return None
    value = _parse_value(number, (match["tens"] or "").strip())
    unit_name = fold(unit) if unit and len(unit) > 1 and fold(unit) not in lexicon.load_words("stop_words") else None
    if unit_name in lexicon.load_words("currencies"):
        return _build_quantity(match, QuantityKind.MONEY, value, unit=unit_name)
    kind = QuantityKind.TIME if unit_name in lexicon.load_words("time_units") else QuantityKind.COUNT
    value_end = match.end("tens") if match["tens"] else match.end("count")
    return _build_quantity(
        match, kind, value, unit=unit_name, value_end=value_end, end=match.end() if unit_name or not unit else value_end
    )


def _build_quantity(
    match: re.Match[str],
    kind: QuantityKind,
    *values: float,
    unit: str | None = None,
    value_end: int | None = None,
    end: int | None = None,
) -> Quantity:
    """Build the quantity of a match. It ends at `end` if given; its value ends at `value_end` if given."""
    start, stop = match.start(), match.end() if end is None else end
    return Quantity(
        Span(start, stop), kind, values, unit, match["hedge"], Span(start, stop if value_end is None else value_end)
    )


def _is_year(number: str) -> bool:
    return number.isdigit() and len(number) == _YEAR_DIGITS and _YEAR_RANGE[0] <= int(number) <= _YEAR_RANGE[1]


def _parse_value(number: str, scale: str | None = None) -> float:
    return float(number.replace(",", "")) * _MULTIPLIERS.get((scale or "").lower(), 1.0)
