"""The grammar of typed schedules: splits a text into items. Pure.

Rule: every word becomes part of an item, or is one of the few words without a meaning ("on", "at"). Words that the
grammar does not know become an UnknownItem, and are never dropped.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.digests.scheduling import dates, month_days
from bot.digests.scheduling.items import (
    CountItem,
    CycleItem,
    DayItem,
    ExceptItem,
    HourlyItem,
    Item,
    MeridiemItem,
    SpanItem,
    StartItem,
    TimeItem,
    UnknownItem,
    UnknownPart,
    ZoneItem,
)
from bot.digests.scheduling.rule import DAYS, EVERY_DAY, WEEKDAYS, WEEKEND, Cycle, Repeat
from bot.digests.scheduling.time_of_day import HOUR_PATTERN, TIME_PATTERN
from bot.digests.scheduling.weekdays import DAY_PATTERN, DAYS_PATTERN, parse_day, parse_days
from bot.queries.time_zones import OFFSET_PATTERN
from briefings import BadQuestion

_NUMBER_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10, "twelve": 12}
_NUMBER = rf"(?:\d{{1,2}}|{'|'.join(_NUMBER_WORDS)})"
_COUNT = rf"(?:once|twice|thrice|{_NUMBER}(?: times| days|x))"
_EXCEPT = (
    r"(?:except(?:ing)?(?: for)?|excluding|excl\.?|but(?: not| no)?|bar|minus|not|other than|apart from"
    r"|skip(?:ping)?|without|no)"
)
#: longest intervals
_MAX_WEEKS, _MAX_DAYS = 12, 31
_CONNECTORS = (",", "and", "&", "+", "plus", "as well as")
_OTHER = r"(?:on )?(?:(?:every|each) (?:other|alternate)|alternate)"
_GENERAL_DAYS = {"day": EVERY_DAY, "weekday": WEEKDAYS, "workday": WEEKDAYS, "weekend": WEEKEND}
_EXAMPLE = "weekdays at 8:30"
_PERIOD_WORDS = r"(?:month|year|quarter|fortnight)s?"

Match = re.Match[str]
_ItemMaker = Callable[[Match, date | None], Item | None]


def split_items(text: str, today: date | None) -> list[Item]:
    """Return the items of a text with single spaces, in order. `today` is for dates without a year.

    Raises BadQuestion for a part that is understood and that no schedule can have.
    """
    items: list[Item] = []
    position = 0
    is_joined = False
    #: words without a meaning since the last item, which belong to unknown words on both sides of them
    ignored_words = ""
    while position < len(text):
        match, item = _match_next(text, position, today)
        position = match.end()
        if item is None:
            ignored_words += match[0]
            is_joined = is_joined or match[0].strip() in _CONNECTORS
            continue
        if isinstance(item, DayItem) and is_joined:
            item = replace(item, is_joined=True)
        if isinstance(item, UnknownItem) and not is_joined and items and isinstance(items[-1], UnknownItem):
            items[-1] = UnknownItem(" ".join(f"{items[-1].text} {ignored_words}{item.text}".split()))
        else:
            items.append(item)
        is_joined, ignored_words = False, ""
    return items


def _match_next(text: str, position: int, today: date | None) -> tuple[Match, Item | None]:
    for pattern, make_item in _GRAMMAR:
        if match := pattern.match(text, position):
            return match, make_item(match, today)
    word = _WORD.match(text, position)
    assert word is not None  # noqa: S101 - the text has no leading space at a position
    return word, UnknownItem(word[0].strip())


def _reject_too_often(_match: Match, _today: date | None) -> Item | None:
    raise build_too_often_error()


def build_too_often_error() -> BadQuestion:
    """Return the error for a schedule with more than one run in an hour."""
    return BadQuestion("A digest can run at most once an hour. Try hourly 9 to 18 on weekdays.")


def _reject_once(match: Match, _today: date | None) -> Item | None:
    raise BadQuestion(f"A digest repeats, so I can't use “{match[0].strip()}”. Try every Monday at 8:30.")


def _reject_period(match: Match, _today: date | None) -> Item | None:
    raise BadQuestion(
        f"I can't use “{match[0].strip()}”: a digest repeats on days of the week or of the month. "
        "Try the first Monday of the month at 8:30."
    )


def _ask_fortnight(match: Match, _today: date | None) -> Item | None:
    raise BadQuestion(
        f"“{match[0].strip()}” could be every other week or twice a week. Try every other Monday at 8:30, or every "
        "Monday and Thursday at 8:30."
    )


def _ask_weekday(match: Match, _today: date | None) -> Item | None:
    raise BadQuestion(
        f"“{match[0].strip()}” could mean several things. Try every Monday, Wednesday and Friday at 8:30, or every "
        "other week on weekdays at 8:30."
    )


def _ask_half(match: Match, _today: date | None) -> Item | None:
    raise BadQuestion(f"“{match[0].strip()}” could be two times. Try half past eight on weekdays, or {_EXAMPLE}.")


def _reject_end(match: Match, _today: date | None) -> Item | None:
    raise UnknownPart(
        f"I can't use “{match[0].strip()}”: a digest has no end date. Schedule it without one, and stop it later with "
        f"/digest stop. Try {_EXAMPLE}."
    )


def _ask_ordinal(match: Match, _today: date | None) -> Item | None:
    day = DAYS[parse_day(match["day"])]
    number = {"se": 2, "2n": 2, "th": 3, "3r": 3}.get(match["ordinal"][:2].lower(), 4)
    weeks = f"every other {day}" if number == 2 else f"every {number} weeks on {day}"
    period = "every other week" if number == 2 else f"every {number} weeks"
    raise BadQuestion(
        f"“{match[0].strip()}” could be {period} or once a month. Try {weeks} at 8:30, or the "
        f"{match['ordinal']} {day} of the month at 8:30."
    )


def _reject_excluded(match: Match, _today: date | None) -> Item | None:
    raise UnknownPart(
        f"I don't understand “{match[0].strip()}”: I can leave out days of the week, but no holidays or dates. "
        "Try every day except Friday at 8:30."
    )


def _make_hourly(match: Match, _today: date | None) -> Item:
    return HourlyItem(match[0].strip(), _parse_number(match["step"] or "1"))


def _make_span(match: Match, _today: date | None) -> Item:
    return SpanItem(match[0].strip(), match["first"], match["last"])


def _make_interval(match: Match, _today: date | None) -> Item:
    text = match[0].strip()
    number = _parse_number(match["number"]) if match["number"] else 2
    repeat = Repeat.DAYS if match["unit"].lower() == "day" else Repeat.WEEKS
    if not 1 <= number <= (_MAX_DAYS if repeat is Repeat.DAYS else _MAX_WEEKS):
        raise BadQuestion(
            f"I can't use “{text}”: the longest interval is {_MAX_WEEKS} weeks or {_MAX_DAYS} days. Try every other "
            "Monday at 8:30."
        )
    if repeat is Repeat.DAYS:
        return DayItem(text, EVERY_DAY, Cycle(repeat, (number,)))
    return CycleItem(text, Cycle(repeat, (number,)))


def _make_fortnight(match: Match, _today: date | None) -> Item:
    return CycleItem(match[0].strip(), Cycle(Repeat.WEEKS, (2,)))


def _make_every_other(match: Match, _today: date | None) -> Item:
    return DayItem(match[0].strip(), parse_days(match["days"]), Cycle(Repeat.WEEKS, (2,)))


def _make_monthly(match: Match, _today: date | None) -> Item:
    return CycleItem(match[0].strip(), None)


def _make_weekly(match: Match, _today: date | None) -> Item:
    return CycleItem(match[0].strip(), Cycle())


def _make_general_days(match: Match, _today: date | None) -> Item:
    name = match["name"].lower().replace("working day", "workday").replace("business day", "workday")
    name = name.replace("week day", "weekday").rstrip("s")
    return DayItem(match[0].strip(), _GENERAL_DAYS[name], is_general=True)


def _make_daily(match: Match, _today: date | None) -> Item:
    return DayItem(match[0].strip(), EVERY_DAY, is_general=True)


def _make_days(match: Match, _today: date | None) -> Item:
    return DayItem(match[0].strip(), parse_days(match["days"]))


def _make_except(match: Match, _today: date | None) -> Item:
    return ExceptItem(match[0].strip(), parse_days(match["days"]))


def _make_meridiem(match: Match, _today: date | None) -> Item:
    is_prefix = bool(match["every"]) or match["plural"] == "s"
    return MeridiemItem(match[0].strip(), "am" if match["half"].lower() == "morning" else "pm", is_prefix)


def _make_count(match: Match, _today: date | None) -> Item:
    word = match["count"].lower().removesuffix(" times").removesuffix(" days").removesuffix("x")
    count = {"once": 1, "twice": 2, "thrice": 3}.get(word) or _parse_number(word)
    return CountItem(match[0].strip(), count, {"daily": "day", "weekly": "week"}.get(match["unit"], match["unit"]))


def _make_start(match: Match, today: date | None) -> Item:
    return StartItem(match[0].strip(), dates.parse_start(match["date"], today))


def _make_day_position(match: Match, _today: date | None) -> Item:
    return month_days.parse_positions(match)


def _make_dates(match: Match, _today: date | None) -> Item:
    return month_days.parse_month_days(match)


def _make_time(match: Match, _today: date | None) -> Item:
    return TimeItem(match["time"])


def _make_zone(match: Match, _today: date | None) -> Item:
    return ZoneItem(match[0].strip())


def _ignore(_match: Match, _today: date | None) -> Item | None:
    return None


def _parse_number(word: str) -> int:
    return _NUMBER_WORDS[word.lower()] if word.lower() in _NUMBER_WORDS else int(word)


_ARTICLES = r"(?:(?:on|every|each|all|the|from) )*"
_GENERAL = r"(?P<name>week ?days?|workdays?|working days?|business days?|weekends?)"
_GRAMMAR: tuple[tuple[re.Pattern[str], _ItemMaker], ...] = tuple(
    (re.compile(rf"(?:{pattern})(?: |(?=,)|$)", re.IGNORECASE), make_item)
    for pattern, make_item in (
        (r",|and|&|\+|plus|as well as", _ignore),
        (OFFSET_PATTERN, _make_zone),
        (rf"(?:starting|beginning|commencing|as of|from)(?: on)?(?: the)? (?P<date>{dates.DATE_PATTERN})", _make_start),
        (r"(?:every|each) day|daily|everyday|all days|(?:seven|7) days a week", _make_daily),
        (rf"(?P<count>{_COUNT}) ?(?:a|per|each|every) (?P<unit>day|week|month)", _make_count),
        (rf"(?P<count>{_COUNT}) (?P<unit>daily|weekly)", _make_count),
        # how days repeat
        (r"bi-?weekly|bi-?monthly|semi-?weekly|semi-?monthly", _ask_fortnight),
        (
            rf"(?:every|each)(?: the)? (?P<ordinal>second|2nd|third|3rd|fourth|4th) (?P<day>{DAY_PATTERN})"
            r"(?! (?:of|in) (?:the|every|each|a) month| monthly)",
            _ask_ordinal,
        ),
        (rf"(?:on )?{month_days.POSITIONS_PATTERN}", _make_day_position),
        (rf"(?:on )?{month_days.MONTH_DAYS_PATTERN}", _make_dates),
        (rf"{_OTHER} (?:week ?|work|working |business )days?", _ask_weekday),
        (rf"{_OTHER} (?P<days>{DAYS_PATTERN})", _make_every_other),
        (
            rf"(?:on )?(?:every (?:other|alternate|second|2nd|(?P<number>{_NUMBER}))|alternate) (?P<unit>week|day)s?"
            r"(?: on)?",
            _make_interval,
        ),
        (r"(?:every|each) (?:[\w-]+ )?(?:minutes?|mins?|seconds?|secs?)|minutely|half-?hourly", _reject_too_often),
        (r"(?:every|each) (?:half(?: an)?|quarter(?: of an)?) hour|half past every hour", _reject_too_often),
        (r"fortnightly|(?:every|each|once a|a) fortnight(?: on)?", _make_fortnight),
        (r"monthly|(?:every|each) month|of (?:the|every|each) month|once (?:a|per) month", _make_monthly),
        (r"weekly|(?:every|each) week(?: on)?", _make_weekly),
        (rf"(?:every|each) (?:(?:{_NUMBER}|other|second|third) )?{_PERIOD_WORDS}|yearly|annually|quarterly",
         _reject_period),
        (r"once(?= (?:every|each) )", _ignore),
        (rf"once|today|tomorrow|tonight|now|(?:next|this) (?:{DAY_PATTERN}|week|month)", _reject_once),
        # days that are left out
        (rf"{_EXCEPT}(?: on| the| every)* (?P<days>{DAYS_PATTERN})", _make_except),
        (rf"{_EXCEPT}(?: on| the)* {dates.DATE_PATTERN}", _reject_excluded),
        (rf"{_EXCEPT}(?: (?!(?:at|on|from) |\d{{1,4}}(?:[:.h]|[ap]m|[\s,]|$))[^\s,]+){{0,6}}", _reject_excluded),
        # times
        (rf"hourly|(?:every|each) (?:(?P<step>{_NUMBER}) ?)?(?:hours?|hrs?|h)", _make_hourly),
        (rf"between (?P<first>{TIME_PATTERN}) (?:and|to|-) (?P<last>{TIME_PATTERN})", _make_span),
        (rf"(?:from )?(?P<first>{TIME_PATTERN}) ?(?:-|to|until|till) ?(?P<last>{TIME_PATTERN})", _make_span),
        # days of the week
        (rf"{_ARTICLES}(?P<days>{DAY_PATTERN} ?(?:-|to|through|thru|until|till) ?{DAY_PATTERN})", _make_days),
        (rf"{_ARTICLES}{_GENERAL}", _make_general_days),
        (rf"{_ARTICLES}(?P<days>{DAY_PATTERN})", _make_days),
        (r"(?P<every>every |each )?(?:in the |at )?(?P<half>morning|afternoon|evening|night)(?P<plural>s?)",
         _make_meridiem),
        (rf"half (?:{HOUR_PATTERN})", _ask_half),
        (rf"(?P<time>{TIME_PATTERN})", _make_time),
        (r"for (?:[\w-]+ ){0,3}(?:days?|weeks?|months?|years?)|(?:until|till|ending)(?: [^\s,]+){1,3}", _reject_end),
        (r"every|each|on|at|the|in|time|o'clock|sharp|only|also|then|please", _ignore),
    )
)  # fmt: skip
_WORD = re.compile(r"(?:[^\s,]+|,)(?: |(?=,)|$)")
