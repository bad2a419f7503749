"""Reads the ways of writing a date that newspapers do not use: 25.6.2025, 3/6/25, Q1 2025, "past 48 hours". Pure.

Rule: a date in figures is day first, as in Britain and Germany, unless only the American order makes a date.
"""

import re
from datetime import date, timedelta

from briefings.text import Period

_FIGURES = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})")
_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.")
_MONTH_FIGURES = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})|(?P<month_first>\d{1,2})/(?P<year_last>\d{4})")
_QUARTER = re.compile(r"q([1-4])[ /]?((?:19|20)\d\d)", re.IGNORECASE)
_PAST_DAYS = re.compile(
    r"(?:the )?(?:last|past|previous) "
    r"(?:(?P<number>\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|couple of|few) )?"
    r"(?P<unit>hours?|hrs?|h|days?|weeks?|fortnight|months?|years?)",
    re.IGNORECASE,
)
_WEEKEND = re.compile(r"(?:over )?(?:the |this )?weekend", re.IGNORECASE)
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_DAYS_PER_UNIT = {"d": 1, "w": 7, "f": 14, "m": 30, "y": 365}
_SATURDAY = 5
_FULL_NAMES = {
    **dict.fromkeys(("mon",), "monday"),
    **dict.fromkeys(("tue", "tues"), "tuesday"),
    **dict.fromkeys(("wed", "weds"), "wednesday"),
    **dict.fromkeys(("thu", "thur", "thurs"), "thursday"),
    **dict.fromkeys(("fri",), "friday"),
    **dict.fromkeys(("sat",), "saturday"),
    **dict.fromkeys(("sun",), "sunday"),
    **dict.fromkeys(("jan", "januar", "jänner"), "january"),
    **dict.fromkeys(("feb", "febr", "februar"), "february"),
    **dict.fromkeys(("mar", "mär", "märz", "maerz"), "march"),
    **dict.fromkeys(("apr",), "april"),
    **dict.fromkeys(("mai",), "may"),
    **dict.fromkeys(("jun", "juni"), "june"),
    **dict.fromkeys(("jul", "juli"), "july"),
    **dict.fromkeys(("aug",), "august"),
    **dict.fromkeys(("sep", "sept"), "september"),
    **dict.fromkeys(("oct", "okt", "oktober"), "october"),
    **dict.fromkeys(("nov",), "november"),
    **dict.fromkeys(("dec", "dez", "dezember"), "december"),
}
_NAME = re.compile(rf"\b(?:{'|'.join(sorted(_FULL_NAMES, key=len, reverse=True))})\b\.?", re.IGNORECASE)


_DAY_OF_MONTH = re.compile(r"^(?:the )?(\d{1,2})(?:st|nd|rd|th|\.)?(?: of)? (?=[a-z])", re.IGNORECASE)
_SHORT_YEAR = re.compile(r"(?<=[a-z]) ['’](\d\d)$", re.IGNORECASE)


def parse_styled_days(text: str, today: date) -> Period | None:
    """Return the days of a text in one of these styles, or None."""
    if match := _FIGURES.fullmatch(text):
        return _build_day(int(match[1]), int(match[3]), _expand_year(match[4]))
    if match := _GERMAN_DAY.fullmatch(text):
        period = _build_day(int(match[1]), int(match[2]), today.year)
        return _build_day(int(match[1]), int(match[2]), today.year - 1) if period and period.first > today else period
    if match := _MONTH_FIGURES.fullmatch(text):
        return _build_months(int(match["year"] or match["year_last"]), int(match["month"] or match["month_first"]), 1)
    if match := _QUARTER.fullmatch(text):
        return _build_months(int(match[2]), 3 * int(match[1]) - 2, 3)
    if _WEEKEND.fullmatch(text):
        saturday = today - timedelta((today.weekday() - _SATURDAY) % 7)
        return Period(saturday, saturday + timedelta(1))
    return _parse_count(text, today)


def spell_out(text: str) -> str:
    """Return the text with full English names of days and months, and days of a month without "of" and dots."""
    spelled_text = _NAME.sub(lambda name: _FULL_NAMES[name[0].rstrip(".").lower()], text)
    spelled_text = re.sub(
        r"^(?:the )?(\d{1,2})(?:st|nd|rd|th|\.)?(?: of)? (?=[a-z])", r"\1 ", spelled_text, flags=re.IGNORECASE
    )
    return re.sub(r"(?<=[a-z]) ['’](\d\d)$", r" 20\1", spelled_text, flags=re.IGNORECASE)


def _parse_count(text: str, today: date) -> Period | None:
    match = _PAST_DAYS.fullmatch(text)
    if match is None:
        return None
    number, unit = (match["number"] or "").lower(), match["unit"].lower()
    if not number and text.lower().split()[-2] in ("last", "previous") and unit[0] != "f":
        return None  # "last week" is a week of the calendar
    count = int(number) if number.isdigit() else _NUMBERS.index(number) + 1 if number in _NUMBERS else 1
    count = {"couple of": 2, "few": 3}.get(number, count)
    days = -(-count // 24) if unit[0] == "h" else count * _DAYS_PER_UNIT[unit[0]]
    return Period(today - timedelta(days), today)


def _build_day(day: int, month: int, year: int) -> Period | None:
    for actual_day, actual_month in ((day, month), (month, day)):
        try:
            found_date = date(year, actual_month, actual_day)
        except ValueError:
            continue
        return Period(found_date, found_date)
    return None


def _build_months(year: int, month: int, count: int) -> Period | None:
    if not (1 <= month <= 12 and 1900 <= year <= 2100):
        return None
    end_month = month + count
    end = date(year + (end_month > 12), (end_month - 1) % 12 + 1, 1)
    return Period(date(year, month, 1), end - timedelta(1))


def _expand_year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)
