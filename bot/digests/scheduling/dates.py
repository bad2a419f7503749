"""Parses the first date of a schedule: "2026-01-12", "12 January 2026", "Jan 12", "next Monday". Pure."""

import re
from datetime import date, timedelta

from bot.digests.scheduling.weekdays import DAY_PATTERN, parse_day
from briefings import BadQuestion

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_PATTERN = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY_NUMBER = r"\d{1,2}(?:st|nd|rd|th)?"
#: regular expression for a date; use it with IGNORECASE
DATE_PATTERN = (
    rf"(?:\d{{4}}-\d{{2}}-\d{{2}}|{_DAY_NUMBER}(?: of)? {_MONTH_PATTERN}(?: \d{{4}})?"
    rf"|{_MONTH_PATTERN} {_DAY_NUMBER}(?:,? \d{{4}})?"
    rf"|(?:(?:this|next) )?{DAY_PATTERN}|today|tomorrow|(?:this|next) week)"
)
_DAY = timedelta(days=1)
#: last year in which a schedule can start; dates must have a future to look for runs in
_LAST_YEAR = 2100


def parse_start(text: str, today: date | None) -> date:
    """Return the date of a text that matches DATE_PATTERN. Raises BadQuestion if it does not exist or is too late.

    Without a year, it is the next such date. That, and "next Monday", need `today`.
    """
    start = _parse_date(text, today)
    if start.year > _LAST_YEAR:
        raise BadQuestion(f"“{text}” is too far away. Try every other Monday at 8:30 starting 12 January 2026.")
    return start


def _parse_date(text: str, today: date | None) -> date:
    words = text.lower()
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", words):
            return date.fromisoformat(words)
        if month := re.search(_MONTH_PATTERN, words):
            return _parse_named_month(words, _MONTHS.index(month[0][:3]) + 1, today)
    except ValueError as error:
        raise BadQuestion(f"“{text}” isn't a date. Try every other Monday at 8:30 starting 12 January 2026.") from error
    if today is None:
        raise BadQuestion("Write the start as a date: every other Monday at 8:30 starting 12 January 2026.")
    if words.endswith("week"):
        monday = today - today.weekday() * _DAY
        return monday + 7 * _DAY if words.startswith("next") else today
    if words in ("today", "tomorrow"):
        return today if words == "today" else today + _DAY
    days_ahead = (parse_day(words.split(" ")[-1]) - today.weekday()) % 7
    return today + (days_ahead or 7 * words.startswith("next")) * _DAY


def _parse_named_month(words: str, month: int, today: date | None) -> date:
    """Return the date with this month. Raises ValueError or BadQuestion."""
    numbers = [int(number) for number in re.findall(r"\d+", words)]
    if len(numbers) == 2:
        return date(numbers[1], month, numbers[0])
    if today is None:
        raise BadQuestion("Add the year: every other Monday at 8:30 starting 12 January 2026.")
    day = date(today.year, month, numbers[0]) if (month, numbers[0]) != (2, 29) else _find_leap_day(today)
    return day if day >= today else date(today.year + 1, month, numbers[0])


def _find_leap_day(today: date) -> date:
    years = range(today.year, today.year + 9)
    return next(day for day in _list_leap_days(years) if day >= today)


def _list_leap_days(years: range) -> list[date]:
    return [date(year, 2, 29) for year in years if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)]
