"""Splits typed text into words and filters, and parses dates: `"lynch-mob" by:Corbyn since:monday`. Pure.

Rule: text in double quotation marks of any kind is never a filter; an unclosed mark is ignored. A quoted filter value
ends at its closing mark. An unquoted value after the search words extends to the next filter. Before them it is one
word and the capitalised words after it. `briefings.text` parses the dates; this module only adds what users leave out
(capitals, "in", "the"). Text that is not a complete date gives None, never a guess.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bot.queries.date_styles import parse_styled_days, spell_out
from briefings.text import Period, find_day_expressions, find_period_expressions, resolve_day, resolve_period

_DOUBLE_QUOTES, _SINGLE_QUOTES = '"“”„‟«»', "'‘’‚‛‹›"
_QUOTED_TEXT = re.compile(f"[{_DOUBLE_QUOTES}][^{_DOUBLE_QUOTES}]*[{_DOUBLE_QUOTES}]")
#: a name and a colon, not followed by // as in a URL; an unknown name counts only without a space after the colon
_FILTER = re.compile(r"(?<!\S)(?P<name>[^\W\d_]{2,20}):(?P<gap>\s*)(?!//)")
_FIRST_WORDS = re.compile(r"\S+(?:\s+(?=[^\W\d_])[A-Z][^\s:]*(?=\s|$))*")
#: longest text that can be a date, in characters
_MAX_CHARACTERS = 40
#: most words of a date
_MAX_WORDS = 6
#: texts whose days are remembered, because the grammar tries the same words of a question many times
_MAX_PARSED_TEXTS = 4_096
_YEAR_OR_FUTURE = re.compile(r"\b\d{4}\b|\b(?:next|tomorrow|coming|following)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ParsedText:
    """The words outside filters, and the filter values by name, as typed but without quotation marks."""

    words: str
    values: Mapping[str, str]
    #: the name of a filter that is unknown, or that occurs twice
    unknown_filter: str | None = None
    duplicate_filter: str | None = None


def parse_filters(text: str, names: Collection[str], measures: Mapping[str, Callable[[str], int]]) -> ParsedText:
    """Split one line into words and filters.

    `names` are the known filters. `measures` has functions, by filter name, that return the length of a value at the
    start of a text, in characters.
    """
    filters = list(_find_filters(text, names))
    words: list[str] = []
    values: dict[str, str] = {}
    position = 0
    for index, (name, filter_start, value_start) in enumerate(filters):
        words.append(text[position:filter_start].strip())
        end = filters[index + 1][1] if index + 1 < len(filters) else len(text)
        value, value_length = _parse_value(text[value_start:end], measures.get(name), greedy=any(words))
        if name not in names:
            return ParsedText("", {}, unknown_filter=name)
        if name in values:
            return ParsedText("", {}, duplicate_filter=name)
        values[name] = value
        position = value_start + value_length
    words.append(text[position:].strip())
    return ParsedText(" ".join(filter(None, words)), values)


def wrap_in_quotes(value: str) -> str:
    """Return the value in double quotation marks, so that `parse_filters` reads it back.

    Double quotation marks inside it become apostrophes.
    """
    return '"' + re.sub(f"[{_DOUBLE_QUOTES}]", "'", value) + '"'


@lru_cache(maxsize=_MAX_PARSED_TEXTS)
def parse_days(date_text: str, today: date) -> Period | None:
    """Return the days of a text such as "2016-06-24", "monday", "24 june" or "last week", or None.

    `today` is the date from which relative dates are counted.
    """
    text = " ".join(date_text.split()).rstrip(",;")
    if not text or len(text) > _MAX_CHARACTERS:
        return None
    if period := parse_styled_days(text, today):
        return period
    spelled_text = spell_out(text)
    period = _parse_printed_days(text, today) or _parse_printed_days(spelled_text, today)
    if period and period.first > today and not _YEAR_OR_FUTURE.search(text):  # "june" in March is the last one
        return _parse_printed_days(f"{spelled_text} {today.year - 1}", today) or period
    return period


def _parse_printed_days(text: str, today: date) -> Period | None:
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
    """Return the length of the longest date at the start of `text`, in characters, or 0."""
    word_ends = [match.end() for match in re.finditer(r"\S+", text[:_MAX_CHARACTERS])]
    return next((end for end in reversed(word_ends[:_MAX_WORDS]) if parse_days(text[:end], today)), 0)


def _find_filters(text: str, names: Collection[str]) -> Iterator[tuple[str, int, int]]:
    """Yield each filter outside quotation marks: its name, its offset and the offset of its value."""
    quoted_spans = [match.span() for match in _QUOTED_TEXT.finditer(text)]
    for match in _FILTER.finditer(text):
        name = match["name"].casefold()
        if any(start < match.start() < end for start, end in quoted_spans):
            continue
        if name in names or not match["gap"]:
            yield name, match.start(), match.end()


def _parse_value(text: str, measure: Callable[[str], int] | None, *, greedy: bool) -> tuple[str, int]:
    """Return the filter value at the start of `text`, and its length in characters."""
    if text[:1] in _DOUBLE_QUOTES and text:
        end = re.compile(f"[{_DOUBLE_QUOTES}]").search(text, 1)
        return (text[1 : end.start()].strip(), end.end()) if end else (text[1:].strip(), len(text))
    if text[:1] in _SINGLE_QUOTES and text:
        end = re.compile(rf"[{_SINGLE_QUOTES}](?=\s|$)").search(text, 1)
        return (text[1 : end.start()].strip(), end.end()) if end else (text[1:].strip(), len(text))
    quote_start = next((match.start() for match in _QUOTED_TEXT.finditer(text)), len(text))
    if measure and (value_length := measure(text[:quote_start])):
        return text[:value_length].strip(), value_length
    if greedy:
        return text[:quote_start].strip(), quote_start
    first_words = _FIRST_WORDS.match(text[:quote_start])
    return (first_words[0], first_words.end()) if first_words else ("", 0)


def _generate_variants(text: str) -> Iterator[str]:
    """Yield the text in the forms that a newspaper would print."""
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


def build_page_params(outlet: str | None, since: date | None, until: date | None) -> dict[str, str]:
    """Return the filters as parameters of the page with the same answer."""
    params = {"outlet": outlet, "since": since, "until": until}
    return {name: str(value) for name, value in params.items() if value}
