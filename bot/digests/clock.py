"""A time of day as people type it: "8:30", "8.30am", "half past eight", "noon", in whatever case. Pure."""

import re
from datetime import time

from briefings.errors import BadQuestion

_HOURS = ["twelve", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"]
_MINUTES = {"five": 5, "ten": 10, "quarter": 15, "a quarter": 15, "twenty": 20, "twenty-five": 25, "half": 30}
_NAMED = {"noon": time(12), "midday": time(12), "midnight": time(0)}
_HOUR = rf"(?:\d{{1,2}}|{'|'.join(_HOURS)})"
_HALF = r"(?: ?[ap]\.?m\b\.?)"

#: what names a time of day, when case is ignored
TIME = (
    r"(?:noon|midday|midnight"
    rf"|(?:{'|'.join(_MINUTES)}|\d{{1,2}} minutes) (?:past|to) {_HOUR}{_HALF}?"
    rf"|\d{{1,3}}[:.h]\d{{1,3}}{_HALF}?"
    r"|\d{4}(?: ?h\b| hours\b)?"
    rf"|{_HOUR}(?:{_HALF}| ?h\b| o'clock{_HALF}?)?)"
)
_BESIDE = re.compile(rf"(?P<minutes>.+?)(?: minutes)? (?P<way>past|to) (?P<hour>{_HOUR})")
_PLAIN = re.compile(r"(?P<hour>\d{1,2}?)(?:[:.h]?(?P<minute>\d\d))?(?: ?h| hours)?")
_SPOKEN = re.compile(rf"(?P<hour>{_HOUR})(?: o'clock)?")


def clock_time(typed: str, half: str = "") -> time:
    """The time that `typed`, which `TIME` has matched, names; `half` is "am" or "pm" where it does not say itself.

    Raises BadQuestion when there is no such time.
    """
    words = typed.strip().lower()
    if words in _NAMED:
        return _NAMED[words]
    if said := re.search(rf"{_HALF}$", words):
        words, half = words[: said.start()], "am" if "a" in said[0] else "pm"
    hour, minute = _read(words)
    if said and not 1 <= hour <= 12:
        raise _none(typed)
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:
        raise _none(typed)
    return time(hour, minute)


def _read(words: str) -> tuple[int, int]:
    if found := _BESIDE.fullmatch(words):
        told = found["minutes"]
        minutes = _MINUTES[told] if told in _MINUTES else int(told)
        if minutes > 59:
            raise _none(words)
        hour = _hour(found["hour"])
        return (hour, minutes) if found["way"] == "past" or not minutes else ((hour - 1) % 24, 60 - minutes)
    if found := _PLAIN.fullmatch(words) or _SPOKEN.fullmatch(words):
        told = found.groupdict()
        return _hour(found["hour"]), int(told.get("minute") or 0)
    raise _none(words)


def _hour(word: str) -> int:
    return int(word) if word.isdecimal() else _HOURS.index(word) or 12


def _none(typed: str) -> BadQuestion:
    return BadQuestion(
        f"“{typed.strip()}” is no time of day: hours go to 23 and minutes to 59, as in weekdays at 8:30."
    )
