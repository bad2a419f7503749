"""Parses days of a month: "the first and third Monday", "the 1st and 15th", "last day of the month". Pure."""

import re

from bot.digests.scheduling.items import DayItem
from bot.digests.scheduling.rule import EVERY_DAY, LAST, WEEKDAYS, Cycle, Repeat
from bot.digests.scheduling.weekdays import DAY_PATTERN, parse_day
from briefings import BadQuestion

_POSITION_WORDS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": LAST}
_DATE_WORDS = {
    **{word: number for word, number in _POSITION_WORDS.items() if number != LAST},
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "fifteenth": 15,
    "twentieth": 20,
}
_POSITION = rf"(?:{'|'.join(_POSITION_WORDS)}|[1-5](?:st|nd|rd|th))"
_SEPARATOR = r"(?: ?, ?(?:and )?(?:the )?| and (?:the )?| & (?:the )?)"
_OF_MONTH = r"(?:(?:of|in)(?: the| every| each| a)? month|monthly|(?:every|each) month)"
_WORKDAY = r"(?:weekday|workday|working day|business day)"

#: positions of days of the week in the month; use the patterns with IGNORECASE
POSITIONS_PATTERN = (
    rf"(?:every |each )?(?:the )?(?P<positions>{_POSITION}(?:{_SEPARATOR}{_POSITION})*) "
    rf"(?:(?P<names>{DAY_PATTERN}(?:(?: ?, ?(?:and )?| and | & ){DAY_PATTERN})*) {_OF_MONTH}"
    rf"|(?P<name>{DAY_PATTERN})|(?P<workday>{_WORKDAY})(?: {_OF_MONTH})?)"
)
_NUMBERED_DAY = r"(?:\d{1,2}(?:st|nd|rd|th)|last day)"
_WORDED_DAY = rf"(?:{_NUMBERED_DAY}|(?:{'|'.join(_DATE_WORDS)})(?: day)?)"
#: days of the month by number; numbers in words need "of the month"
MONTH_DAYS_PATTERN = (
    rf"(?:(?:every|each|the|day) )*(?P<month_days>{_WORDED_DAY}(?:{_SEPARATOR}{_WORDED_DAY})*(?= {_OF_MONTH})"
    rf"|{_NUMBERED_DAY}(?:{_SEPARATOR}{_NUMBERED_DAY})*"
    rf"|(?<=\bday )\d{{1,2}}(?:{_SEPARATOR}\d{{1,2}})*|(?:end|start|beginning)(?= {_OF_MONTH})|month[- ]end)"
    rf"(?: {_OF_MONTH})?"
)


def parse_positions(match: re.Match[str]) -> DayItem:
    """Return the days for a match of POSITIONS_PATTERN."""
    text = match[0].strip()
    numbers = tuple(_parse_position(word[0]) for word in re.finditer(_POSITION, match["positions"], re.IGNORECASE))
    numbers = tuple(sorted(set(numbers), key=lambda number: (number == LAST, number)))
    if match["workday"]:
        return DayItem(text, WEEKDAYS, Cycle(Repeat.NTH_TOGETHER, numbers))
    names = re.finditer(DAY_PATTERN, match["names"] or match["name"], re.IGNORECASE)
    return DayItem(text, tuple(sorted({parse_day(name[0]) for name in names})), Cycle(Repeat.NTH, numbers))


def parse_month_days(match: re.Match[str]) -> DayItem:
    """Return the days for a match of MONTH_DAYS_PATTERN. Raises BadQuestion for a day that no month has."""
    text, day_text = match[0].strip(), match["month_days"].lower()
    if day_text in ("start", "beginning"):
        numbers = {1}
    elif day_text.startswith(("end", "month")):
        numbers = {LAST}
    else:
        words = re.finditer(r"last|\d{1,2}|" + "|".join(_DATE_WORDS), day_text)
        numbers = {_parse_date_word(word[0], text) for word in words}
    ordered_numbers = tuple(sorted(numbers, key=lambda number: (number == LAST, number)))
    return DayItem(text, EVERY_DAY, Cycle(Repeat.MONTH_DAYS, ordered_numbers))


def _parse_position(word: str) -> int:
    return _POSITION_WORDS.get(word.lower()) or int(word[0])


def _parse_date_word(word: str, text: str) -> int:
    if word == "last":
        return LAST
    number = _DATE_WORDS.get(word) or int(word)
    if not 1 <= number <= 31:
        raise BadQuestion(f"No month has the day “{text}”. Try the 1st of the month at 8:30.")
    return number
