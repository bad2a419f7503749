"""Find the words of a text that name a day, resolve them to dates, and format dates for readers.

Rule: an expression that is open stays open. A weekday is the last one on or before the anchor. "Last Tuesday" is
before the anchor. In a sentence about the future, a weekday is the next one after the anchor. A day without a year is
the one nearest to the anchor. Without an anchor, only full dates resolve. Ranges ("last week", "between 3 and 5
May"), habits ("on Mondays"), bare years and days counted from other events ("the day before") name no day.

Formatted days are the same in every locale.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from briefings.model import Span

# names of months and days are capitalised: "they may 20 times" contains no date
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH = (
    r"(?:(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_WEEKDAY = rf"(?:(?:{'|'.join(_WEEKDAYS)})\b)"
_DAY_AND_MONTH = (
    rf"(?:(?P<d1>[0-3]?\d)(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m1>{_MONTH})"
    rf"|(?P<m2>{_MONTH})\s+(?P<d2>[0-3]?\d)(?:st|nd|rd|th)?\b(?![:.]\d|\s?[-–]\s?\d))"
)
_YEAR = r"(?:\s?,?\s+(?P<y>(?:19|20)\d\d)\b)"
_ISO = r"(?P<iso>(?:19|20)\d\d-[01]\d-[0-3]\d)\b"
_PART_OF_DAY = r"(?:\s+(?:morning|afternoon|evening|night))"
_NEAR_DAY = (
    r"(?i:last\s+night|the\s+day\s+before\s+yesterday|the\s+day\s+after\s+tomorrow|yesterday|today|tonight|tomorrow"
    r"|this\s+(?:morning|afternoon|evening))"
)
_DAYS_AGO = r"(?P<ago>(?i:a|one|two|three|four|five|six|seven|eight|nine|ten)|\d{1,2})\s+(?i:days?\s+ago)\b"
_EXPRESSION = re.compile(
    rf"\b(?:(?i:on|by|since|until|from)\s+)?(?:"
    rf"(?:(?:{_WEEKDAY}|{_NEAR_DAY}){_PART_OF_DAY}?,?\s+(?P<bracket>\()?)?(?:{_ISO}|{_DAY_AND_MONTH}{_YEAR}?)(?(bracket)\)?)"
    rf"|(?:(?P<side>(?i:last|next|this|the\s+following))\s+)?(?P<weekday>{_WEEKDAY}){_PART_OF_DAY}?"
    rf"|(?P<near>{_NEAR_DAY})|{_DAYS_AGO})"
)
#: keyed by the first letters of "last", "next", "the following"; "this Friday" can be either
_SHIFT_BY_SIDE = {"las": -1, "nex": 1, "the": 1}
# text before the second day of a range ("between 3 and 5 May"): a day of the month, then a word or dash
_RANGE_START = re.compile(r"\d(?:st|nd|rd|th)?\s*(?:-|–|to|and|or|until)\s*$")
#: days; every date except a leap day recurs within them
_MAX_DAYS_FROM_ANCHOR = 366
_DAYS_FROM_ANCHOR = {
    "the day before yesterday": -2,
    "last night": -1,
    "yesterday": -1,
    "tomorrow": 1,
    "the day after tomorrow": 2,
}
_NUMBER_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_WEEKDAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class DayExpression:
    """Words that name a day: their position and what they fix. Exactly one of the four ways to name a day is set."""

    span: Span
    #: a full date
    day: date | None = None
    #: month and day of month; the year is open
    month_day: tuple[int, int] | None = None
    #: 0 is Monday
    weekday: int | None = None
    #: which weekday the words select: -1 the last one before the anchor, 1 the next one after it, 0 either
    side: int = 0
    #: days from the anchor
    offset: int | None = None


def find_day_expressions(text: str, within: Span | None = None) -> Iterator[DayExpression]:
    """Yield the expressions in `text` (or in its part `within`) that name a day, in order. Offsets are into `text`."""
    region = Span(0, len(text)) if within is None else within  # an empty span is falsy
    for match in _EXPRESSION.finditer(text, region.start, region.end):
        expression = _build_day_expression(match)
        if expression is not None and not (
            match["d1"] and _RANGE_START.search(text[max(region.start, match.start() - 12) : match.start("d1")])
        ):
            yield expression


def find_absolute_dates(text: str) -> Iterator[DayExpression]:
    """Yield only the full dates: day, month and year."""
    return (expression for expression in find_day_expressions(text) if expression.day is not None)


def resolve_day(expression: DayExpression, anchor: date | None, *, is_future: bool = False) -> date | None:
    """Return the day that `expression` names in a text written on `anchor`, or None if that stays open.

    `is_future` says that the sentence is about the future, so that "Monday" is the next one.
    """
    if expression.day is not None:
        return expression.day
    if anchor is None:
        return None
    if expression.month_day is not None:
        return _find_nearest_date(*expression.month_day, anchor)
    try:
        return anchor + timedelta(days=_count_days_from_anchor(anchor, expression, is_future=is_future))
    except OverflowError:  # the anchor is too close to the first or last supported date
        return None


def parse_number(text: str) -> int:
    """Return a whole number as news articles write it: digits, a word up to "ten", or "a" for one."""
    word = text.lower()
    return int(word) if word.isdecimal() else _NUMBER_WORDS.index(word) + 1 if word in _NUMBER_WORDS else 1


def format_day(day: date | None) -> str:
    """Format a day with its weekday ("Sat 25 Jun 2016"), or return "undated" for None."""
    return f"{_format_without_year(day)} {day.year}" if day else "undated"


def format_day_range(first: date, last: date) -> str:
    """Format an uncertain day ("between Mon 20 Jun and Sun 26 Jun 2016"), or a single day if `first` equals `last`."""
    if first == last:
        return format_day(first)
    first_day = _format_without_year(first) if first.year == last.year else format_day(first)
    return f"between {first_day} and {format_day(last)}"


def _count_days_from_anchor(anchor: date, expression: DayExpression, *, is_future: bool) -> int:
    if expression.weekday is None:
        return expression.offset or 0
    if expression.side > 0:
        return (expression.weekday - anchor.weekday() - 1) % 7 + 1
    if is_future and not expression.side:
        return (expression.weekday - anchor.weekday()) % 7  # "will announce on Monday", written on Monday, is today
    days_back = (anchor.weekday() - expression.weekday) % 7
    return -7 if expression.side < 0 and not days_back else -days_back


def _build_day_expression(match: re.Match[str]) -> DayExpression | None:
    span = Span(*match.span())
    if match["near"]:
        key = " ".join(match["near"].lower().split())
        return DayExpression(span, offset=_DAYS_FROM_ANCHOR.get(key, 0))
    if match["ago"]:
        return DayExpression(span, offset=-parse_number(match["ago"]))
    if match["weekday"]:
        return DayExpression(
            span,
            weekday=_WEEKDAYS.index(match["weekday"]),
            side=_SHIFT_BY_SIDE.get((match["side"] or "")[:3].lower(), 0),
        )
    if match["iso"]:
        year, month, day = (int(part) for part in match["iso"].split("-"))
        full_date = _build_date(year, month, day)
        return DayExpression(span, day=full_date) if full_date else None
    month = _MONTHS.index((match["m1"] or match["m2"])[:3]) + 1
    day = int(match["d1"] or match["d2"])
    if match["y"]:
        full_date = _build_date(int(match["y"]), month, day)
        return DayExpression(span, day=full_date) if full_date else None
    return DayExpression(span, month_day=(month, day)) if _build_date(2000, month, day) else None


def _build_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _find_nearest_date(month: int, day: int, anchor: date) -> date | None:
    """Return the date nearest to `anchor`, or None if it is over a year away, as a leap day can be."""
    candidates = [_build_date(year, month, day) for year in (anchor.year - 1, anchor.year, anchor.year + 1)]
    near_dates = [
        candidate for candidate in candidates if candidate and abs((candidate - anchor).days) <= _MAX_DAYS_FROM_ANCHOR
    ]
    return min(near_dates, key=lambda candidate: abs((candidate - anchor).days), default=None)


def _format_without_year(day: date) -> str:
    return f"{_WEEKDAY_NAMES[day.weekday()]} {day.day} {_MONTH_NAMES[day.month - 1]}"
