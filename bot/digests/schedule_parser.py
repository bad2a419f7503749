"""Parses a schedule as users type it: "weekdays at 8:30 and weekends at 10", "every other Monday 17:00 UK time". Pure.

Rule: the parser understands the whole text or refuses it. It quotes the part that it does not understand, with an
example that works. It never ignores a part.
"""

import re
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from bot.digests.schedule import MAX_RULES, MIN_INTERVAL, Schedule, build_schedule
from bot.digests.scheduling.assembly import EXAMPLE, build_rules
from bot.digests.scheduling.dates import DATE_PATTERN
from bot.digests.scheduling.grammar import build_too_often_error, split_items
from bot.digests.scheduling.items import (
    Item,
    MeridiemItem,
    SpanItem,
    TimeItem,
    UnknownItem,
    UnknownPart,
    ZoneItem,
)
from bot.digests.scheduling.rule import DAYS
from bot.digests.scheduling.time_of_day import TIME_PATTERN
from bot.digests.scheduling.weekdays import DAY_PATTERN, expand_letters
from bot.queries import time_zones
from briefings import BadQuestion

#: longest schedule, in characters
MAX_LENGTH = 500
_CHARACTER_REPLACEMENTS = str.maketrans(
    {"–": "-", "—": "-", "‑": "-", "−": "-", "’": "'", "(": " ", ")": " ", "@": " at "}
)
_SPELLED_WORDS = (*DAYS, "weekdays", "weekends", "daily", "every", "fortnightly", "monthly", "morning", "evening")
#: most words at the end of a topic that are compared with schedules
_MAX_TAIL = 6
#: words that cannot end a topic
_DANGLING_WORDS = frozenset(
    [
        *("and", "&", "or", "every", "each", "except", "but", "not", "next", "this", "until", "till", "from"),
        *("starting", "for", "once", "twice", "thrice", "nightly", "first", "second", "third", "fourth", "fifth"),
        *("penultimate", "2nd", "3rd", "4th", "5th"),
    ]
)
_DAY_BEFORE_DAYS = re.compile(
    rf"(?P<day>{DAY_PATTERN}) (?=(?:(?:every|each) (?:day|weekday|weekend|{DAY_PATTERN})|daily|weekdays|weekends)\b)",
    re.IGNORECASE,
)
#: days and words for days, by how they are written in lower case
_SPELLED_TAILS = {
    name.lower(): name for name in (*DAYS, *(f"{day}s" for day in DAYS), "weekdays", "weekends", "every", "fortnightly")
}
_ADVICE = f"Try {EXAMPLE}, or with a city for the time zone: {EXAMPLE} Europe/London."
_QUOTED_TOPIC = re.compile(r"\s*[\"“”„«](?P<topic>[^\"“”„«»]+)[\"“”»](?=[\s,;:]|$)")
_NAMES_DAYS = re.compile(rf"\b(?:{DAY_PATTERN}|every|each|daily|week|month|fortnight)", re.IGNORECASE)
_EXCEPTION = re.compile(r"(?<!\S)(?:except|excluding|but not|unless|other than|apart from)(?!\S)", re.IGNORECASE)
_DURATION = re.compile(r"(?:[\w-]+ ){0,3}(?:days?|weeks?|months?|years?|now|ever)", re.IGNORECASE)
_CRON_LINE = re.compile(r"(?:[\d*/,-]+ ){4}[\w*/,-]+")
_TIME_LIST = re.compile(r"(\d{1,2}(?:[:.]\d\d)?(?: ?[ap]m)?)/(?=\d{1,2}(?:[:.]\d\d| ?[ap]m))", re.IGNORECASE)
_ORDINAL = r"(?:\d{1,2}(?:st|nd|rd|th)|first|second|third|fourth|last)"
#: what is left of a schedule that was read in part: "every single", "on 3 March", "odd weeks"
_SUSPECT_TAIL = re.compile(
    rf"(?:every|each)\b.*|(?:on (?:the )?)?{DATE_PATTERN}|(?:odd|even) weeks?|(?:school|trading|market|banking) days"
    r"|(?:second|third|fourth|2nd|3rd|4th) to"
    rf"|(?:on )?(?:the )?{_ORDINAL} {DAY_PATTERN}.*|(?:mid|end|start|beginning|middle)[- ](?:of )?(?:the )?"
    r"(?:day|week|month|quarter|year)",
    re.IGNORECASE,
)
_OF_MONTH = r"(?:of|in) (?:the|every|each) month"
#: how a schedule starts when a topic is before it; these words are hardly ever part of a topic
_STRONG_PATTERN = (
    r"(?:(?:on )?(?:every|each) (?:other |second |two |\d+ )?"
    rf"(?:days?|weeks?|weekdays?|weekends?|hours?|months?|{DAY_PATTERN})"
    r"|(?:every|each) (?:\w+ )?(?:minutes?|hours?|morning|evening|afternoon|night|quarter|year|fortnight)"
    r"|(?:on )?(?:weekdays|weekends|workdays)|fortnightly|bi-?weekly"
    rf"|(?:on )?(?:the )?{_ORDINAL} (?:(?:weekday|workday|(?:working |business )?day|{DAY_PATTERN}) )?{_OF_MONTH}"
    r"|(?:once|twice|\w+ times) (?:a|per) (?:day|week|month))"
)
_STRONG_START = re.compile(rf"{_STRONG_PATTERN}(?:\s|[,;:]|$)", re.IGNORECASE)
_SCHEDULE_START = re.compile(
    rf"(?:{_STRONG_PATTERN}|every|each|daily|everyday|hourly|weekly|monthly|fortnightly|weekdays?|weekends?|workdays?"
    r"|once (?:every|each)|all days|(?:seven|7) days a week|(?:working|business|week) days?"
    r"|(?:mon|tue|wed|thu|fri|sat|sun)[a-z']*(?:[-/+&,](?:mon|tue|wed|thu|fri|sat|sun)[a-z']*)+"
    rf"|{DAY_PATTERN}|noon|midday|midnight|(?:at|from|between) {TIME_PATTERN}"
    rf"|(?-i:(?:M|Tu?|Th?|W|R|F|Sa|Su)(?:[-/+&](?:M|Tu?|Th?|W|R|F|Sa|Su))+|MWF|TTh|TuTh|MTWThF|MTWRF)"
    rf"|(?:on )?(?:the )?{_ORDINAL}(?:(?: ?, ?| and | & )(?:the )?{_ORDINAL})* "
    rf"(?:{DAY_PATTERN}|weekday|workday|(?:working |business )?day|of the month)"
    rf"|(?:on )?(?:the )?\d{{1,2}}(?:st|nd|rd|th)|bi-?weekly|alternate (?:{DAY_PATTERN}|weeks|days)"
    r"|(?:twice|once|\w+ times) (?:daily|weekly|a day|a week|a month)|twice"
    r"|(?:end|start|beginning) of (?:the|every|each) month"
    rf"|on (?:the )?(?:weekdays?|weekends?|workdays?|every|alternate|{DAY_PATTERN})"
    r"|(?:starting|beginning) "
    rf"|half past|quarter (?:past|to)|\d+[:.]\d\d(?: ?[ap]m)?|\d{{1,2}} ?[ap]m|0\d[0-5]\d)(?:\s|[,;:]|-|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DigestRequest:
    """A parsed request: the topic or words, the schedule, and the IANA name of its time zone."""

    query: str
    schedule: Schedule
    zone: str
    #: whether the text says on which days; without, the schedule is for every day
    names_days: bool = True


def parse_schedule(raw_text: str, zone: str, today: date | None = None) -> tuple[Schedule, str]:
    """Return the schedule and its zone: the zone in the text, or else `zone`.

    `today` is for start dates such as "next Monday". Raises BadQuestion, with an example that works.
    """
    text = _normalize(raw_text)
    if not text:
        raise BadQuestion(f"When should I post it? Try {EXAMPLE}, or every Monday at 17:00 Europe/London.")
    if len(text) > MAX_LENGTH:
        raise BadQuestion(f"That schedule is too long. Try {EXAMPLE}.")
    if _CRON_LINE.fullmatch(text):
        raise BadQuestion(f"I can't read the cron line “{text}”. Write it in words, for example: {EXAMPLE}")
    items = split_items(text, today)
    parsed_zone = _parse_zone(items, zone)
    schedule = build_schedule(build_rules([item for item in items if not isinstance(item, ZoneItem | UnknownItem)]))
    if len(schedule.rules) > MAX_RULES:
        raise BadQuestion(f"That schedule is too long. Try {EXAMPLE}.")
    if schedule.shortest_interval < MIN_INTERVAL:
        raise build_too_often_error()
    return schedule, parsed_zone


def names_days(raw_text: str, today: date | None = None) -> bool:
    """Whether a text that `parse_schedule` understands has more than times and a zone: "at 9:30 UK time" has not."""
    kinds = (TimeItem, MeridiemItem, ZoneItem, UnknownItem)
    return not all(isinstance(item, kinds) for item in split_items(_normalize(raw_text), today))


def parse_request(text: str, zone: str, today: date | None = None) -> DigestRequest | None:
    """Split the text into a topic and the longest schedule after it. Return None without a schedule.

    A topic in quotation marks is never read as a schedule. Raises BadQuestion if the schedule is invalid or the topic
    is missing.
    """
    if quoted_topic := _QUOTED_TOPIC.match(text):
        rest = text[quoted_topic.end() :].strip(" ,;:")
        if not rest:
            return None
        if _SCHEDULE_START.match(rest):
            return DigestRequest(quoted_topic["topic"].strip(), *parse_schedule(rest, zone, today))
    if cron_line := re.search(rf"(?<!\S){_CRON_LINE.pattern}$", text.strip()):
        return DigestRequest(text, *parse_schedule(cron_line[0], zone, today))
    request, error = _parse_topic_first(text, quoted_topic.end() if quoted_topic else 0, zone, today)
    request = request or _parse_topic_last(text, zone, today)
    if request is None and error:
        raise error
    return request


def _parse_topic_first(
    text: str, topic_end: int, zone: str, today: date | None
) -> tuple[DigestRequest | None, BadQuestion | None]:
    """Return the request of a topic and the longest schedule after it, or the error of the first schedule.

    The schedule starts after `topic_end`. Raises BadQuestion if the topic is missing.
    """
    first_error: BadQuestion | None = None
    first_error_start = 0
    for start in re.finditer(r"(?<!\S)\S", text):
        query = text[: start.start()].strip(" ,;:-–—")
        schedule_text = expand_letters(" ".join(text[start.start() :].translate(_CHARACTER_REPLACEMENTS).split()))
        if start.start() < topic_end or not _SCHEDULE_START.match(schedule_text):
            continue
        try:
            schedule, parsed_zone = parse_schedule(schedule_text, zone, today)
        except BadQuestion as error:
            first_error_start = start.start() if first_error is None else first_error_start
            first_error = first_error or error
            # a text whose words are all understood is a schedule, even if it is unclear
            if not isinstance(error, UnknownPart) or _STRONG_START.match(schedule_text):
                break
            continue
        if first_error and _is_part_of_schedule(text[first_error_start : start.start()], schedule_text):
            break
        if not query:
            raise BadQuestion(f"What is the digest about? Try labour-crisis {EXAMPLE}.")
        if day := _DAY_BEFORE_DAYS.match(schedule_text):  # "Black Friday weekdays at 9"
            rest = parse_schedule(schedule_text[day.end() :], zone, today)[0]
            raise _build_topic_error(f"{query} {day['day']}", day["day"], rest)
        _check_topic(query, schedule)
        return DigestRequest(query, schedule, parsed_zone, names_days(schedule_text, today)), None
    return None, first_error


def _parse_topic_last(text: str, zone: str, today: date | None) -> DigestRequest | None:
    """Return the request of "every Monday at 9 about strikes", or None."""
    for match in re.finditer(r" (?:about|for|regarding) ", text, re.IGNORECASE) if _SCHEDULE_START.match(text) else ():
        query = text[match.end() :].strip()
        try:
            schedule, parsed_zone = parse_schedule(text[: match.start()], zone, today)
        except BadQuestion:
            continue
        if query and not _SCHEDULE_START.match(query) and not _DURATION.fullmatch(query):
            return DigestRequest(query, schedule, parsed_zone)
    return None


def _is_part_of_schedule(skipped_text: str, schedule_text: str) -> bool:
    """Whether text that could not be read is a part of the schedule, not of the topic before it."""
    names_days = re.match(rf"(?:on )?(?:the )?{DAY_PATTERN}", skipped_text, re.IGNORECASE)
    is_complete = _NAMES_DAYS.search(schedule_text)
    return bool(_EXCEPTION.search(skipped_text)) or bool(names_days and not is_complete)


def _check_topic(query: str, schedule: Schedule) -> None:
    """Refuse a topic whose last words may belong to the schedule, as in "strikes Wedensday at 9".

    Raises BadQuestion, with the topic in quotation marks.
    """
    words = query.split(" ")
    tails = [" ".join(words[-size:]) for size in range(1, min(len(words), _MAX_TAIL + 1))]
    if not tails:
        return
    last_word = words[-1].casefold().strip(",;:")
    close_words = get_close_matches(last_word, _SPELLED_TAILS, 1, 0.82)
    suspect = next((tail for tail in tails if _is_schedule_text(tail)), None)
    suspect = suspect or next((tail for tail in reversed(tails) if _SUSPECT_TAIL.fullmatch(tail)), None)
    if last_word in _DANGLING_WORDS or close_words:
        suspect = suspect or words[-1]
    if suspect is None:
        return
    hint = f" (did you mean {_SPELLED_TAILS[close_words[0]]}?)" if close_words and last_word not in close_words else ""
    raise _build_topic_error(query, suspect, schedule, hint)


def _build_topic_error(query: str, suspect: str, schedule: Schedule, hint: str = "") -> BadQuestion:
    return BadQuestion(
        f"I'm not sure about “{suspect}”{hint}. If it is part of the topic, put the topic in quotation marks: "
        f'/digest "{query}" {schedule}. If not, write the schedule in one piece, for example: {EXAMPLE}'
    )


def _is_schedule_text(text: str) -> bool:
    """Whether every word of a text belongs to schedules, and it is more than a number."""
    if _EXCEPTION.match(text) or (text.casefold().endswith(" time") and time_zones.is_zone_text(text)):
        return True
    try:
        items = split_items(_normalize(text), None)
    except UnknownPart:
        return False
    except BadQuestion:
        return True
    return any(not isinstance(item, TimeItem | SpanItem) for item in items) and not any(
        isinstance(item, UnknownItem) for item in items
    )


def _normalize(raw_text: str) -> str:
    text = expand_letters(" ".join(raw_text.translate(_CHARACTER_REPLACEMENTS).split()))
    text = _TIME_LIST.sub(r"\1, ", text).replace(" / ", ", ")
    text = re.sub(r"(?<=[a-z]):(?=\s|$)", "", text)
    return " ".join(re.sub(r"\s*[,;]+\s*", ", ", text).split()).strip(" ,").rstrip(".!?").strip(" ,")


def _parse_zone(items: list[Item], zone: str) -> str:
    """Return the zone that the items name, or `zone`. Raises BadQuestion for words that are not a zone."""
    zone_by_text: dict[str, str] = {}
    for item in items:
        if isinstance(item, ZoneItem):
            zone_by_text[item.text] = time_zones.parse_zone(item.text)
        elif isinstance(item, UnknownItem):
            if not time_zones.is_own_zone(item.text):
                zone_by_text[item.text] = _parse_zone_words(item.text)
            else:
                zone_by_text[item.text] = zone
    if len(set(zone_by_text.values())) > 1:
        texts = list(zone_by_text)
        raise BadQuestion(
            f"“{texts[0]}” and “{texts[1]}” are two time zones; a digest has one. Try {EXAMPLE} Europe/London."
        )
    return next(iter(zone_by_text.values()), zone)


def _parse_zone_words(text: str) -> str:
    try:
        return time_zones.parse_zone(text)
    except BadQuestion as error:
        if time_zones.is_zone_text(text):
            raise UnknownPart(str(error)) from error
    raise UnknownPart(f"I don't understand “{text}”{_suggest_spelling(text)}. {_ADVICE}")


def _suggest_spelling(text: str) -> str:
    names = {name.lower(): name for name in _SPELLED_WORDS}
    close_words = [get_close_matches(word.lower(), names, 1, 0.75) for word in text.split()]
    suggestion = next((names[words[0]] for words in close_words if words), None)
    return f" (did you mean {suggestion}?)" if suggestion else ""
