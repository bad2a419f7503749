"""A schedule as people type it: "weekdays at 8:30", "every Monday and Thursday 17:00 Europe/London". Pure."""

from dataclasses import dataclass

from bot.digests.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed: what it asks for, when, and the IANA zone whose clocks count, named or the asker's own."""

    ask: str
    schedule: Schedule
    zone: str


def read(typed: str, zone: str) -> tuple[Schedule, str]:
    """The schedule that `typed` names as a whole, and its zone: the one it names, else `zone`.

    Raises BadQuestion, with an example that works.
    """
    raise NotImplementedError


def split(typed: str, zone: str) -> Typed | None:
    """`typed` as what is asked for and a schedule behind it; None when it holds no schedule at all.

    Raises BadQuestion when the schedule cannot be read.
    """
    raise NotImplementedError
