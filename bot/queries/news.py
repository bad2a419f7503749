"""Reads requests for the news of some days: "today", "what's the news this week?", "yesterday's headlines". Pure.

Rule: a text is such a request only if all of it is understood. Words in quotation marks are searched for.
"""

import re
from datetime import date, timedelta

from bot.queries.filters import parse_days
from bot.queries.grammar.names import NO_NAMES, KnownNames
from bot.queries.grammar.readings import read_briefing
from bot.queries.queries import SUBJECT_PREFIX, NewsQuery
from bot.queries.slack_text import read_slack_text

#: longest request, in characters
_MAX_CHARACTERS = 120
_QUOTE_MARKS = re.compile(r"[\"“”„«»]")
_COURTESY = (
    r"(?:(?:please|hi|hello|hey|ok|and|so)\b[\s,]*)*"
    r"(?:(?:can|could|will|would) (?:you|i|we)(?: please)? "
    r"|(?:i|we)(?:'d| would)? (?:like|want|need)(?: to (?:see|get|know|hear))? )?"
)
_REQUEST = (
    r"(?P<request>(?:what(?:'?s| is| are| was| were| has| have| did| else)?|which|any|give|show|tell|get|send|read)"
    r"(?: (?:me|us))?(?: about)? "
    r"|(?:brief|update|catch|fill)(?: (?:me|us))?(?: up)?(?: in)?(?: (?:on|about|with))? "
    r"|(?:an? |the |your )?(?:quick |short )?(?:summary|overview|briefing|roundup|round-up|recap|summari[sz]e)"
    r"(?: (?:of|on|for|about))? )?"
)
_BEGINNING = re.compile(rf"{_COURTESY}{_REQUEST}(?:(?:the|all the|all|any|some|our|your) )?", re.IGNORECASE)
_ADJECTIVES = r"(?:(?:latest|top|main|biggest|big|major|important|most important|lead|leading|new|daily|weekly) )*"
#: what can be asked for without a day
_NEWS = (
    rf"(?:{_ADJECTIVES}(?:news|headlines?)(?: stories)?"
    r"|(?:top|main|biggest|lead|leading|most important) stor(?:y|ies))"
)
_EVENTS = (
    rf"(?:{_NEWS}|{_ADJECTIVES}stor(?:y|ies)|(?:been )?(?:happening|happened|happen|going on|reported)"
    r"|in the (?:news|headlines|papers)|(?P<vague>new|up|on))"
)
_BEFORE = re.compile(
    rf"(?:{_EVENTS})(?: (?:there|that happened|happening|going on))?(?: (?:of|for|from|on|in|during))?(?: |$)",
    re.IGNORECASE,
)
#: requests after which "new", "up" and "on" ask for the news: "what's new today", but not "a briefing on the new day"
_WHAT = re.compile(r"(?:what|any)", re.IGNORECASE)
_WEEKLY = re.compile(r"\bweekly\b", re.IGNORECASE)
_AFTER = re.compile(rf"(?:'s|’s|s'|s’)? {_NEWS}$", re.IGNORECASE)
_ALONE = re.compile(rf"{_NEWS}(?: (?:now|right now|please|so far))?", re.IGNORECASE)
_RELATIVE = re.compile(
    r"\b(?:to-?day|tonight|yesterday|morning|afternoon|evening|week(?:end)?|month|year|days?|hours?|now|news|headlines?|stor(?:y|ies)"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.IGNORECASE,
)
_ENDING = re.compile(r"[\s,]*(?:\b(?:please|thanks|thank you|so far)\b)?[\s?!.,…]*$", re.IGNORECASE)
#: other words for the current day and week
_TODAY = re.compile(r"(?:the |this )?(?:day|now|right now|morning|afternoon|evening|tonight|moment)", re.IGNORECASE)
_WEEK = re.compile(r"(?:the |this )?week", re.IGNORECASE)


def parse_news(text: str, today: date, names: KnownNames = NO_NAMES) -> NewsQuery | None:
    """Return the query in a request for the news, or None for any other text."""
    line = _ENDING.sub("", read_slack_text(text[: 8 * _MAX_CHARACTERS]).replace("’", "'"))
    if not line or len(line) > _MAX_CHARACTERS or _QUOTE_MARKS.search(line) or names.find_topic(line):
        return None
    if names.is_person(SUBJECT_PREFIX.sub("", line)):
        return None
    beginning = _BEGINNING.match(line)
    is_request = bool(beginning and beginning["request"])
    for candidate in dict.fromkeys((line, line[beginning.end() :] if beginning else line)):
        if _ALONE.fullmatch(candidate) and not _find_outlet(candidate, names):
            return NewsQuery(_get_monday(today) if _WEEKLY.search(candidate) else today, today)
        before = _BEFORE.match(candidate)
        if before and before["vague"] and not (beginning and _WHAT.match(beginning["request"] or "")):
            before = None
        rest = candidate[before.end() :] if before else candidate
        if outlet := _find_outlet(rest, names):
            return NewsQuery(today, today, outlet) if before or is_request else None
        after = _AFTER.search(rest)
        days = rest[: after.start()] if after else rest
        if query := _parse_days(days, today, names, is_news=bool(before or after), is_request=is_request):
            return query
    return None


def is_relative(text: str) -> bool:
    """Whether the days of a request may depend on the day on which it is made."""
    return _RELATIVE.search(text) is not None


def _find_outlet(text: str, names: KnownNames) -> str | None:
    """Return the outlet with this name, such as "Sunday News". A single word, such as "Today", does not count."""
    has_words = len(re.sub(r"^the ", "", text, flags=re.IGNORECASE).split()) > 1
    return names.find_outlet(text) if has_words and _AFTER.search(text) else None


def _get_monday(today: date) -> date:
    return today - timedelta(days=today.weekday())


def _parse_days(text: str, today: date, names: KnownNames, *, is_news: bool, is_request: bool) -> NewsQuery | None:
    """Return the query for days such as "today", "this week in The Tribune" or, after "news of", "the week"."""
    days = text.strip(" ,")
    if not days:
        return None
    if (is_news or is_request) and _TODAY.fullmatch(days):
        return NewsQuery(today, today)
    if ((is_news or is_request) and _WEEK.fullmatch(days)) or days.casefold() == "this week":
        return NewsQuery(_get_monday(today), today)
    reading = read_briefing(days, names, today)
    if not (reading.problem or reading.by or reading.about or reading.words):
        if reading.since and reading.until and reading.since > reading.until:
            return None
        if reading.since or reading.until:
            return NewsQuery(reading.since, reading.until, reading.outlet)
        if is_news and reading.outlet:
            return NewsQuery(today, today, reading.outlet)
    if is_news and not names.is_person(days) and (period := parse_days(days, today)):
        return NewsQuery(period.first, period.last)
    return None
