"""When a digest is due: days of the week and times of the day, by the clocks of a zone. Pure.

Rule: 08:30 stays 08:30 whatever the clocks do. A time that a change of the clocks skips falls on the first moment after
it; one that comes twice counts the first time. The arithmetic of days and clocks is cronsim's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from heapq import merge
from itertools import groupby, islice, takewhile
from zoneinfo import ZoneInfo

from cronsim import CronSim

#: the least time between two runs of one digest
SHORTEST = timedelta(hours=1)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EVERY_DAY, WEEKDAYS, WEEKEND = tuple(range(7)), tuple(range(5)), (5, 6)
#: more than any clock was ever moved by
_LONGEST_CHANGE = timedelta(hours=25)


@dataclass(frozen=True, slots=True)
class Schedule:
    """`days` of the week (0 is Monday) and `times` of the day (whole minutes), both sorted and not empty.

    `str` gives the words that `words.read` understands; `written` the form that is kept.
    """

    days: tuple[int, ...]
    times: tuple[time, ...]

    def __post_init__(self) -> None:
        if not self.days or not self.times:
            raise ValueError("a schedule has days and times")
        if list(self.days) != sorted(set(self.days)) or list(self.times) != sorted(set(self.times)):
            raise ValueError("days and times are sorted, each once")

    def __str__(self) -> str:
        if not self._hourly():
            return f"{self._days_in_words()} at {_listed([f'{at:%H:%M}' for at in self.times])}"
        on = "" if self.days == EVERY_DAY else "on "
        return f"hourly {self.times[0]:%H:%M} to {self.times[-1]:%H:%M} {on}{self._days_in_words()}"

    @property
    def written(self) -> str:
        """The form that is kept, such as `0,3 08:30,17:00`."""
        return f"{','.join(map(str, self.days))} {','.join(f'{time:%H:%M}' for time in self.times)}"

    @property
    def shortest(self) -> timedelta:
        """The least time between two runs, the clocks standing still."""
        minutes = sorted(24 * 60 * day + 60 * at.hour + at.minute for day in self.days for at in self.times)
        ahead = [*minutes[1:], minutes[0] + 7 * 24 * 60]
        return timedelta(minutes=min(later - one for one, later in zip(minutes, ahead, strict=True)))

    def runs(self, after: datetime, zone: str) -> Iterator[datetime]:
        """The moments (UTC) at which it is due after that moment, in order, by the clocks of the IANA zone; endless.

        Raises ZoneInfoNotFoundError.
        """
        start = (after - _LONGEST_CHANGE).astimezone(ZoneInfo(zone))
        last = after
        for local in merge(*(CronSim(line, start) for line in self._cron())):
            due = local.astimezone(UTC)
            if due > last:
                yield due
                last = due

    def next(self, after: datetime, zone: str, count: int = 3) -> tuple[datetime, ...]:
        """The next `count` runs, with the zone's own clock."""
        return tuple(due.astimezone(ZoneInfo(zone)) for due in islice(self.runs(after, zone), count))

    def moved(self, after: datetime, zone: str) -> datetime | None:
        """The first run of the next year that comes when the clocks skip its own time, by the zone's own clock."""
        local = (due.astimezone(ZoneInfo(zone)) for due in self.runs(after, zone))
        year = takewhile(lambda due: due - after < timedelta(days=366), local)
        return next((due for due in year if due.time() not in self.times or due.weekday() not in self.days), None)

    def _cron(self) -> list[str]:
        """Cron's lines, one for each minute of the hour."""
        days = ",".join(str((day + 1) % 7) for day in self.days)
        by_minute = groupby(sorted(self.times, key=lambda at: (at.minute, at.hour)), key=lambda at: at.minute)
        return [f"{minute} {','.join(str(at.hour) for at in times)} * * {days}" for minute, times in by_minute]

    def _hourly(self) -> bool:
        hours = [at.hour for at in self.times]
        together = hours == list(range(hours[0], hours[0] + len(hours)))
        return len(hours) > 2 and together and len({at.minute for at in self.times}) == 1

    def _days_in_words(self) -> str:
        named = {EVERY_DAY: "every day", WEEKDAYS: "weekdays", WEEKEND: "weekends"}
        return named.get(self.days) or f"every {_listed([DAYS[day] for day in self.days])}"


def from_written(written: str) -> Schedule:
    """The schedule that is kept as `written`."""
    days, times = written.split(" ")
    return Schedule(tuple(map(int, days.split(","))), tuple(map(time.fromisoformat, times.split(","))))


def _listed(words: list[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
