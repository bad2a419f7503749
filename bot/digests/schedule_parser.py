"""Parses a schedule as users type it: "weekdays at 8:30", "every Monday and Thursday 17:00 Europe/London". Pure.

Rule: the parser understands the whole text or refuses it, with an example that works. It never ignores a part.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time

from bot.digests.schedule import (
    DAYS,
    EVERY_DAY,
    MIN_INTERVAL,
    TIME_PATTERN,
    WEEKDAYS,
    WEEKEND,
    Schedule,
    parse_time_of_day,
)
from bot.queries import time_zones
from briefings import BadQuestion

#: longest schedule, in characters
MAX_LENGTH = 200
EXAMPLE = "weekdays at 8:30"

_NUMBER_WORDS = {"two": 2, "three": 3, "four": 4, "six": 6, "eight": 8, "twelve": 12}
_CHARACTER_REPLACEMENTS = str.maketrans({"–": "-", "—": "-", "‑": "-", "’": "'", ",": " ", ";": " "})


@dataclass(frozen=True, slots=True)
class DigestRequest:
    """A parsed request: the topic or words, the schedule, and the IANA name of its time zone."""

    query: str
    schedule: Schedule
    zone: str


def parse_schedule(raw_text: str, zone: str) -> tuple[Schedule, str]:
    """Return the schedule and its zone: the zone in the text, or else `zone`.

    Raises BadQuestion, with an example that works.
    """
    text = " ".join(raw_text.translate(_CHARACTER_REPLACEMENTS).split()).rstrip(".!")
    if not text:
        raise BadQuestion(f"When should I post it? Try {EXAMPLE}, or every Monday at 17:00 Europe/London.")
    if len(text) > MAX_LENGTH:
        raise BadQuestion(f"That schedule is too long. Try {EXAMPLE}.")
    state = _ParserState()
    position = 0
    while position < len(text):
        position = _parse_next(text, position, state)
    parsed_zone = time_zones.parse_zone(" ".join(state.leftover_words)) if state.leftover_words else zone
    return _build_schedule(state), parsed_zone


def parse_request(text: str, zone: str) -> DigestRequest | None:
    """Split the text into a topic and the longest schedule after it. Return None without a schedule.

    Raises BadQuestion if the schedule is invalid or the topic is missing.
    """
    first_error: BadQuestion | None = None
    for start in re.finditer(r"(?<!\S)\S", text):
        query, schedule_text = text[: start.start()].strip(), text[start.start() :]
        if not _SCHEDULE_START.match(schedule_text):
            continue
        try:
            schedule, parsed_zone = parse_schedule(schedule_text, zone)
        except BadQuestion as error:
            first_error = first_error or error
            continue
        if not query:
            raise BadQuestion(f"What is the digest about? Try labour-crisis {EXAMPLE}.")
        return DigestRequest(query, schedule, parsed_zone)
    if first_error:
        raise first_error
    return None


@dataclass(slots=True)
class _ParserState:
    """What the parser has read so far."""

    days: set[int] = field(default_factory=set)
    times: list[str] = field(default_factory=list)
    #: hours between runs, for an hourly schedule; else 0
    hour_step: int = 0
    span: tuple[str, str] | None = None
    #: "am" or "pm", for hours that could be both
    meridiem: str = ""
    #: the text says "weekly", so it must name a day
    is_weekly: bool = False
    leftover_words: list[str] = field(default_factory=list)


def _parse_next(text: str, position: int, state: _ParserState) -> int:
    """Parse the next part of the text at `position`. Return the position after it."""
    for pattern, apply in _GRAMMAR:
        if match := pattern.match(text, position):
            apply(state, match)
            return match.end()
    end = text.find(" ", position)
    end = len(text) if end < 0 else end + 1
    state.leftover_words.append(text[position:end].strip())
    return end


def _build_schedule(state: _ParserState) -> Schedule:
    if state.is_weekly and not state.days:
        raise BadQuestion("On which day of the week? Try every Monday at 8:30.")
    if state.span and not state.hour_step:
        raise BadQuestion("How often between those times? Try hourly 9 to 18 on weekdays.")
    times = (
        _list_hourly_times(state)
        if state.hour_step
        else [parse_time_of_day(text, state.meridiem) for text in state.times]
    )
    if not times:
        raise BadQuestion(f"At what time? Try {EXAMPLE}, or daily at noon.")
    schedule = Schedule(tuple(sorted(state.days)) or EVERY_DAY, tuple(sorted(set(times))))
    if schedule.shortest_interval < MIN_INTERVAL:
        raise _build_too_often_error()
    return schedule


def _list_hourly_times(state: _ParserState) -> list[time]:
    first, last = (parse_time_of_day(text) for text in state.span) if state.span else (time(0), time(23))
    if state.times or last < first or not 1 <= state.hour_step <= 12:
        raise BadQuestion("From when to when each day? Try hourly 9 to 18 on weekdays.")
    times = [time(hour, first.minute) for hour in range(first.hour, last.hour + 1, state.hour_step)]
    return [moment for moment in times if moment <= last]


def _reject_too_often(_state: _ParserState, _match: re.Match[str]) -> None:
    raise _build_too_often_error()


def _build_too_often_error() -> BadQuestion:
    return BadQuestion("A digest can run at most once an hour. Try hourly 9 to 18 on weekdays.")


def _reject_rare(_state: _ParserState, match: re.Match[str]) -> None:
    raise BadQuestion(
        f"Digests repeat on days of the week, so I can't use “{match[0].strip()}”. Try every Monday at 8:30."
    )


def _set_hour_step(state: _ParserState, match: re.Match[str]) -> None:
    number_word = (match["step"] or "1").lower()
    state.hour_step = _NUMBER_WORDS[number_word] if number_word in _NUMBER_WORDS else int(number_word)


def _set_time_span(state: _ParserState, match: re.Match[str]) -> None:
    state.span = (match["first"], match["last"])


def _add_day_span(state: _ParserState, match: re.Match[str]) -> None:
    first, last = _parse_day(match["first"]), _parse_day(match["last"])
    state.days.update((first + step) % 7 for step in range((last - first) % 7 + 1))


def _add_day(state: _ParserState, match: re.Match[str]) -> None:
    state.days.add(_parse_day(match[0]))


def _parse_day(word: str) -> int:
    return next(number for number, name in enumerate(DAYS) if name.startswith(word[:2].title()))


def _make_days_action(days: tuple[int, ...]) -> Callable[[_ParserState, re.Match[str]], None]:
    def apply(state: _ParserState, _match: re.Match[str]) -> None:
        state.days.update(days)

    return apply


def _set_weekly(state: _ParserState, _match: re.Match[str]) -> None:
    state.is_weekly = True


def _set_meridiem(state: _ParserState, match: re.Match[str]) -> None:
    state.meridiem = "am" if match["half"].lower() == "morning" else "pm"


def _add_time(state: _ParserState, match: re.Match[str]) -> None:
    state.times.append(match["time"])


def _ignore(_state: _ParserState, _match: re.Match[str]) -> None:
    """Skip a word without a meaning for the schedule."""


_DAY_PATTERN = (
    r"(?:mon(?:days?)?|tue(?:s(?:days?)?)?|wed(?:nes(?:days?)?)?|thu(?:r(?:s(?:days?)?)?)?|fri(?:days?)?"
    r"|sat(?:ur(?:days?)?)?|sun(?:days?)?)"
)
_RARE_PATTERN = (
    r"(?:other|second|third|fourth|last|first|next|two|three|four|\d+|\d+(?:st|nd|rd|th))"
    rf" (?:{_DAY_PATTERN}|week|day|month|year)s?"
)
_GrammarAction = Callable[[_ParserState, re.Match[str]], None]
_GRAMMAR: tuple[tuple[re.Pattern[str], _GrammarAction], ...] = tuple(
    (re.compile(rf"(?:{pattern})(?:\s+|$)", re.IGNORECASE), apply)
    for pattern, apply in (
        (r"(?:every|each) (?:[\w-]+ )?(?:minutes?|mins?|seconds?|secs?)|minutely|half-?hourly", _reject_too_often),
        (r"(?:every|each) (?:half(?: an)?|quarter(?: of an)?) hour", _reject_too_often),
        (
            rf"(?:(?:every|each|on|the) )*{_RARE_PATTERN}|monthly|fortnightly|bi-?weekly|yearly|annually|quarterly",
            _reject_rare,
        ),
        (r"(?:every|each) (?:month|year|fortnight|quarter)|once|today|tomorrow|tonight|now", _reject_rare),
        (rf"hourly|(?:every|each) (?:(?P<step>\d{{1,2}}|{'|'.join(_NUMBER_WORDS)}) )?hours?", _set_hour_step),
        (rf"between (?P<first>{TIME_PATTERN}) and (?P<last>{TIME_PATTERN})", _set_time_span),
        (rf"(?:from )?(?P<first>{TIME_PATTERN}) ?(?:-|to|until|till) ?(?P<last>{TIME_PATTERN})", _set_time_span),
        (rf"(?:from )?(?P<first>{_DAY_PATTERN}) ?(?:-|to|through|until|till) ?(?P<last>{_DAY_PATTERN})", _add_day_span),
        (r"(?:every|each) day|daily|everyday", _make_days_action(EVERY_DAY)),
        (r"(?:(?:every|each) )?(?:weekdays?|workdays?|working days?)", _make_days_action(WEEKDAYS)),
        (r"(?:(?:every|each) )?weekends?", _make_days_action(WEEKEND)),
        (r"weekly|(?:every|each) week", _set_weekly),
        (r"(?:in the |every |each |at )?(?P<half>morning|afternoon|evening|night)s?", _set_meridiem),
        (_DAY_PATTERN, _add_day),
        (rf"(?P<time>{TIME_PATTERN})", _add_time),
        (r"every|each|on|at|and|the|in|time|&|o'clock|sharp", _ignore),
    )
)
#: how a schedule starts when a topic is before it
_SCHEDULE_START = re.compile(
    r"(?:every|each|daily|everyday|hourly|weekly|monthly|fortnightly|weekdays?|weekends?|workdays?"
    rf"|{_DAY_PATTERN}|noon|midday|midnight|(?:at|from|between) {TIME_PATTERN}"
    rf"|on (?:the )?(?:weekdays?|weekends?|workdays?|every|{_DAY_PATTERN})"
    rf"|half past|quarter (?:past|to)|\d+[:.]\d\d(?: ?[ap]m)?|\d{{1,2}} ?[ap]m)(?:\s|,|-|$)",
    re.IGNORECASE,
)
