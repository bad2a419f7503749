"""Date bins for the charts: whole days, weeks, months, years, decades or centuries.

Rule: every day from the first to the last is in exactly one bin. A chart thus shows days without articles too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MAX_ORDINAL = date.max.toordinal()


class Unit(StrEnum):
    """The length of a bin."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"


@dataclass(frozen=True, slots=True)
class Bin:
    """A range of days, both ends included, with a short label for the axis and a full label."""

    first: date
    last: date
    short_label: str
    full_label: str


def split_into_bins(first: date, last: date, max_bins: int) -> tuple[Unit, tuple[Bin, ...]]:
    """Split the days from `first` to `last` into at most `max_bins` bins of the smallest possible unit.

    Centuries, the largest unit, may exceed `max_bins`.
    """
    for unit in Unit:
        if unit is Unit.CENTURY or _count_bins(unit, first, last) <= max_bins:
            return unit, _split(unit, first, last)
    raise AssertionError("centuries are always accepted")


def _count_bins(unit: Unit, first: date, last: date) -> int:
    days = (last - first).days + 1
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    years = last.year - first.year + 1
    return {Unit.DAY: days, Unit.WEEK: days // 7 + 2, Unit.MONTH: months, Unit.YEAR: years}.get(unit, years // 10 + 2)


def _split(unit: Unit, first: date, last: date) -> tuple[Bin, ...]:
    bins = []
    start = _START_FUNCTIONS[unit](first)
    while True:
        end = _find_end(unit, start)
        bins.append(Bin(start, end, *_format_labels(unit, start, end)))
        if end >= last:
            return tuple(bins)
        start = end + timedelta(days=1)


def _start_of_week(day: date) -> date:
    return date.fromordinal(max(1, day.toordinal() - day.weekday()))


_START_FUNCTIONS: dict[Unit, Callable[[date], date]] = {
    Unit.DAY: lambda day: day,
    Unit.WEEK: _start_of_week,
    Unit.MONTH: lambda day: day.replace(day=1),
    Unit.YEAR: lambda day: date(day.year, 1, 1),
    Unit.DECADE: lambda day: date(max(1, day.year // 10 * 10), 1, 1),
    Unit.CENTURY: lambda day: date(max(1, day.year // 100 * 100), 1, 1),
}


def _find_end(unit: Unit, start: date) -> date:
    if unit is Unit.DAY:
        return start
    if unit is Unit.WEEK:
        return date.fromordinal(min(_MAX_ORDINAL, start.toordinal() + 6 - start.weekday()))
    if unit is Unit.MONTH:
        return _day_before(start.year + start.month // 12, start.month % 12 + 1)
    unit_years = {Unit.YEAR: 1, Unit.DECADE: 10, Unit.CENTURY: 100}[unit]
    return _day_before(start.year // unit_years * unit_years + unit_years, 1)


def _day_before(year: int, month: int) -> date:
    """Return the day before the first of a month."""
    return date.max if year > date.max.year else date(year, month, 1) - timedelta(days=1)


def _format_labels(unit: Unit, start: date, end: date) -> tuple[str, str]:
    day, month = f"{start.day} {_MONTHS[start.month - 1]}", f"{_MONTHS[start.month - 1]} {start.year}"
    if unit is Unit.DAY:
        return day, f"{day} {start.year}"
    if unit is Unit.WEEK:
        return day, f"week of {day} {start.year}"
    if unit is Unit.MONTH:
        return month, month
    years = str(start.year) if unit is Unit.YEAR else f"{start.year}–{end.year}"
    return years, years
