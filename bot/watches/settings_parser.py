"""Parses `/watch quiet …` and `/watch limit …`, the settings of a channel. Pure.

Rule: a text that starts like a setting but has no time or number is not a setting, because "quiet revolution"
and "limit on immigration" are words to watch. One unknown word behind `quiet` or `limit` is quoted back.
"""

import re
from dataclasses import dataclass

from bot.digests.scheduling.time_of_day import TIME_PATTERN, parse_time_of_day
from bot.queries import time_zones
from bot.queries.queries import UsageMessage
from bot.watches.model import MAX_LIMIT
from bot.watches.quiet_hours import QuietHours
from briefings import BadQuestion

QUIET_EXAMPLE, LIMIT_EXAMPLE = "/watch quiet 22:00-07:00", "/watch limit 10"
_QUIET = re.compile(
    r"(?:set |be |keep |stay |go |turn )?(?:quiet|silent|silence|do not disturb|don't disturb|dnd"
    r"|no (?:alerts|messages|posts)|nothing)(?: (?:hours?|times?|period|here))?\b[:=]?(?P<rest>.*)",
    re.IGNORECASE,
)
_HOURS = re.compile(
    rf"(?:(?:from|between|after|at|to) )?(?P<start>{TIME_PATTERN}) ?(?:-|–|—|to|and|till|until|til|through|,)+ ?"
    rf"(?P<end>{TIME_PATTERN})(?: (?:in |, ?)?(?P<zone>.+))?",
    re.IGNORECASE,
)
_OFF = re.compile(r"(?:off|none|no|never|stop|clear|remove|delete|disable|end|cancel|reset|always on)", re.IGNORECASE)
_LIMIT = re.compile(
    r"(?:set )?(?:the )?(?:limit|max(?:imum)?|at most|no more than|up to|cap)(?: (?:to|of|at|is))?\b[:=]?(?P<rest>.*)",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?P<number>\d{1,9})(?: (?:messages?|notices?|alerts?|posts?|matches|times))?"
    r"(?: ?(?:an|per|each|every|a|/) ?(?:hour|hr|h))?(?: (?:here|in this channel))?",
    re.IGNORECASE,
)
_NUMBER_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_NO_LIMIT = re.compile(r"(?:off|none|no limit|unlimited|never|remove|disable|infinite)", re.IGNORECASE)
_OWN_ZONE = re.compile(r"(?:my|our|local)(?: own| local)? time", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class QuietCommand:
    """Set quiet hours; without `hours`, remove them. With `is_question`, only show the settings.

    `zone` is "" for the channel's zone, or the user's own.
    """

    hours: QuietHours | None = None
    zone: str = ""
    is_question: bool = False


@dataclass(frozen=True, slots=True)
class LimitCommand:
    """Set the most messages an hour, None for no limit; only show the settings if `is_question`."""

    limit: int | None = None
    is_question: bool = False


def parse_settings_command(text: str) -> QuietCommand | LimitCommand | UsageMessage | None:
    """Parse the text after `/watch`, one line. Return None for any other text."""
    if match := _QUIET.fullmatch(text.strip(" .!?")):
        return _parse_quiet(text.split()[0].casefold(), match["rest"].strip(" :,="))
    if match := _LIMIT.fullmatch(text.strip(" .!?")):
        return _parse_limit(match["rest"].strip(" :,="), is_certain=text.split()[0].casefold() in ("limit", "set"))
    return None


def parse_hours(text: str) -> QuietHours:
    """Parse hours such as "22:00-07:00" or "10pm to 7am". Raises BadQuestion."""
    match = _HOURS.fullmatch(" ".join(text.split()))
    if match is None or match["zone"]:
        raise BadQuestion(f"I couldn't read “{text[:80]}” as quiet hours. Try 22:00-07:00.")
    return _build_hours(match)


def _parse_quiet(first_word: str, rest: str) -> QuietCommand | UsageMessage | None:
    if not rest:
        # "silent" and "nothing" are words to watch; "quiet" asks for the setting
        return QuietCommand(is_question=True) if first_word in ("quiet", "silence", "dnd") else None
    if _OFF.fullmatch(rest):
        return QuietCommand()
    match = _HOURS.fullmatch(rest)
    if match is None:
        has_digit = re.search(r"\d", rest) is not None
        if has_digit or (first_word == "quiet" and len(rest.split()) == 1):
            return UsageMessage(
                f"I couldn't read “{rest[:80]}” as quiet hours. Try {QUIET_EXAMPLE} or /watch quiet off. "
                f'To watch for words, put them in quotation marks: /watch "{first_word} {rest[:80]}"'
            )
        return None
    try:
        zone = match["zone"] or ""
        is_own_zone = not zone or _OWN_ZONE.fullmatch(zone.strip("() "))
        return QuietCommand(_build_hours(match), "" if is_own_zone else time_zones.parse_zone(zone.strip("() ")))
    except BadQuestion as error:
        return UsageMessage(str(error))


def _build_hours(match: re.Match[str]) -> QuietHours:
    """Return the hours of a match. Raises BadQuestion."""
    texts = (match["start"], match["end"])
    try:
        start, end = (parse_time_of_day(text) for text in texts)
    except BadQuestion as error:
        raise BadQuestion(f"I couldn't read “{match[0][:80]}” as quiet hours. Try {QUIET_EXAMPLE}") from error
    if start == end:
        raise BadQuestion(
            f"Quiet hours must start and end at different times, not {start:%H:%M} twice. Try {QUIET_EXAMPLE}"
        )
    return QuietHours(start, end)


def _parse_limit(rest: str, *, is_certain: bool) -> LimitCommand | UsageMessage | None:
    """Return the command; None for other words behind "max" and "up to", which are words to watch."""
    if not rest:
        return LimitCommand(is_question=True) if is_certain else None
    if _NO_LIMIT.fullmatch(rest):
        return LimitCommand()
    words = [str(_NUMBER_WORDS.index(word.lower())) if word.lower() in _NUMBER_WORDS else word for word in rest.split()]
    match = _NUMBER.fullmatch(" ".join(words))
    if match is None:
        return _explain_limit(rest) if is_certain and len(words) == 1 else None
    number = int(match["number"])
    return LimitCommand(number) if 1 <= number <= MAX_LIMIT else _explain_limit(rest)


def _explain_limit(text: str) -> UsageMessage:
    return UsageMessage(
        f"The limit is a number of messages an hour from 1 to {MAX_LIMIT}, not “{text[:80]}”. "
        f"Try {LIMIT_EXAMPLE} or /watch limit off. To stop all messages for now, pause the watches: /watch pause all"
    )
