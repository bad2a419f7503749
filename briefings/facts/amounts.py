"""Every quantity a sentence tells, of whatever kind: counts, shares, scores, money, time, fractions, multitudes.

Rule: an amount is its value, its unit and its hedge, in the article's words; nothing is converted. A year or a day of
the month is no amount.
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

    A score has two values ("170 to 40"), a multitude none ("hundreds"); a fraction is told by its words alone.
    """

    span: Span
    sort: Sort
    values: tuple[float, ...]
    unit: str | None
    hedge: str | None

    @property
    def key(self) -> tuple[str, tuple[float, ...], str | None]:
        """The same for two mentions of one quantity; hedges aside."""
        return self.sort.value, self.values, self.unit


_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,9}(?:\.\d{1,3})?"
_SCALE = r"(?:\s?(?P<scale>(?i:million|billion|thousand|m|bn|k))\b)?"
_HEDGE = rf"(?:\b(?P<hedge>(?i:{lexicon.alternation('hedges')}))\s+)?"
_AMOUNT = re.compile(
    rf"{_HEDGE}(?:"
    rf"(?<![\w.,])(?P<s1>\d{{1,4}})(?:\s?[-–]\s?|\s(?:votes\s)?to\s)(?P<s2>\d{{1,4}})(?![\w%-]|[.,]\d|\s?(?:%|per\s?cent))"
    rf"|(?P<currency>[£$€])\s?(?P<money>{_NUMBER}){_SCALE}"
    rf"|(?<![\w£$€.,-])(?P<number>{_NUMBER})(?P<percent>\s?%|\s+per\s?cent\b)"
    rf"|(?<![\w£$€.,-])(?P<count>{_NUMBER})(?P<tens>\s(?:million|billion|thousand)\b)?"
    rf"(?:[\s-](?P<unit>[^\W\d_][\w-]*))?(?![\w£$€]|[.,:]\d)"
    rf"|\b(?P<fraction>(?i:{lexicon.alternation('fractions')}))\s+of\b"
    rf"|\b(?P<multitude>(?i:{lexicon.alternation('multitudes')}))\b(?=\s+(?:of\s+)?[^\W\d_])"
    rf")"
)
_TENS = {"thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9}
_MONTH = re.compile(r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)")


def amounts(text: str, within: Span) -> Iterator[Amount]:
    """The quantities in the part `within` of `text`, in order."""
    for match in _AMOUNT.finditer(text, within.start, within.end):
        found = _read(text, match)
        if found is not None:
            yield found


def _read(text: str, match: re.Match[str]) -> Amount | None:
    span, hedge = Span(*match.span()), match["hedge"]
    if match["s1"]:
        return Amount(span, Sort.SCORE, (float(match["s1"]), float(match["s2"])), None, hedge)
    if match["money"]:
        return Amount(span, Sort.MONEY, (_value(match["money"], match["scale"]),), match["currency"], hedge)
    if match["percent"]:
        return Amount(span, Sort.PERCENT, (_value(match["number"]),), "%", hedge)
    if match["fraction"]:
        return Amount(span, Sort.FRACTION, (), fold(match["fraction"]), hedge)
    if match["multitude"]:
        return Amount(span, Sort.MULTITUDE, (), fold(match["multitude"]), hedge)
    return _counted(text, match, hedge)


def _counted(text: str, match: re.Match[str], hedge: str | None) -> Amount | None:
    number, unit = match["count"], match["unit"]
    value = _value(number, (match["tens"] or "").strip())
    beside = text[max(0, match.start() - 12) : match.start()].split()
    dated = (unit and _MONTH.match(unit)) or (beside and _MONTH.match(beside[-1]))
    if dated or (number.isdigit() and len(number) == 4 and 1500 <= value <= 2100 and not match["tens"]):
        return None
    folded = fold(unit) if unit and len(unit) > 1 and fold(unit) not in lexicon.words("stop_words") else None
    if folded in lexicon.words("currencies"):
        return Amount(Span(*match.span()), Sort.MONEY, (value,), folded, hedge)
    sort = Sort.TIME if folded in lexicon.words("time_units") else Sort.COUNT
    end = match.end() if folded or not unit else match.start("unit") - 1
    return Amount(Span(match.start(), end), sort, (value,), folded, hedge)


def _value(number: str, scale: str | None = None) -> float:
    return float(number.replace(",", "")) * _TENS.get((scale or "").lower(), 1.0)
