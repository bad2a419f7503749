"""Parser for the query parameters of the pages: text, days and numbers. Pure.

Rule: dates and text have the same syntax as in a slash command ("since=monday"). An error message quotes the invalid
value and shows a valid one.
"""

from collections.abc import Mapping
from datetime import date

from bot.queries.filters import parse_days
from bot.queries.queries import to_one_line
from briefings import BadQuestion

#: maximum number of digits in a number
_MAX_DIGITS = 9
#: maximum length of an invalid value in a message
_MAX_ECHO_LENGTH = 40


def read_text(params: Mapping[str, str], name: str) -> str:
    """Return a parameter as one line of visible characters, or "" if it is missing."""
    return to_one_line(params.get(name, ""))


def read_since(params: Mapping[str, str], today: date) -> date | None:
    """Return the first day of the `since` period, or None. Raises BadQuestion."""
    return _read_day(params, "since", today)


def read_until(params: Mapping[str, str], today: date) -> date | None:
    """Return the last day of the `until` period, or None. Raises BadQuestion."""
    return _read_day(params, "until", today)


def read_number(params: Mapping[str, str], name: str, default: int, minimum: int, maximum: int) -> int:
    """Return a whole number from `minimum` to `maximum`, or `default` if missing. Raises BadQuestion."""
    text = read_text(params, name)
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS and minimum <= int(text) <= maximum):
        allowed_range = f"from {minimum:,} to {maximum:,}" if maximum < 10**_MAX_DIGITS else f"from {minimum:,} up"
        raise BadQuestion(f"“{_shorten(text)}” doesn't work for {name}=. Use a number {allowed_range}.")
    return int(text)


def read_page(params: Mapping[str, str]) -> int:
    """Return the page number, counted from 1. Raises BadQuestion."""
    return read_number(params, "page", 1, 1, 10**_MAX_DIGITS)


def _read_day(params: Mapping[str, str], name: str, today: date) -> date | None:
    text = read_text(params, name)
    if not text:
        return None
    period = parse_days(text, today)
    if period is None:
        raise BadQuestion(
            f"I couldn't read “{_shorten(text)}” as a date. Try 2016-06-24, 24 June 2016, monday, yesterday or last "
            "week."
        )
    return period.first if name == "since" else period.last


def _shorten(text: str) -> str:
    return text if len(text) <= _MAX_ECHO_LENGTH else f"{text[:_MAX_ECHO_LENGTH]}…"
