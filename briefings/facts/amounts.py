"""Every quantity a sentence tells, of whatever kind: counts, shares, scores, money, time, fractions, multitudes.

Rule: an amount is its value, its unit and its hedge, in the article's words; nothing is converted. A year or a day of
the month is no amount. Only those that can be held against another outlet's are figures: shares, tallies, and counts of
a hundred or more.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from briefings.model import Span
from briefings.text import lexicon
from briefings.text.fold import fold


class Sort(StrEnum):
    """What kind of quantity it is."""

    COUNT = "count"
    PERCENT = "percent"
    SCORE = "score"
    MONEY = "money"
    TIME = "time"
    FRACTION = "fraction"
    MULTITUDE = "multitude"


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity: where it stands (hedge and unit included), its kind, its values, unit and hedge (None: it has none).

    A score has two values ("170 to 40"), a multitude none ("hundreds"); a fraction is told by its words alone. `bare`
    is where it stands without what is counted: "close to 150,000" of "close to 150,000 signatures".
    """

    span: Span
    sort: Sort
    values: tuple[float, ...]
    unit: str | None
    hedge: str | None
    bare: Span

    @property
    def is_figure(self) -> bool:
        """Whether it is worth holding against another: ages, weeks and "three MPs" are not."""
        large = self.sort in (Sort.COUNT, Sort.SCORE) and max(self.values) >= SMALLEST_COUNT
        return large or self.sort is Sort.PERCENT

    @property
    def key(self) -> tuple[str, tuple[float, ...], str | None]:
        """The same for two mentions of one quantity; hedges aside."""
        return self.sort.value, self.values, self.unit


#: a count or tally below it is no figure
SMALLEST_COUNT = 100
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,9}(?:\.\d{1,3})?"
_SCALE = r"(?:\s?(?P<scale>(?i:million|billion|thousand|m|bn|k))\b)?"
_HEDGE = rf"(?:\b(?P<hedge>(?i:{lexicon.alternation('hedges')}))\s+)?"
_AMOUNT = re.compile(
    rf"{_HEDGE}(?:"
    rf"(?<![\w.,])(?P<s1>\d{{1,4}})(?:\s?[-–]\s?|\s(?:votes\s)?to\s)(?P<s2>\d{{1,4}})(?![\w%-]|[.,]\d|\s?(?:%|per\s?cent))"
    rf"|(?P<currency>[£$€])\s?(?P<money>{_NUMBER}){_SCALE}"
    rf"|(?<![\w£$€.,])(?P<number>{_NUMBER})(?P<percent>\s?%|\s+per\s?cent\b)"
    rf"|(?<![\w£$€.,-])(?P<count>{_NUMBER})(?P<tens>\s(?:million|billion|thousand)\b)?"
    rf"(?:[\s-](?P<unit>[^\W\d_][\w-]*))?(?![\w£$€]|[.,:]\d)"
    rf"|\b(?P<fraction>(?i:{lexicon.alternation('fractions')}))\s+of\b"
    rf"|\b(?P<multitude>(?i:{lexicon.alternation('multitudes')}))\b(?=\s+(?:of\s+)?[^\W\d_])"
    rf")"
)
_TENS = {"thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9}
#: the first and last whole number of four digits that is taken for a year
_YEARS, _YEAR_DIGITS = (1500, 2100), 4
_MONTH = re.compile(r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)")


def amounts(text: str, within: Span) -> Iterator[Amount]:
    """The quantities in the part `within` of `text`, in order."""
    for match in _AMOUNT.finditer(text, within.start, within.end):
        found = _read(text, match)
        if found is not None:
            yield found


def figures(text: str, within: Span) -> Iterator[Amount]:
    """The quantities in the part `within` of `text` that can be held against another outlet's, in order."""
    return (found for found in amounts(text, within) if found.is_figure)


def _read(text: str, match: re.Match[str]) -> Amount | None:
    if match["s1"]:
        # "2010 to 2013" are years, nobody's tally
        return None if _is_year(match["s1"]) else _amount(match, Sort.SCORE, float(match["s1"]), float(match["s2"]))
    if match["money"]:
        return _amount(match, Sort.MONEY, _value(match["money"], match["scale"]), unit=match["currency"])
    if match["percent"]:
        return _amount(match, Sort.PERCENT, _value(match["number"]), unit="%")
    if match["fraction"]:
        return _amount(match, Sort.FRACTION, unit=fold(match["fraction"]))
    if match["multitude"]:
        return _amount(match, Sort.MULTITUDE, unit=fold(match["multitude"]))
    return _counted(text, match)


def _counted(text: str, match: re.Match[str]) -> Amount | None:
    number, unit = match["count"], match["unit"]
    beside = text[max(0, match.start() - 12) : match.start()].split()
    dated = (unit and _MONTH.match(unit)) or (beside and _MONTH.match(beside[-1]))
    if dated or (_is_year(number) and not match["tens"]):
        return None
    value = _value(number, (match["tens"] or "").strip())
    folded = fold(unit) if unit and len(unit) > 1 and fold(unit) not in lexicon.words("stop_words") else None
    if folded in lexicon.words("currencies"):
        return _amount(match, Sort.MONEY, value, unit=folded)
    sort = Sort.TIME if folded in lexicon.words("time_units") else Sort.COUNT
    bare = match.end("tens") if match["tens"] else match.end("count")
    return _amount(match, sort, value, unit=folded, bare=bare, end=match.end() if folded or not unit else bare)


def _amount(
    match: re.Match[str],
    sort: Sort,
    *values: float,
    unit: str | None = None,
    bare: int | None = None,
    end: int | None = None,
) -> Amount:
    """The amount that a match is: all of it, unless it ends before, at `end`, or is counted only up to `bare`."""
    start, stop = match.start(), match.end() if end is None else end
    return Amount(Span(start, stop), sort, values, unit, match["hedge"], Span(start, stop if bare is None else bare))


def _is_year(number: str) -> bool:
    return number.isdigit() and len(number) == _YEAR_DIGITS and _YEARS[0] <= int(number) <= _YEARS[1]


def _value(number: str, scale: str | None = None) -> float:
    return float(number.replace(",", "")) * _TENS.get((scale or "").lower(), 1.0)
