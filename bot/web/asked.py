"""Reads what an address asks: words, days, a page. Pure.

Rule: days and text are read as they are after a slash command ("since=monday"); what cannot be read is said, with what
to write instead.
"""

from collections.abc import Mapping
from datetime import date

from bot.ask import one_line
from bot.typed_days import days
from briefings.errors import BadQuestion

#: digits of the largest number that is looked at
_DIGITS = 9
#: characters of what was typed that are shown again
_SHOWN = 40


def text(query: Mapping[str, str], name: str) -> str:
    """What stands there, as one line of visible characters; "" for nothing."""
    return one_line(query.get(name, ""))


def since(query: Mapping[str, str], today: date) -> date | None:
    """The first day asked for. Raises BadQuestion."""
    return _day(query, "since", today)


def until(query: Mapping[str, str], today: date) -> date | None:
    """The last day asked for. Raises BadQuestion."""
    return _day(query, "until", today)


def number(query: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    """A whole number from `least` to `most`. Raises BadQuestion."""
    typed = text(query, name)
    if not typed:
        return usual
    if not (typed.isascii() and typed.isdigit() and len(typed) <= _DIGITS and least <= int(typed) <= most):
        between = f"from {least:,} to {most:,}" if most < 10**_DIGITS else f"from {least:,} on"
        raise BadQuestion(f"“{_shown(typed)}” behind {name}= is no number {between}.")
    return int(typed)


def page(query: Mapping[str, str]) -> int:
    """Which page is asked for, counted from 1. Raises BadQuestion."""
    return number(query, "page", 1, 1, 10**_DIGITS)


def _day(query: Mapping[str, str], name: str, today: date) -> date | None:
    typed = text(query, name)
    if not typed:
        return None
    period = days(typed, today)
    if period is None:
        raise BadQuestion(
            f"“{_shown(typed)}” behind {name}= is no day that can be told: write 2016-06-24, 24 June 2016, monday, "
            "yesterday or last week."
        )
    return period.first if name == "since" else period.last


def _shown(typed: str) -> str:
    return typed if len(typed) <= _SHOWN else f"{typed[:_SHOWN]}…"
