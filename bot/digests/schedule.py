"""Schedules of digests (days of the week, times of day, a time zone) and the parser for a time of day. Pure.

Rule: 08:30 is local time, before and after a change to daylight saving time. A skipped time runs at the first moment
after the gap. A repeated time runs once, the first time. The library cronsim computes the dates.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from heapq import merge
from itertools import groupby, islice
from zoneinfo import ZoneInfo

from cronsim import CronSim

from briefings import BadQuestion

#: shortest interval between two runs of one digest
MIN_INTERVAL = timedelta(hours=1)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EVERY_DAY, WEEKDAYS, WEEKEND = tuple(range(7)), tuple(range(5)), (5, 6)
#: longer than any change of a zone's clock so far
_MAX_CLOCK_CHANGE = timedelta(hours=25)

_HOUR_WORDS = ["twelve", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"]
_MINUTE_WORDS = {"five": 5, "ten": 10, "quarter": 15, "a quarter": 15, "twenty": 20, "twenty-five": 25, "half": 30}
_NAMED_TIMES = {"noon": time(12), "midday": time(12), "midnight": time(0)}
_HOUR_PATTERN = rf"(?:\d{{1,2}}|{'|'.join(_HOUR_WORDS)})"
_MERIDIEM = r"(?: ?[ap]\.?m\b\.?)"

#: regular expression for a time of day; use it with IGNORECASE
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


@dataclass(frozen=True, slots=True)
class Schedule:
    """`days` of the week (0 is Monday) and `times` of day (whole minutes), both sorted, unique and not empty.

    `str` returns words that `schedule_parser.parse_schedule` understands. `stored_text` is the form in the database.
    """

    days: tuple[int, ...]
    times: tuple[time, ...]

    def __post_init__(self) -> None:
        if not self.days or not self.times:
            raise ValueError("a schedule needs days and times")
        if list(self.days) != sorted(set(self.days)) or list(self.times) != sorted(set(self.times)):
            raise ValueError("days and times must be sorted and unique")

    def __str__(self) -> str:
        if not self._is_hourly():
            return f"{self._format_days()} at {_join_words([f'{at:%H:%M}' for at in self.times])}"
        prefix = "" if self.days == EVERY_DAY else "on "
        return f"hourly {self.times[0]:%H:%M} to {self.times[-1]:%H:%M} {prefix}{self._format_days()}"

    @property
    def stored_text(self) -> str:
        """The form in the database, such as `0,3 08:30,17:00`."""
        return f"{','.join(map(str, self.days))} {','.join(f'{time:%H:%M}' for time in self.times)}"

    @property
    def shortest_interval(self) -> timedelta:
        """The shortest interval between two runs, without changes of the clock."""
        minutes = sorted(24 * 60 * day + 60 * at.hour + at.minute for day in self.days for at in self.times)
        next_minutes = [*minutes[1:], minutes[0] + 7 * 24 * 60]
        return timedelta(minutes=min(later - earlier for earlier, later in zip(minutes, next_minutes, strict=True)))

    def iterate_runs(self, after: datetime, zone: str) -> Iterator[datetime]:
        """Yield the due times after `after`, in UTC and in order, without end. `zone` is an IANA name.

        Raises ZoneInfoNotFoundError.
        """
        start = (after - _MAX_CLOCK_CHANGE).astimezone(ZoneInfo(zone))
        last = after
        for local in merge(*(CronSim(line, start) for line in self._build_cron_lines())):
            due_at = local.astimezone(UTC)
            if due_at > last:
                yield due_at
                last = due_at

    def list_next_runs(self, after: datetime, zone: str, count: int = 3) -> tuple[datetime, ...]:
        """Return the next `count` runs, in the local time of the zone."""
        return tuple(due_at.astimezone(ZoneInfo(zone)) for due_at in islice(self.iterate_runs(after, zone), count))

    def _build_cron_lines(self) -> list[str]:
        """Return cron lines, one for each minute of the hour."""
        days = ",".join(str((day + 1) % 7) for day in self.days)
        by_minute = groupby(sorted(self.times, key=lambda at: (at.minute, at.hour)), key=lambda at: at.minute)
        return [f"{minute} {','.join(str(at.hour) for at in times)} * * {days}" for minute, times in by_minute]

    def _is_hourly(self) -> bool:
        hours = [at.hour for at in self.times]
        is_consecutive = hours == list(range(hours[0], hours[0] + len(hours)))
        return len(hours) > 2 and is_consecutive and len({at.minute for at in self.times}) == 1

    def _format_days(self) -> str:
        days_text = {EVERY_DAY: "every day", WEEKDAYS: "weekdays", WEEKEND: "weekends"}
        return days_text.get(self.days) or f"every {_join_words([DAYS[day] for day in self.days])}"


def parse_stored_schedule(text: str) -> Schedule:
    """Return the schedule for a `stored_text`."""
    days, times = text.split(" ")
    return Schedule(tuple(map(int, days.split(","))), tuple(map(time.fromisoformat, times.split(","))))


def parse_time_of_day(text: str, meridiem: str = "") -> time:
    """Return the time for a text that matches TIME_PATTERN, such as "8:30", "8.30am", "half past eight" or "noon".

    `meridiem` is "am" or "pm", for a text without its own. Raises BadQuestion if the time does not exist.
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


def _join_words(words: list[str]) -> str:
    *first_words, last_word = words
    return f"{', '.join(first_words)} and {last_word}" if first_words else last_word


def _parse_hour_and_minute(words: str) -> tuple[int, int]:
    if match := _RELATIVE_TIME.fullmatch(words):
        minute_word = match["minutes"]
        minutes = _MINUTE_WORDS[minute_word] if minute_word in _MINUTE_WORDS else int(minute_word)
        if minutes > 59:
            raise _build_error(words)
        hour = _parse_hour(match["hour"])
        return (hour, minutes) if match["way"] == "past" or not minutes else ((hour - 1) % 24, 60 - minutes)
    if match := _DIGIT_TIME.fullmatch(words) or _WORD_TIME.fullmatch(words):
        return _parse_hour(match["hour"]), int(match.groupdict().get("minute") or 0)
    raise _build_error(words)


def _parse_hour(word: str) -> int:
    return int(word) if word.isdecimal() else _HOUR_WORDS.index(word) or 12


def _build_error(text: str) -> BadQuestion:
    return BadQuestion(
        f"“{text.strip()}” isn't a time. Use hours up to 23 and minutes up to 59, for example: weekdays at 8:30"
    )
