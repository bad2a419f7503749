"""Days gathered into as few bins as a drawing has room for: days, weeks, months or years, whole ones.

Rule: every day between the first and the last is in one bin, so that days on which nothing came are seen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LAST_ORDINAL = date.max.toordinal()


class Unit(StrEnum):
    """What one bin is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"


@dataclass(frozen=True, slots=True)
class Bin:
    """A run of days, both ends included, and what it is called: on an axis, and in full."""

    first: date
    last: date
    short: str
    full: str


def bins(first: date, last: date, most: int) -> tuple[Unit, tuple[Bin, ...]]:
    """The bins from `first` to `last`, of the smallest unit of which there are at most `most` (as far as units go)."""
    for unit in Unit:
        if unit is Unit.CENTURY or _number(unit, first, last) <= most:
            return unit, _cut(unit, first, last)
    raise AssertionError("the last unit takes everything")


def _number(unit: Unit, first: date, last: date) -> int:
    days = (last - first).days + 1
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    years = last.year - first.year + 1
    return {Unit.DAY: days, Unit.WEEK: days // 7 + 2, Unit.MONTH: months, Unit.YEAR: years}.get(unit, years // 10 + 2)


def _cut(unit: Unit, first: date, last: date) -> tuple[Bin, ...]:
    found = []
    start = _STARTS[unit](first)
    while True:
        end = _end(unit, start)
        found.append(Bin(start, end, *_called(unit, start, end)))
        if end >= last:
            return tuple(found)
        start = end + timedelta(days=1)


def _week(day: date) -> date:
    return date.fromordinal(max(1, day.toordinal() - day.weekday()))


_STARTS: dict[Unit, Callable[[date], date]] = {
    Unit.DAY: lambda day: day,
    Unit.WEEK: _week,
    Unit.MONTH: lambda day: day.replace(day=1),
    Unit.YEAR: lambda day: date(day.year, 1, 1),
    Unit.DECADE: lambda day: date(max(1, day.year // 10 * 10), 1, 1),
    Unit.CENTURY: lambda day: date(max(1, day.year // 100 * 100), 1, 1),
}


def _end(unit: Unit, start: date) -> date:
    if unit is Unit.DAY:
        return start
    if unit is Unit.WEEK:
        return date.fromordinal(min(_LAST_ORDINAL, start.toordinal() + 6 - start.weekday()))
    if unit is Unit.MONTH:
        return _before(start.year + start.month // 12, start.month % 12 + 1)
    years = {Unit.YEAR: 1, Unit.DECADE: 10, Unit.CENTURY: 100}[unit]
    return _before(start.year // years * years + years, 1)


def _before(year: int, month: int) -> date:
    """The day before the first of a month."""
    return date.max if year > date.max.year else date(year, month, 1) - timedelta(days=1)


def _called(unit: Unit, start: date, end: date) -> tuple[str, str]:
    day, month = f"{start.day} {_MONTHS[start.month - 1]}", f"{_MONTHS[start.month - 1]} {start.year}"
    if unit is Unit.DAY:
        return day, f"{day} {start.year}"
    if unit is Unit.WEEK:
        return day, f"week of {day} {start.year}"
    if unit is Unit.MONTH:
        return month, month
    years = str(start.year) if unit is Unit.YEAR else f"{start.year}–{end.year}"
    return years, years
