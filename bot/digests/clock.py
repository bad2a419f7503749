"""A time of day as people type it: "8:30", "8.30am", "half past eight", "noon", in whatever case. Pure."""

import re
from datetime import time

from briefings.errors import BadQuestion

_HOUR_WORDS = ["twelve", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"]
_MINUTE_WORDS = {"five": 5, "ten": 10, "quarter": 15, "a quarter": 15, "twenty": 20, "twenty-five": 25, "half": 30}
_NAMED_TIMES = {"noon": time(12), "midday": time(12), "midnight": time(0)}
_HOUR_PATTERN = rf"(?:\d{{1,2}}|{'|'.join(_HOUR_WORDS)})"
_MERIDIEM = r"(?: ?[ap]\.?m\b\.?)"

#: what names a time of day, when case is ignored
TIME_PATTERN = (
    r"(?:noon|midday|midnight"
    rf"|(?:{'|'.join(_MINUTE_WORDS)}|\d{{1,2}} minutes) (?:past|to) {_HOUR_PATTERN}{_MERIDIEM}?"
    rf"|\d{{1,3}}[:.h]\d{{1,3}}{_MERIDIEM}?"
    r"|\d{4}(?: ?h\b| hours\b)?"
    rf"|{_HOUR_PATTERN}(?:{_MERIDIEM}| ?h\b| o'clock{_MERIDIEM}?)?)"
)
_RELATIVE_TIME = re.compile(rf"(?P<minutes>.+?)(?: minutes)? (?P<way>past|to) (?P<hour>{_HOUR_PATTERN})")
_DIGIT_TIME = re.compile(r"(?P<hour>\d{1,2}?)(?:[:.h]?(?P<minute>\d\d))?(?: ?h| hours)?")
_WORD_TIME = re.compile(rf"(?P<hour>{_HOUR_PATTERN})(?: o'clock)?")


def parse_time_of_day(text: str, meridiem: str = "") -> time:
    """The time that `typed`, which `TIME` has matched, names; `half` is "am" or "pm" where it does not say itself.

    Raises BadQuestion when there is no such time.
    """
    words = text.strip().lower()
    if words in _NAMED_TIMES:
        return _NAMED_TIMES[words]
    if meridiem_match := re.search(rf"{_MERIDIEM}$", words):
        words, meridiem = words[: meridiem_match.start()], "am" if "a" in meridiem_match[0] else "pm"
    hour, minute = _parse_hour_and_minute(words)
    if meridiem_match and not 1 <= hour <= 12:
        raise _build_error(text)
    if meridiem and hour <= 12:
        hour = hour % 12 + (12 if meridiem == "pm" else 0)
    if hour > 23 or minute > 59:
        raise _build_error(text)
    return time(hour, minute)


def _parse_hour_and_minute(words: str) -> tuple[int, int]:
    if match := _RELATIVE_TIME.fullmatch(words):
        minute_value = match["minutes"]
        minutes = _MINUTE_WORDS[minute_value] if minute_value in _MINUTE_WORDS else int(minute_value)
        if minutes > 59:
            raise _build_error(words)
        hour = _parse_hour(match["hour"])
        return (hour, minutes) if match["way"] == "past" or not minutes else ((hour - 1) % 24, 60 - minutes)
    if match := _DIGIT_TIME.fullmatch(words) or _WORD_TIME.fullmatch(words):
        minute_value = match.groupdict()
        return _parse_hour(match["hour"]), int(minute_value.get("minute") or 0)
    raise _build_error(words)


def _parse_hour(word: str) -> int:
    return int(word) if word.isdecimal() else _HOUR_WORDS.index(word) or 12


def _build_error(text: str) -> BadQuestion:
    return BadQuestion(f"“{text.strip()}” is no time of day: hours go to 23 and minutes to 59, as in weekdays at 8:30.")
