"""A day, or some days, as people type them after `since:` and `until:`. Pure.

Rule: the dates of the news are read by `briefings.text`; here only what people leave out is put back (a capital, "in",
"the"). Words that name no day by themselves give None, never a guess.
"""

import re
from collections.abc import Iterator
from datetime import date

from briefings.text.dates import day_words, resolve
from briefings.text.periods import Period, period_words, resolve_period

#: characters of the longest date there is; a longer text is none
_LONGEST = 40
#: words of it
_WORDS = 6


def days(typed: str, today: date) -> Period | None:
    """The days that `typed` names when it is typed on `today`: "2016-06-24", "monday", "24 june", "last week"."""
    text = " ".join(typed.split())
    if not text or len(text) > _LONGEST:
        return None
    for reading in _readings(text):
        for words in day_words(reading):
            day = resolve(words, today) if len(words.span) == len(reading) else None
            if day:
                return Period(day, day)
        for period in period_words(reading):
            found = resolve_period(period, today) if len(period.span) == len(reading) else None
            if found and not period.beside:
                return found
    return None


def reach(text: str, today: date) -> int:
    """How many characters at the start of `text` name days, as many words as do; 0 when none do."""
    ends = [match.end() for match in re.finditer(r"\S+", text[:_LONGEST])]
    return next((end for end in reversed(ends[:_WORDS]) if days(text[:end], today)), 0)


def _readings(text: str) -> Iterator[str]:
    """The text as news would print it."""
    lower = re.sub(r"^(?:on|since|until|from)\s+", "", text.lower())
    named = re.sub(r"[a-z]+", lambda word: word[0].title(), lower)
    for words in (lower, re.sub(r"\b(?:Of|The|Last|Next|This|And|To)\b|(?<=\d)(?:St|Nd|Rd|Th)\b", _lowered, named)):
        yield words
        yield f"in {words}"
        yield f"the {words}"
        yield f"on {words}"


def _lowered(word: re.Match[str]) -> str:
    return word[0].lower()
