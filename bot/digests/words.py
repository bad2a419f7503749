"""A schedule as people type it: "weekdays at 8:30", "every Monday and Thursday 17:00 Europe/London". Pure.

Rule: read from its start to its end, or refused with one sentence that holds an example that works: what is not
understood is never left out.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time

from bot.digests import zones
from bot.digests.clock import TIME, clock_time
from bot.digests.schedule import DAYS, EVERY_DAY, SHORTEST, WEEKDAYS, WEEKEND, Schedule
from briefings.errors import BadQuestion

#: characters of a schedule
LONGEST = 200
EXAMPLE = "weekdays at 8:30"

_COUNTS = {"two": 2, "three": 3, "four": 4, "six": 6, "eight": 8, "twelve": 12}
_TYPED = str.maketrans({"–": "-", "—": "-", "‑": "-", "’": "'", ",": " ", ";": " "})


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
    text = " ".join(typed.translate(_TYPED).split()).rstrip(".!")
    if not text:
        raise BadQuestion(f"When should it come? Say for instance {EXAMPLE}, or every Monday at 17:00 Europe/London.")
    if len(text) > LONGEST:
        raise BadQuestion(f"That is too long for a schedule: say for instance {EXAMPLE}.")
    reading = _Reading()
    place = 0
    while place < len(text):
        place = _step(text, place, reading)
    found = zones.named(" ".join(reading.rest)) if reading.rest else zone
    return _schedule(reading), found


def split(typed: str, zone: str) -> Typed | None:
    """`typed` as what is asked for and a schedule behind it, as long as can be; None when it holds no schedule at all.

    Raises BadQuestion when the schedule cannot be read, or stands alone.
    """
    refusal: BadQuestion | None = None
    for start in re.finditer(r"(?<!\S)\S", typed):
        ask, when = typed[: start.start()].strip(), typed[start.start() :]
        if not _BEGINS.match(when):
            continue
        try:
            schedule, found = read(when, zone)
        except BadQuestion as error:
            refusal = refusal or error
            continue
        if not ask:
            raise BadQuestion(f"What is the digest about? Say for instance labour-crisis {EXAMPLE}.")
        return Typed(ask, schedule, found)
    if refusal:
        raise refusal
    return None


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    days: set[int] = field(default_factory=set)
    times: list[str] = field(default_factory=list)
    #: hours from one run to the next, when it comes by the hour
    step: int = 0
    span: tuple[str, str] | None = None
    #: "am" or "pm", for hours that could be either
    half: str = ""
    #: on one day of the week, which is still to be named
    weekly: bool = False
    rest: list[str] = field(default_factory=list)


def _step(text: str, place: int, reading: _Reading) -> int:
    """Reads what stands at `place`; gives the place of what comes next."""
    for pattern, take in _GRAMMAR:
        if found := pattern.match(text, place):
            take(reading, found)
            return found.end()
    end = text.find(" ", place)
    end = len(text) if end < 0 else end + 1
    reading.rest.append(text[place:end].strip())
    return end


def _schedule(reading: _Reading) -> Schedule:
    if reading.weekly and not reading.days:
        raise BadQuestion("On which day of the week? Say for instance every Monday at 8:30.")
    if reading.span and not reading.step:
        raise BadQuestion("From when to when, but how often? Say for instance hourly 9 to 18 on weekdays.")
    times = _by_the_hour(reading) if reading.step else [clock_time(one, reading.half) for one in reading.times]
    if not times:
        raise BadQuestion(f"At what time? Say for instance {EXAMPLE}, or daily at noon.")
    schedule = Schedule(tuple(sorted(reading.days)) or EVERY_DAY, tuple(sorted(set(times))))
    if schedule.shortest < SHORTEST:
        raise _too_often()
    return schedule


def _by_the_hour(reading: _Reading) -> list[time]:
    first, last = (clock_time(one) for one in reading.span) if reading.span else (time(0), time(23))
    if reading.times or last < first or not 1 <= reading.step <= 12:
        raise BadQuestion("From when to when each day? Say for instance hourly 9 to 18 on weekdays.")
    times = [time(hour, first.minute) for hour in range(first.hour, last.hour + 1, reading.step)]
    return [at for at in times if at <= last]


def _often(_reading: _Reading, _found: re.Match[str]) -> None:
    raise _too_often()


def _too_often() -> BadQuestion:
    return BadQuestion("Digests come once an hour at most: say for instance hourly 9 to 18 on weekdays.")


def _rarely(_reading: _Reading, found: re.Match[str]) -> None:
    raise BadQuestion(
        f"Digests come on days of the week, and “{found[0].strip()}” names none: say for instance every Monday at 8:30."
    )


def _hourly(reading: _Reading, found: re.Match[str]) -> None:
    told = (found["step"] or "1").lower()
    reading.step = _COUNTS[told] if told in _COUNTS else int(told)


def _span(reading: _Reading, found: re.Match[str]) -> None:
    reading.span = (found["first"], found["last"])


def _day_span(reading: _Reading, found: re.Match[str]) -> None:
    first, last = _day(found["first"]), _day(found["last"])
    reading.days.update((first + step) % 7 for step in range((last - first) % 7 + 1))


def _one_day(reading: _Reading, found: re.Match[str]) -> None:
    reading.days.add(_day(found[0]))


def _day(word: str) -> int:
    return next(number for number, name in enumerate(DAYS) if name.startswith(word[:2].title()))


def _days(days: tuple[int, ...]) -> Callable[[_Reading, re.Match[str]], None]:
    def take(reading: _Reading, _found: re.Match[str]) -> None:
        reading.days.update(days)

    return take


def _weekly(reading: _Reading, _found: re.Match[str]) -> None:
    reading.weekly = True


def _half(reading: _Reading, found: re.Match[str]) -> None:
    reading.half = "am" if found["half"].lower() == "morning" else "pm"


def _time(reading: _Reading, found: re.Match[str]) -> None:
    reading.times.append(found["time"])


def _nothing(_reading: _Reading, _found: re.Match[str]) -> None:
    """A word that only joins others."""


_DAY = (
    r"(?:mon(?:days?)?|tue(?:s(?:days?)?)?|wed(?:nes(?:days?)?)?|thu(?:r(?:s(?:days?)?)?)?|fri(?:days?)?"
    r"|sat(?:ur(?:days?)?)?|sun(?:days?)?)"
)
_RARE = (
    r"(?:other|second|third|fourth|last|first|next|two|three|four|\d+|\d+(?:st|nd|rd|th))"
    rf" (?:{_DAY}|week|day|month|year)s?"
)
_Take = Callable[[_Reading, re.Match[str]], None]
_GRAMMAR: tuple[tuple[re.Pattern[str], _Take], ...] = tuple(
    (re.compile(rf"(?:{pattern})(?:\s+|$)", re.IGNORECASE), take)
    for pattern, take in (
        (r"(?:every|each) (?:[\w-]+ )?(?:minutes?|mins?|seconds?|secs?)|minutely|half-?hourly", _often),
        (r"(?:every|each) (?:half(?: an)?|quarter(?: of an)?) hour", _often),
        (rf"(?:(?:every|each|on|the) )*{_RARE}|monthly|fortnightly|bi-?weekly|yearly|annually|quarterly", _rarely),
        (r"(?:every|each) (?:month|year|fortnight|quarter)|once|today|tomorrow|tonight|now", _rarely),
        (rf"hourly|(?:every|each) (?:(?P<step>\d{{1,2}}|{'|'.join(_COUNTS)}) )?hours?", _hourly),
        (rf"between (?P<first>{TIME}) and (?P<last>{TIME})", _span),
        (rf"(?:from )?(?P<first>{TIME}) ?(?:-|to|until|till) ?(?P<last>{TIME})", _span),
        (rf"(?:from )?(?P<first>{_DAY}) ?(?:-|to|through|until|till) ?(?P<last>{_DAY})", _day_span),
        (r"(?:every|each) day|daily|everyday", _days(EVERY_DAY)),
        (r"(?:(?:every|each) )?(?:weekdays?|workdays?|working days?)", _days(WEEKDAYS)),
        (r"(?:(?:every|each) )?weekends?", _days(WEEKEND)),
        (r"weekly|(?:every|each) week", _weekly),
        (r"(?:in the |every |each |at )?(?P<half>morning|afternoon|evening|night)s?", _half),
        (_DAY, _one_day),
        (rf"(?P<time>{TIME})", _time),
        (r"every|each|on|at|and|the|in|time|&|o'clock|sharp", _nothing),
    )
)
#: how a schedule begins, where words stand before it
_BEGINS = re.compile(
    rf"(?:every|each|daily|everyday|hourly|weekly|monthly|fortnightly|weekdays?|weekends?|workdays?|{_DAY}|noon|midday"
    rf"|midnight|(?:at|from|between) {TIME}|on (?:the )?(?:weekdays?|weekends?|workdays?|every|{_DAY})"
    rf"|half past|quarter (?:past|to)|\d+[:.]\d\d(?: ?[ap]m)?|\d{{1,2}} ?[ap]m)(?:\s|,|-|$)",
    re.IGNORECASE,
)
