"""Parts what a person typed into words and filters: `"lynch-mob" by:Corbyn since:monday`. Pure.

Rule: what stands between double quotation marks, whatever their kind, is words and never a filter; a mark that nobody
closed is none. A filter's value ends at its closing mark; without marks it is one word and the capitalised ones behind
it, and behind the words asked for all up to the next filter.

A day, or some days, as people type them after `since:` and `until:`. Pure.

Rule: the dates of the news are read by `briefings.text`; here only what people leave out is put back (a capital, "in",
"the"). Words that name no day by themselves give None, never a guess.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from briefings.text import Period, find_day_expressions, find_period_expressions, resolve_day, resolve_period

_DOUBLE_QUOTES, _SINGLE_QUOTES = '"“”„‟«»', "'‘’‚‛‹›"
_QUOTED_TEXT = re.compile(f"[{_DOUBLE_QUOTES}][^{_DOUBLE_QUOTES}]*[{_DOUBLE_QUOTES}]")
#: a name and a colon; of a name nobody knows, only with something right behind it that makes it no address
_FILTER = re.compile(r"(?<!\S)(?P<name>[^\W\d_]{2,20}):(?P<gap>\s*)(?!//)")
_FIRST_WORDS = re.compile(r"\S+(?:\s+(?=[^\W\d_])[A-Z][^\s:]*(?=\s|$))*")


@dataclass(frozen=True, slots=True)
class ParsedText:
    """The words that are no filter, and the filters by name, as typed, quotation marks aside."""

    words: str
    values: Mapping[str, str]
    #: a name that is no filter, or stands there twice
    unknown_filter: str | None = None
    duplicate_filter: str | None = None


def parse_filters(text: str, names: Collection[str], measures: Mapping[str, Callable[[str], int]]) -> ParsedText:
    """Parts one line. `names` are the filters there are; `measures` tell of some how many characters a value takes."""
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
    """`value` between marks between which it is read back; those it holds itself become apostrophes."""
    return '"' + re.sub(f"[{_DOUBLE_QUOTES}]", "'", value) + '"'


def _find_filters(text: str, names: Collection[str]) -> Iterator[tuple[str, int, int]]:
    """Name, where it begins and where its value does, of each filter outside quotation marks."""
    quoted_spans = [match.span() for match in _QUOTED_TEXT.finditer(text)]
    for match in _FILTER.finditer(text):
        name = match["name"].casefold()
        if any(start < match.start() < end for start, end in quoted_spans):
            continue
        if name in names or not match["gap"]:
            yield name, match.start(), match.end()


def _parse_value(text: str, measure: Callable[[str], int] | None, *, greedy: bool) -> tuple[str, int]:
    """A filter's value at the start of `text`, and how many characters it takes."""
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
