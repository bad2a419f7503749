"""Finds the words of a text that name a day, and resolves them against a day that anchors them.

Rule: what the words leave open stays open. A weekday is the last one on or before the anchor ("last Tuesday": before
it), or the next after it when the sentence speaks of what is to come; a day without a year is the one nearest to the
anchor; without an anchor only full dates resolve. Ranges ("last week", "between 3 and 5 May"), habits ("on Mondays"),
bare years and days counted from other events ("the day before") name no day.

Days as people read them, the same in every locale.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from briefings.model import Span

# names of months and days are capitalised: "they may 20 times" is no date
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
#: by how "last", "next", "the following" open; "this Friday" may be either
_SHIFT_BY_SIDE = {"las": -1, "nex": 1, "the": 1}
# what stands before the second day of a range ("between 3 and 5 May"): a day of month, and a word or dash
_RANGE_START = re.compile(r"\d(?:st|nd|rd|th)?\s*(?:-|–|to|and|or|until)\s*$")
#: days; every date but a leap day comes round within them
_MAX_DAYS_FROM_ANCHOR = 366
_DAYS_FROM_ANCHOR = {
    "the day before yesterday": -2,
    "last night": -1,
    "yesterday": -1,
    "tomorrow": 1,
    "the day after tomorrow": 2,
}
_NUMBER_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True, slots=True)
class DayExpression:
    """Words that name a day: where they stand and what they fix. Exactly one of the four ways to name it is set."""

    span: Span
    #: a full date
    day: date | None = None
    #: month and day of month, the year left open
    month_day: tuple[int, int] | None = None
    #: 0 is Monday
    weekday: int | None = None
    #: the words themselves say which weekday: -1 the last one before the anchor, 1 the next one after it
    side: int = 0
    #: days from the anchor
    offset: int | None = None


def find_day_expressions(text: str, within: Span | None = None) -> Iterator[DayExpression]:
    """The words of `text` (or of its part `within`) that name a day, in order; offsets are into `text`."""
    region = Span(0, len(text)) if within is None else within  # an empty span is false
    for match in _EXPRESSION.finditer(text, region.start, region.end):
        expression = _build_day_expression(match)
        if expression is not None and not (
            match["d1"] and _RANGE_START.search(text[max(region.start, match.start() - 12) : match.start("d1")])
        ):
            yield expression


def find_absolute_dates(text: str) -> Iterator[DayExpression]:
    """Only the full dates: day, month and year."""
    return (expression for expression in find_day_expressions(text) if expression.day is not None)


def resolve_day(expression: DayExpression, anchor: date | None, *, is_future: bool = False) -> date | None:
    """The day that `words` name when they are written on `anchor`; None when that stays open.

    `to_come` says that the sentence tells of something ahead, so that "Monday" is the next one.
    """
    if expression.day is not None:
        return expression.day
    if anchor is None:
        return None
    if expression.month_day is not None:
        return _find_nearest_date(*expression.month_day, anchor)
    try:
        return anchor + timedelta(days=_count_days_from_anchor(anchor, expression, is_future=is_future))
    except OverflowError:  # an anchor on the last day that there is
        return None


def parse_number(text: str) -> int:
    """A whole number as news write it: figures, a word up to "ten", or "a" for one."""
    word = text.lower()
    return int(word) if word.isdecimal() else _NUMBER_WORDS.index(word) + 1 if word in _NUMBER_WORDS else 1


def _count_days_from_anchor(anchor: date, expression: DayExpression, *, is_future: bool) -> int:
    if expression.weekday is None:
        return expression.offset or 0
    if expression.side > 0 or (is_future and not expression.side):
        return (expression.weekday - anchor.weekday() - 1) % 7 + 1
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
    """The day nearest to `anchor`; None when that is over a year off, as a leap day can be."""
    candidates = [_build_date(year, month, day) for year in (anchor.year - 1, anchor.year, anchor.year + 1)]
    near_dates = [
        candidate for candidate in candidates if candidate and abs((candidate - anchor).days) <= _MAX_DAYS_FROM_ANCHOR
    ]
    return min(near_dates, key=lambda candidate: abs((candidate - anchor).days), default=None)


_WEEKDAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def format_day(day: date | None) -> str:
    """A day with its weekday, "Sat 25 Jun 2016"; "undated" for none."""
    return f"{_format_without_year(day)} {day.year}" if day else "undated"


def format_day_range(first: date, last: date) -> str:
    """Some day of those from `first` to `last`, "between Mon 20 Jun and Sun 26 Jun 2016"; one day alone is itself."""
    if first == last:
        return format_day(first)
    return f"between {_format_without_year(first) if first.year == last.year else format_day(first)} and {format_day(last)}"


def _format_without_year(day: date) -> str:
    return f"{_WEEKDAY_NAMES[day.weekday()]} {day.day} {_MONTH_NAMES[day.month - 1]}"
