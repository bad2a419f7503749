"""Find the words of a text that name a period or a relative day, and resolve them to a first and last day.

Rule: an expression that is open stays a range; nothing is guessed. A week runs from Monday to Sunday. A month without
a year is the one nearest to the anchor. "The day before" needs a previous day. A bare year, as in a copyright line,
names nothing; "in 2015" does. `briefings.text.dates` handles single days.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from briefings.model import Span
from briefings.text.dates import parse_number

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# months are written in full; a month before a number that is not a year ("in May 20 people") does not count
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
_YEAR = r"(?:19|20)\d\d\b"
_DAY = r"[0-3]?\d(?:st|nd|rd|th)?"
_COUNT = r"(?:a|one|two|three|four|five|six|seven|eight|nine|ten|\d{1,2})"
_UNIT = r"(?:weekend|week|month|year)\b"
_RANGE_SEPARATOR = r"(?:\s?[-–]\s?|\s+(?:to|and|until)\s+)"
# text that can follow "on the 28th" if it is a day; "floor" cannot
_DAY_END = r"(?=\s?[,.;:!?)”’]|\s+(?:at|in|when|after|but)\b|\s*$)"
_EXPRESSION = re.compile(
    rf"\b(?:(?i:(?P<side>last|this|next)\s+(?P<unit>{_UNIT}))"
    rf"|(?i:(?:at|over)\s+the\s+(?P<weekend>weekend)\b)"
    rf"|(?i:(?P<ago>{_COUNT})\s+(?P<agounit>week|month|year)s?\s+ago\b)"
    rf"|(?i:the\s+(?:last|past)\s+(?:(?P<past>{_COUNT})\s+)?(?P<pastunit>day|week)s?\b)"
    rf"|(?P<d1>{_DAY}){_RANGE_SEPARATOR}(?P<d2>{_DAY})\s+(?P<m1>{_MONTH})(?:,?\s+(?P<y1>{_YEAR}))?"
    rf"|(?P<m2>{_MONTH})\s+(?P<d3>{_DAY})\s?[-–]\s?(?P<d4>{_DAY})\b(?:,?\s+(?P<y2>{_YEAR}))?"
    rf"|(?i:in|during|throughout)\s+"
    rf"(?:(?P<month>{_MONTH})(?:,?\s+(?P<y3>{_YEAR})|\s+(?i:(?P<yside>last|this|next)\s+year\b))?(?!\s+\d)|(?P<year>{_YEAR}))"
    rf"|(?i:(?:the\s+(?P<relative>previous|next|following)\s+day|the\s+day\s+(?P<order>before|after)))\b(?!\s+(?:yesterday|tomorrow))"
    rf"|(?i:on|by|since|until|from|before)\s+the\s+(?P<ordinal>(?:[12]?1st|2?2nd|2?3rd|30th|31st|[12]?[04-9]th|1[1-3]th))\b{_DAY_END}"
    r")"
)
_SHIFT_BY_SIDE = {"last": -1, "this": 0, "next": 1, "previous": -1, "following": 1, "before": -1, "after": 1}
_SATURDAY = 5


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `first` to `last`, both included. Raises ValueError if `last` is before `first`."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"not a period: {self.last} is before {self.first}")

    @property
    def day(self) -> date | None:
        """The day, if the period is a single day."""
        return self.first if self.first == self.last else None


class PeriodUnit(StrEnum):
    """Unit of a period."""

    DAY = "day"
    WEEKEND = "weekend"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class PeriodExpression:
    """Words that name a period: their position and what they fix. Open fields are None."""

    span: Span
    unit: PeriodUnit
    #: units from the anchor ("last week": -1), or from the previous day if `is_anaphoric`; years if the month is named
    #: ("in March last year"); None if the period comes from the calendar
    shift: int | None = None
    #: the period runs from `shift` units before the anchor up to it: "the past three days"
    is_running: bool = False
    #: counted from a day mentioned earlier: "the day before", "the following day"
    is_anaphoric: bool = False
    #: from the calendar: "in June 2016", "from 3 to 5 May", "the 28th"
    year: int | None = None
    month: int | None = None
    days: tuple[int, int] | None = None


def find_period_expressions(text: str, within: Span | None = None) -> Iterator[PeriodExpression]:
    """Yield the expressions in `text` (or in its part `within`) that name a period. Offsets are into `text`."""
    region = Span(0, len(text)) if within is None else within
    for match in _EXPRESSION.finditer(text, region.start, region.end):
        yield _build_expression(match)


def resolve_period(
    expression: PeriodExpression, anchor: date | None, *, previous_day: date | None = None, is_future: bool = False
) -> Period | None:
    """Return the period that `expression` names in a text written on `anchor`, or None if that stays open.

    `previous_day` is the day mentioned before these words; "the day before" is counted from it. `is_future` says that
    the sentence is about the future, so that "the weekend" and "the 28th" are the next ones.
    """
    try:
        if expression.shift is None:
            return _resolve_by_calendar(expression, anchor, is_future=is_future)
        start = previous_day if expression.is_anaphoric else anchor
        return _resolve_relative(expression, expression.shift, start) if start else None
    except (OverflowError, ValueError):  # "30 February", or a day before the first supported year
        return None


def _resolve_relative(expression: PeriodExpression, shift: int, start: date) -> Period:
    if expression.month is not None:
        return _build_period_in_year(expression, start.year + shift)
    if expression.is_running:
        return Period(start + timedelta(days=shift * (7 if expression.unit is PeriodUnit.WEEK else 1)), start)
    if expression.unit is PeriodUnit.DAY:
        day = start + timedelta(days=shift)
        return Period(day, day)
    if expression.unit is PeriodUnit.YEAR:
        return Period(date(start.year + shift, 1, 1), date(start.year + shift, 12, 31))
    if expression.unit is PeriodUnit.MONTH:
        years, month = divmod(start.month - 1 + shift, 12)
        return _build_month(start.year + years, month + 1)
    monday = start + timedelta(days=7 * shift - start.weekday())
    return Period(
        monday + timedelta(days=5 if expression.unit is PeriodUnit.WEEKEND else 0), monday + timedelta(days=6)
    )


def _resolve_by_calendar(expression: PeriodExpression, anchor: date | None, *, is_future: bool) -> Period | None:
    if expression.year is not None:
        return _build_period_in_year(expression, expression.year)
    if anchor is None:
        return None
    if expression.unit is PeriodUnit.WEEKEND:
        days_to_saturday = (_SATURDAY - anchor.weekday()) % 7 if is_future else -((anchor.weekday() - _SATURDAY) % 7)
        saturday = anchor + timedelta(days=days_to_saturday)
        return Period(saturday, saturday + timedelta(days=1))
    if expression.month is not None:
        return min(
            _list_candidate_years(expression, anchor),
            key=lambda period: _count_days_apart(period, anchor),
            default=None,
        )
    return _find_day_of_month(expression, anchor, is_future=is_future)


def _list_candidate_years(expression: PeriodExpression, anchor: date) -> Iterator[Period]:
    """Yield the period in the anchor's year and in its neighbours, except where the day is missing ("29 February")."""
    for year in (anchor.year - 1, anchor.year, anchor.year + 1):
        try:
            yield _build_period_in_year(expression, year)
        except ValueError:
            continue


def _find_day_of_month(expression: PeriodExpression, anchor: date, *, is_future: bool) -> Period | None:
    """Return the last such day on or before the anchor, or the next one after it if `is_future`."""
    day = expression.days[0] if expression.days else 0
    for months in range(-1, 3) if is_future else range(0, -3, -1):
        years, month = divmod(anchor.month - 1 + months, 12)
        if day <= monthrange(anchor.year + years, month + 1)[1]:
            candidate = date(anchor.year + years, month + 1, day)
            if (candidate > anchor) == is_future:
                return Period(candidate, candidate)
    return None


def _build_period_in_year(expression: PeriodExpression, year: int) -> Period:
    if expression.month is None:
        return Period(date(year, 1, 1), date(year, 12, 31))
    if expression.days is None:
        return _build_month(year, expression.month)
    return Period(date(year, expression.month, expression.days[0]), date(year, expression.month, expression.days[1]))


def _build_month(year: int, month: int) -> Period:
    return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def _count_days_apart(period: Period, anchor: date) -> int:
    """Count the days between the anchor and the nearest day of the period."""
    return max((period.first - anchor).days, (anchor - period.last).days, 0)


def _build_expression(match: re.Match[str]) -> PeriodExpression:
    span, groups = Span(*match.span()), match.groupdict()
    if side := groups["relative"] or groups["order"]:
        return PeriodExpression(span, PeriodUnit.DAY, shift=_SHIFT_BY_SIDE[side.lower()], is_anaphoric=True)
    if groups["side"]:
        return PeriodExpression(span, PeriodUnit(groups["unit"].lower()), shift=_SHIFT_BY_SIDE[groups["side"].lower()])
    if groups["ago"]:
        return PeriodExpression(span, PeriodUnit(groups["agounit"].lower()), shift=-parse_number(groups["ago"]))
    if groups["pastunit"]:
        return PeriodExpression(
            span, PeriodUnit(groups["pastunit"].lower()), shift=-parse_number(groups["past"] or "a"), is_running=True
        )
    if groups["weekend"]:
        return PeriodExpression(span, PeriodUnit.WEEKEND)
    return _build_calendar_expression(span, groups)


def _build_calendar_expression(span: Span, groups: dict[str, str | None]) -> PeriodExpression:
    year = next(
        (int(year_text) for year_text in (groups["y1"], groups["y2"], groups["y3"], groups["year"]) if year_text), None
    )
    if groups["year"]:
        return PeriodExpression(span, PeriodUnit.YEAR, year=year)
    if groups["month"]:
        shift = _SHIFT_BY_SIDE[groups["yside"].lower()] if groups["yside"] else None
        return PeriodExpression(span, PeriodUnit.MONTH, shift=shift, year=year, month=_parse_month(groups["month"]))
    if groups["ordinal"]:
        day = _parse_ordinal(groups["ordinal"])
        return PeriodExpression(span, PeriodUnit.DAY, days=(day, day))
    first, last = groups["d1"] or groups["d3"] or "", groups["d2"] or groups["d4"] or ""
    month = _parse_month(groups["m1"] or groups["m2"] or "")
    return PeriodExpression(
        span, PeriodUnit.DAY, year=year, month=month, days=(_parse_ordinal(first), _parse_ordinal(last))
    )


def _parse_month(name: str) -> int:
    return _MONTHS.index(name[:3]) + 1


def _parse_ordinal(text: str) -> int:
    return int(text.rstrip("stndrh"))
