"""One rule of a schedule: days, times of day, and how the days repeat. Pure.

Rule: a rule is a value. Its stored form is one line of text, and a rule of plain weekdays is stored as it always was.
"""

from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EVERY_DAY, WEEKDAYS, WEEKEND = tuple(range(7)), tuple(range(5)), (5, 6)
#: number of the last day or the last Monday of a month
LAST = -1
#: longest interval of a rule, in weeks or days
MAX_INTERVAL = 52
#: Monday; weeks are counted from here if a rule has no start
_FIRST_MONDAY = date(2001, 1, 1)
_DAY = timedelta(days=1)


class Repeat(StrEnum):
    """How the days of a rule repeat. The values are stored."""

    #: every week, or every n-th week
    WEEKS = "weeks"
    #: every n-th day
    DAYS = "days"
    #: the n-th Monday (and so on) of the month
    NTH = "nth"
    #: the n-th of all the rule's days in the month, such as the first weekday
    NTH_TOGETHER = "together"
    #: the days of the month with these numbers, if they are also on the rule's days of the week
    MONTH_DAYS = "dates"


@dataclass(frozen=True, slots=True)
class Cycle:
    """How days repeat. `numbers` is the interval for weeks and days, and positions in the month for the others."""

    repeat: Repeat = Repeat.WEEKS
    numbers: tuple[int, ...] = (1,)

    def __post_init__(self) -> None:
        if not self.numbers or len(set(self.numbers)) != len(self.numbers):
            raise ValueError("a cycle needs different numbers")
        if self.is_interval and not (len(self.numbers) == 1 and 1 <= self.numbers[0] <= MAX_INTERVAL):
            raise ValueError("an interval is one number")
        highest = 31 if self.repeat is Repeat.MONTH_DAYS else 5
        if not self.is_interval and any(number != LAST and not 1 <= number <= highest for number in self.numbers):
            raise ValueError("a position in the month is from 1, or the last one")

    @property
    def is_interval(self) -> bool:
        """Whether the cycle counts weeks or days, not positions in the month."""
        return self.repeat in (Repeat.WEEKS, Repeat.DAYS)

    @property
    def needs_start(self) -> bool:
        """Whether the cycle must be counted from a date."""
        return self.is_interval and self != EVERY_WEEK


EVERY_WEEK = Cycle()


@dataclass(frozen=True, slots=True)
class Rule:
    """`days` of the week (0 is Monday) and `times` of day (whole minutes), both sorted, unique and not empty.

    There are no runs before the date `start`, and intervals are counted from it.
    """

    days: tuple[int, ...]
    times: tuple[time, ...]
    cycle: Cycle = EVERY_WEEK
    start: date | None = None

    def __post_init__(self) -> None:
        if not self.days or not self.times:
            raise ValueError("a rule needs days and times")
        if list(self.days) != sorted(set(self.days)) or list(self.times) != sorted(set(self.times)):
            raise ValueError("days and times must be sorted and unique")

    def is_due_on(self, day: date) -> bool:
        """Whether the rule has runs on this local date."""
        if day.weekday() not in self.days or (self.start is not None and day < self.start):
            return False
        numbers = self.cycle.numbers
        match self.cycle.repeat:
            case Repeat.WEEKS:
                first = self.start or _FIRST_MONDAY
                return (_find_monday(day) - _find_monday(first)).days // 7 % numbers[0] == 0
            case Repeat.DAYS:
                return (day - (self.start or _FIRST_MONDAY)).days % numbers[0] == 0
            case Repeat.NTH:
                return _is_nth(day, [(day.day - 1) % 7 + 1 + 7 * week for week in range(5)], numbers)
            case Repeat.NTH_TOGETHER:
                return _is_nth(day, [n for n in range(1, 32) if _get_weekday(day, n) in self.days], numbers)
            case _:
                return _is_nth(day, list(range(1, 32)), numbers)

    @property
    def stored_text(self) -> str:
        """The form in the database, such as `0,3 08:30,17:00` or `0 09:00 weeks:2 from:2026-01-05`."""
        parts = [",".join(map(str, self.days)), ",".join(f"{at:%H:%M}" for at in self.times)]
        if self.cycle != EVERY_WEEK:
            parts.append(f"{self.cycle.repeat.value}:{','.join(map(str, self.cycle.numbers))}")
        if self.start is not None:
            parts.append(f"from:{self.start.isoformat()}")
        return " ".join(parts)


def parse_stored_rule(text: str) -> Rule:
    """Return the rule for a `stored_text`. Raises ValueError."""
    days, times, *extra_parts = text.split(" ")
    cycle, start = EVERY_WEEK, None
    for part in extra_parts:
        name, _, value = part.partition(":")
        if name == "from":
            start = date.fromisoformat(value)
        else:
            cycle = Cycle(Repeat(name), tuple(map(int, value.split(","))))
    return Rule(tuple(map(int, days.split(","))), tuple(map(time.fromisoformat, times.split(","))), cycle, start)


def _is_nth(day: date, candidates: list[int], numbers: tuple[int, ...]) -> bool:
    """Whether `day` is at one of the positions `numbers` among `candidates`, days of its month that may not exist."""
    month_days = [number for number in candidates if number <= _get_month_length(day)]
    position = month_days.index(day.day) + 1
    return position in numbers or (LAST in numbers and position == len(month_days))


def _get_month_length(day: date) -> int:
    return ((day.replace(day=28) + 4 * _DAY).replace(day=1) - _DAY).day


def _get_weekday(day: date, number: int) -> int:
    """Return the day of the week of day `number` in the month of `day`."""
    return (day.weekday() + number - day.day) % 7


def _find_monday(day: date) -> date:
    return day - day.weekday() * _DAY
