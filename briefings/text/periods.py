"""Finds the words of a text that name more than one day, or a day only beside another, and resolves them to days.

Rule: what the words leave open stays a range, first and last day; nothing is narrowed by guessing. A week runs from
Monday to Sunday; a month without a year is the one nearest to the anchor; "the day before" needs the day told before.
A bare year, as a copyright line has it, names nothing: only "in 2015" does. Single days are `briefings.text.dates`'.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from briefings.model import Span
from briefings.text.dates import number

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# written out; and what a number follows that is no year ("in May 20 people") is no month
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
_YEAR = r"(?:19|20)\d\d\b"
_DAY = r"[0-3]?\d(?:st|nd|rd|th)?"
_COUNT = r"(?:a|one|two|three|four|five|six|seven|eight|nine|ten|\d{1,2})"
_UNIT = r"(?:weekend|week|month|year)\b"
_TO = r"(?:\s?[-–]\s?|\s+(?:to|and|until)\s+)"
# what may follow "on the 28th" for it to be a day; "floor" may not
_ENDS = r"(?=\s?[,.;:!?)”’]|\s+(?:at|in|when|after|but)\b|\s*$)"
_EXPRESSION = re.compile(
    rf"\b(?:(?i:(?P<side>last|this|next)\s+(?P<unit>{_UNIT}))"
    rf"|(?i:(?:at|over)\s+the\s+(?P<weekend>weekend)\b)"
    rf"|(?i:(?P<ago>{_COUNT})\s+(?P<agounit>week|month|year)s?\s+ago\b)"
    rf"|(?i:the\s+(?:last|past)\s+(?:(?P<past>{_COUNT})\s+)?(?P<pastunit>day|week)s?\b)"
    rf"|(?P<d1>{_DAY}){_TO}(?P<d2>{_DAY})\s+(?P<m1>{_MONTH})(?:,?\s+(?P<y1>{_YEAR}))?"
    rf"|(?P<m2>{_MONTH})\s+(?P<d3>{_DAY})\s?[-–]\s?(?P<d4>{_DAY})\b(?:,?\s+(?P<y2>{_YEAR}))?"
    rf"|(?i:in|during|throughout)\s+"
    rf"(?:(?P<month>{_MONTH})(?:,?\s+(?P<y3>{_YEAR})|\s+(?i:(?P<yside>last|this|next)\s+year\b))?(?!\s+\d)|(?P<year>{_YEAR}))"
    rf"|(?i:(?:the\s+(?P<beside>previous|next|following)\s+day|the\s+day\s+(?P<order>before|after)))\b(?!\s+(?:yesterday|tomorrow))"
    rf"|(?i:on|by|since|until|from|before)\s+the\s+(?P<ordinal>(?:[12]?1st|2?2nd|2?3rd|30th|31st|[12]?[04-9]th|1[1-3]th))\b{_ENDS}"
    r")"
)
_SIDES = {"last": -1, "this": 0, "next": 1, "previous": -1, "following": 1, "before": -1, "after": 1}
_SATURDAY = 5


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `first` to `last`, both included. Raises ValueError when they are the wrong way round."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"not a period: {self.first}..{self.last}")

    @property
    def day(self) -> date | None:
        """The day, when it is one alone."""
        return self.first if self.first == self.last else None


class Unit(StrEnum):
    """What a period is made of."""

    DAY = "day"
    WEEKEND = "weekend"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class PeriodWords:
    """Words that name a period: where they stand and what they fix. What they leave open is None."""

    span: Span
    unit: Unit
    #: units from the anchor ("last week" -1), or from the day told before (`beside`); years where the month is named
    #: ("in March last year"); None when the calendar tells
    shift: int | None = None
    #: the period reaches from `shift` units before the anchor up to it: "the past three days"
    running: bool = False
    #: counted from a day that was told before: "the day before", "the following day"
    beside: bool = False
    #: by the calendar: "in June 2016", "from 3 to 5 May", "the 28th"
    year: int | None = None
    month: int | None = None
    days: tuple[int, int] | None = None


def period_words(text: str, within: Span | None = None) -> Iterator[PeriodWords]:
    """The words of `text` (or of its part `within`) that name a period, in order; offsets are into `text`."""
    region = Span(0, len(text)) if within is None else within
    for match in _EXPRESSION.finditer(text, region.start, region.end):
        yield _read(match)


def resolve_period(
    words: PeriodWords, anchor: date | None, *, told: date | None = None, to_come: bool = False
) -> Period | None:
    """The period that `words` name when they are written on `anchor`; None while that stays open.

    `told` is the day that was told before these words, from which "the day before" is counted. `to_come` says that the
    sentence tells of something ahead, so that "the weekend" and "the 28th" are the next ones.
    """
    try:
        if words.shift is None:
            return _by_calendar(words, anchor, to_come=to_come)
        start = told if words.beside else anchor
        return _counted(words, words.shift, start) if start else None
    except (OverflowError, ValueError):  # "30 February", or a day before the first year that there is
        return None


def _counted(words: PeriodWords, shift: int, start: date) -> Period:
    if words.month is not None:
        return _of_year(words, start.year + shift)
    if words.running:
        return Period(start + timedelta(days=shift * (7 if words.unit is Unit.WEEK else 1)), start)
    if words.unit is Unit.DAY:
        day = start + timedelta(days=shift)
        return Period(day, day)
    if words.unit is Unit.YEAR:
        return Period(date(start.year + shift, 1, 1), date(start.year + shift, 12, 31))
    if words.unit is Unit.MONTH:
        years, month = divmod(start.month - 1 + shift, 12)
        return _month(start.year + years, month + 1)
    monday = start + timedelta(days=7 * shift - start.weekday())
    return Period(monday + timedelta(days=5 if words.unit is Unit.WEEKEND else 0), monday + timedelta(days=6))


def _by_calendar(words: PeriodWords, anchor: date | None, *, to_come: bool) -> Period | None:
    if words.year is not None:
        return _of_year(words, words.year)
    if anchor is None:
        return None
    if words.unit is Unit.WEEKEND:
        away = (_SATURDAY - anchor.weekday()) % 7 if to_come else -((anchor.weekday() - _SATURDAY) % 7)
        saturday = anchor + timedelta(days=away)
        return Period(saturday, saturday + timedelta(days=1))
    if words.month is not None:
        return min(_around(words, anchor), key=lambda period: _apart(period, anchor), default=None)
    return _day_of_month(words, anchor, to_come=to_come)


def _around(words: PeriodWords, anchor: date) -> Iterator[Period]:
    """The period in the anchor's year and in those beside it, where there is such a day ("29 February")."""
    for year in (anchor.year - 1, anchor.year, anchor.year + 1):
        try:
            yield _of_year(words, year)
        except ValueError:
            continue


def _day_of_month(words: PeriodWords, anchor: date, *, to_come: bool) -> Period | None:
    """The last such day on or before the anchor; the next one after it when it is `to_come`."""
    day = words.days[0] if words.days else 0
    for months in range(-1, 3) if to_come else range(0, -3, -1):
        years, month = divmod(anchor.month - 1 + months, 12)
        if day <= monthrange(anchor.year + years, month + 1)[1]:
            found = date(anchor.year + years, month + 1, day)
            if (found > anchor) == to_come:
                return Period(found, found)
    return None


def _of_year(words: PeriodWords, year: int) -> Period:
    if words.month is None:
        return Period(date(year, 1, 1), date(year, 12, 31))
    if words.days is None:
        return _month(year, words.month)
    return Period(date(year, words.month, words.days[0]), date(year, words.month, words.days[1]))


def _month(year: int, month: int) -> Period:
    return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def _apart(period: Period, anchor: date) -> int:
    """Days between the anchor and the nearest day of the period."""
    return max((period.first - anchor).days, (anchor - period.last).days, 0)


def _read(match: re.Match[str]) -> PeriodWords:
    span, found = Span(*match.span()), match.groupdict()
    if side := found["beside"] or found["order"]:
        return PeriodWords(span, Unit.DAY, shift=_SIDES[side.lower()], beside=True)
    if found["side"]:
        return PeriodWords(span, Unit(found["unit"].lower()), shift=_SIDES[found["side"].lower()])
    if found["ago"]:
        return PeriodWords(span, Unit(found["agounit"].lower()), shift=-number(found["ago"]))
    if found["pastunit"]:
        return PeriodWords(span, Unit(found["pastunit"].lower()), shift=-number(found["past"] or "a"), running=True)
    if found["weekend"]:
        return PeriodWords(span, Unit.WEEKEND)
    return _read_calendar(span, found)


def _read_calendar(span: Span, found: dict[str, str | None]) -> PeriodWords:
    year = next((int(y) for y in (found["y1"], found["y2"], found["y3"], found["year"]) if y), None)
    if found["year"]:
        return PeriodWords(span, Unit.YEAR, year=year)
    if found["month"]:
        shift = _SIDES[found["yside"].lower()] if found["yside"] else None
        return PeriodWords(span, Unit.MONTH, shift=shift, year=year, month=_month_number(found["month"]))
    if found["ordinal"]:
        day = _figures(found["ordinal"])
        return PeriodWords(span, Unit.DAY, days=(day, day))
    first, last = found["d1"] or found["d3"] or "", found["d2"] or found["d4"] or ""
    month = _month_number(found["m1"] or found["m2"] or "")
    return PeriodWords(span, Unit.DAY, year=year, month=month, days=(_figures(first), _figures(last)))


def _month_number(name: str) -> int:
    return _MONTHS.index(name[:3]) + 1


def _figures(written: str) -> int:
    return int(written.rstrip("stndrh"))
