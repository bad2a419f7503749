"""Parses a time of day as users type it: "8:30", "0830", "5pm", "half past eight", "noon". Pure."""

import re
from datetime import time

from briefings import BadQuestion

_HOUR_WORDS = ["twelve", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"]
_MINUTE_WORDS = {"five": 5, "ten": 10, "quarter": 15, "a quarter": 15, "twenty": 20, "twenty-five": 25, "half": 30}
_NAMED_TIMES = {"noon": time(12), "midday": time(12), "midnight": time(0)}
HOUR_PATTERN = rf"(?:\d{{1,2}}|{'|'.join(_HOUR_WORDS)})"
_MERIDIEM = r"(?: ?[ap]\.?m\b\.?)"
#: minutes after an hour in words, as in "nine thirty"
_SPOKEN_MINUTES = {"fifteen": 15, "thirty": 30, "forty-five": 45, "forty five": 45}
_HOUR_UNIT = r"(?: ?h(?:rs?)?\b| hours\b)"

#: regular expression for a time of day; use it with IGNORECASE
TIME_PATTERN = (
    r"(?:(?:12 )?(?:noon|midday|midnight)"
    rf"|(?:{'|'.join(_MINUTE_WORDS)}|\d{{1,2}} minutes) (?:past|to) {HOUR_PATTERN}{_MERIDIEM}?"
    rf"|(?:{'|'.join(_HOUR_WORDS)}) (?:{'|'.join(_SPOKEN_MINUTES)}){_MERIDIEM}?"
    rf"|\d{{1,3}}[:.h]\d{{1,3}}(?:{_MERIDIEM}|{_HOUR_UNIT})?"
    rf"|\d{{4}}{_HOUR_UNIT}?"
    rf"|{HOUR_PATTERN}(?:{_MERIDIEM}|{_HOUR_UNIT}| o'clock{_MERIDIEM}?)?)"
)
_RELATIVE_TIME = re.compile(rf"(?P<minutes>.+?)(?: minutes)? (?P<way>past|to) (?P<hour>{HOUR_PATTERN})")
_DIGIT_TIME = re.compile(r"(?P<hour>\d{1,2}?)(?:[:.h]?(?P<minute>\d\d))?(?: ?h(?:rs?)?| hours)?")
_SPOKEN_TIME = re.compile(rf"(?P<hour>{'|'.join(_HOUR_WORDS)}) (?P<minutes>{'|'.join(_SPOKEN_MINUTES)})")
_WORD_TIME = re.compile(rf"(?P<hour>{HOUR_PATTERN})(?: o'clock)?")


def parse_time_of_day(text: str, meridiem: str = "") -> time:
    """Return the time for a text that matches TIME_PATTERN, such as "8:30", "8.30am", "half past eight" or "noon".

    `meridiem` is "am" or "pm", for a text without its own. Raises BadQuestion if the time does not exist.
    """
    words = text.strip().lower()
    if named_time := _NAMED_TIMES.get(words.removeprefix("12 ")):
        return named_time
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
        minute_word = match["minutes"]
        minutes = _MINUTE_WORDS[minute_word] if minute_word in _MINUTE_WORDS else int(minute_word)
        if minutes > 59:
            raise _build_error(words)
        hour = _parse_hour(match["hour"])
        return (hour, minutes) if match["way"] == "past" or not minutes else ((hour - 1) % 24, 60 - minutes)
    if match := _SPOKEN_TIME.fullmatch(words):
        return _parse_hour(match["hour"]), _SPOKEN_MINUTES[match["minutes"]]
    if match := _DIGIT_TIME.fullmatch(words) or _WORD_TIME.fullmatch(words):
        return _parse_hour(match["hour"]), int(match.groupdict().get("minute") or 0)
    raise _build_error(words)


def _parse_hour(word: str) -> int:
    return int(word) if word.isdecimal() else _HOUR_WORDS.index(word) or 12


def _build_error(text: str) -> BadQuestion:
    return BadQuestion(
        f"“{text.strip()}” isn't a time. Use hours up to 23 and minutes up to 59, for example: weekdays at 8:30"
    )
