"""Days that a user states for articles, on the command line and elsewhere."""

import argparse
import re
from datetime import date, datetime, timedelta


def get_today() -> date:
    """Return the current day where the user is."""
    return datetime.now().astimezone().date()


def is_future_day(day: date, today: date) -> bool:
    """Tell whether a day has not come anywhere: it is after tomorrow, which some time zones have already."""
    return day - today > timedelta(days=1)


def parse_first_day(text: str) -> date:
    """Return the first day of a date as users type it. Raises argparse.ArgumentTypeError."""
    return _parse_days(text)[0]


def parse_last_day(text: str) -> date:
    """Return the last day of a date as users type it. Raises argparse.ArgumentTypeError."""
    return _parse_days(text)[1]


def parse_past_day(text: str) -> date:
    """Parse the day of an article. It can be tomorrow in another time zone, but no later."""
    day = parse_single_day(text, get_today())
    if is_future_day(day, get_today()):
        raise argparse.ArgumentTypeError(f"{text} has not come yet: give the day on which the articles were published")
    return day


def parse_single_day(text: str, today: date) -> date:
    """Return the single day of articles that state none.

    The day is stored, so what could be another day is refused: a day without a year, or 01/02/2016.
    Raises argparse.ArgumentTypeError.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        period = _find_period(text, today)
    is_certain = not re.search(r"\d", text) or re.search(r"[a-z].*\b\d{4}\b|\b\d{4}\b.*[a-z]", text, re.IGNORECASE)
    if period is None or period[0] != period[1] or not is_certain:
        raise argparse.ArgumentTypeError(
            f"invalid date {text!r}: write one day as, for example, 2016-06-25, 25 June 2016 or yesterday"
        )
    return period[0]


def _parse_days(text: str) -> tuple[date, date]:
    """Return the first and last day of a date as users type it in Slack: "2016-06-25", "25 June", "last week"."""
    period = _find_period(text, get_today())
    if period is None:
        raise argparse.ArgumentTypeError(
            f"invalid date {text!r}: write it as, for example, 2016-06-25, yesterday or 'last week'"
        )
    return period


def _find_period(text: str, today: date) -> tuple[date, date] | None:
    from bot.queries.filters import parse_days  # imports the parsers, which other commands do not need

    period = parse_days(text, today)
    return (period.first, period.last) if period else None
