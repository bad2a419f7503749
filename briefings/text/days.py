"""Days as people read them, the same in every locale."""

from datetime import date

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def format_day(day: date | None) -> str:
    """A day with its weekday, "Sat 25 Jun 2016"; "undated" for none."""
    return f"{_format_without_year(day)} {day.year}" if day else "undated"


def format_day_range(first: date, last: date) -> str:
    """Some day of those from `first` to `last`, "between Mon 20 Jun and Sun 26 Jun 2016"; one day alone is itself."""
    if first == last:
        return format_day(first)
    return f"between {_format_without_year(first) if first.year == last.year else format_day(first)} and {format_day(last)}"


def _format_without_year(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"
