"""A day, or some days, as people type them after `since:` and `until:`. Pure.

Rule: the dates of the news are read by `briefings.text`; here only what people leave out is put back (a capital, "in",
"the"). Words that name no day by themselves give None, never a guess.
"""

import re
from collections.abc import Iterator
from datetime import date

from briefings.text.dates import find_day_expressions, resolve_day
from briefings.text.periods import Period, find_period_expressions, resolve_period

#: characters of the longest date there is; a longer text is none
_MAX_CHARACTERS = 40
#: words of it
_MAX_WORDS = 6


def parse_days(date_text: str, today: date) -> Period | None:
    """The days that `typed` names when it is typed on `today`: "2016-06-24", "monday", "24 june", "last week"."""
    text = " ".join(date_text.split())
    if not text or len(text) > _MAX_CHARACTERS:
        return None
    for variant in _generate_variants(text):
        for words in find_day_expressions(variant):
            day = resolve_day(words, today) if len(words.span) == len(variant) else None
            if day:
                return Period(day, day)
        for period in find_period_expressions(variant):
            resolved_period = resolve_period(period, today) if len(period.span) == len(variant) else None
            if resolved_period and not period.is_anaphoric:
                return resolved_period
    return None


def measure_days(text: str, today: date) -> int:
    """How many characters at the start of `text` name days, as many words as do; 0 when none do."""
    word_ends = [match.end() for match in re.finditer(r"\S+", text[:_MAX_CHARACTERS])]
    return next((end for end in reversed(word_ends[:_MAX_WORDS]) if parse_days(text[:end], today)), 0)


def _generate_variants(text: str) -> Iterator[str]:
    """The text as news would print it."""
    lower_text = re.sub(r"^(?:on|since|until|from)\s+", "", text.lower())
    title_text = re.sub(r"[a-z]+", lambda word: word[0].title(), lower_text)
    for variant in (
        lower_text,
        re.sub(r"\b(?:Of|The|Last|Next|This|And|To)\b|(?<=\d)(?:St|Nd|Rd|Th)\b", _to_lower, title_text),
    ):
        yield variant
        yield f"in {variant}"
        yield f"the {variant}"
        yield f"on {variant}"


def _to_lower(word: re.Match[str]) -> str:
    return word[0].lower()
