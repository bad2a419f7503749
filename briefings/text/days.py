"""Days as people read them, the same in every locale."""

from datetime import date

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def spelt(day: date | None) -> str:
    """A day with its weekday, "Sat 25 Jun 2016"; "undated" for none."""
    return f"{_without_year(day)} {day.year}" if day else "undated"


def spelt_between(first: date, last: date) -> str:
    """Some day of those from `first` to `last`, "between Mon 20 Jun and Sun 26 Jun 2016"; one day alone is itself."""
    if first == last:
        return spelt(first)
    return f"between {_without_year(first) if first.year == last.year else spelt(first)} and {spelt(last)}"


def _without_year(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"
