"""Reads what an address asks: words, days, a page. Pure.

Rule: days and text are read as they are after a slash command ("since=monday"); what cannot be read is said, with what
to write instead.
"""

from collections.abc import Mapping
from datetime import date

from bot.queries.filters import parse_days
from bot.queries.queries import to_one_line
from briefings import BadQuestion

#: digits of the largest number that is looked at
_MAX_DIGITS = 9
#: characters of what was typed that are shown again
_MAX_ECHO_LENGTH = 40


def read_text(params: Mapping[str, str], name: str) -> str:
    """What stands there, as one line of visible characters; "" for nothing."""
    return to_one_line(params.get(name, ""))


def read_since(params: Mapping[str, str], today: date) -> date | None:
    """The first day asked for. Raises BadQuestion."""
    return _read_day(params, "since", today)


def read_until(params: Mapping[str, str], today: date) -> date | None:
    """The last day asked for. Raises BadQuestion."""
    return _read_day(params, "until", today)


def read_number(params: Mapping[str, str], name: str, default: int, minimum: int, maximum: int) -> int:
    """A whole number from `least` to `most`. Raises BadQuestion."""
    text = read_text(params, name)
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS and minimum <= int(text) <= maximum):
        allowed_range = f"from {minimum:,} to {maximum:,}" if maximum < 10**_MAX_DIGITS else f"from {minimum:,} on"
        raise BadQuestion(f"“{_shorten(text)}” behind {name}= is no number {allowed_range}.")
    return int(text)


def read_page(params: Mapping[str, str]) -> int:
    """Which page is asked for, counted from 1. Raises BadQuestion."""
    return read_number(params, "page", 1, 1, 10**_MAX_DIGITS)


def _read_day(params: Mapping[str, str], name: str, today: date) -> date | None:
    text = read_text(params, name)
    if not text:
        return None
    period = parse_days(text, today)
    if period is None:
        raise BadQuestion(
            f"“{_shorten(text)}” behind {name}= is no day that can be told: write 2016-06-24, 24 June 2016, monday, "
            "yesterday or last week."
        )
    return period.first if name == "since" else period.last


def _shorten(text: str) -> str:
    return text if len(text) <= _MAX_ECHO_LENGTH else f"{text[:_MAX_ECHO_LENGTH]}…"
