"""The items of a typed schedule: what each of its parts means, before they are combined to rules. Pure."""

from dataclasses import dataclass
from datetime import date

from bot.digests.scheduling.rule import EVERY_WEEK, Cycle
from briefings import BadQuestion


class UnknownPart(BadQuestion):
    """A part of the text that the grammar does not know. It may belong to the topic before the schedule."""


@dataclass(frozen=True, slots=True)
class DayItem:
    """Days, such as "weekdays", "Mon" or "the first Monday of the month"."""

    text: str
    days: tuple[int, ...]
    cycle: Cycle = EVERY_WEEK
    #: "every day" and "weekdays", which named days make narrower
    is_general: bool = False
    #: "and" or a comma is before it
    is_joined: bool = False


@dataclass(frozen=True, slots=True)
class TimeItem:
    """A time of day. `meridiem` is "am", "pm" or ""."""

    text: str
    meridiem: str = ""


@dataclass(frozen=True, slots=True)
class HourlyItem:
    """A run every `step` hours."""

    text: str
    step: int


@dataclass(frozen=True, slots=True)
class SpanItem:
    """The first and last time of an hourly schedule."""

    text: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class MeridiemItem:
    """Half of the day: "in the evening" is about the times before it, and "every evening" about those after it."""

    text: str
    meridiem: str
    is_prefix: bool


@dataclass(frozen=True, slots=True)
class ExceptItem:
    """Days that are left out."""

    text: str
    days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CycleItem:
    """How days repeat, without the days: "every other week". None is "monthly", which needs days of the month."""

    text: str
    cycle: Cycle | None


@dataclass(frozen=True, slots=True)
class StartItem:
    """The first date."""

    text: str
    day: date


@dataclass(frozen=True, slots=True)
class CountItem:
    """How many times a day or a week, such as "twice a day"."""

    text: str
    count: int
    unit: str


@dataclass(frozen=True, slots=True)
class ZoneItem:
    """A time zone, as typed."""

    text: str


@dataclass(frozen=True, slots=True)
class UnknownItem:
    """Words that the grammar does not know. They may be a time zone."""

    text: str


#: items about days, and items about times of day
DayLike = DayItem | CycleItem
TimeLike = TimeItem | HourlyItem | SpanItem
Item = DayLike | TimeLike | MeridiemItem | ExceptItem | StartItem | CountItem | ZoneItem | UnknownItem
