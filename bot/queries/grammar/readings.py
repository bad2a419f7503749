"""Reads a question: the words to search for, and the parts that narrow the search. Pure.

Rule: words in quotation marks are searched for, and everything else is a part. Without marks, parts are taken from the
beginning and the end only, and not at all if an article contains the whole text.
Rule: what is read as neither is the subject of the quotes, so that no typed word is ignored silently.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.queries.grammar.names import KnownNames
from bot.queries.grammar.part import Level, Part, PartKind
from bot.queries.grammar.part_reader import PartReader
from bot.queries.grammar.tokens import Token, split_tokens, strip_marks
from bot.queries.grammar.vocabulary import COURTESIES, FILLERS, REQUEST_WORDS

#: most words of a part at the end of a text
_MAX_PART_WORDS = 12
#: most parts at the ends of a text without marks, so that a text of only dates takes no long time
_MAX_EDGE_PARTS = 16
#: words of a briefing on all articles
WILDCARD = "*"
#: a date that can be the name of an event: "the 7 October attacks", "May's budget"
_EVENT_DATE = re.compile(
    r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:uary|ruary|ch|il|ust|ember|tember|ober)?(?:['’]s)?\b",
    re.IGNORECASE,
)
_CONNECTORS = ("and", "or")
_EDGE_SUBJECT = re.compile(r"(?:about|regarding|concerning)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Problem:
    """A filter that was not understood: its name, and its value as typed, or what is wrong with it."""

    filter_name: str
    text: str = ""
    is_duplicate: bool = False
    is_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood. `words` are to be searched for, without quotation marks; days are inclusive."""

    words: str = ""
    by: str | None = None
    about: str | None = None
    outlet: str | None = None
    since: date | None = None
    until: date | None = None
    problem: Problem | None = None


def read_quote_question(text: str, names: KnownNames, today: date, *, is_after_verb: bool = False) -> Reading:
    """Return the reading of a question for quotes. `is_after_verb`: the text follows "who said"."""
    tokens = split_tokens(text, lambda word: _is_name(word, names))
    if any(token.is_phrase for token in tokens):
        reading = _read_all(tokens, names, today)
        if reading.words or reading.problem:
            return reading
    return _read_unmarked(text, tokens, names, today, is_after_verb=is_after_verb)


def read_filters(text: str, names: KnownNames, today: date, *, by: str | None = None) -> Reading:
    """Return the reading of text that only narrows a search, for example what follows "what did Roe say"."""
    tokens = split_tokens(text, lambda word: _is_name(word, names))
    return _read_all(tokens, names, today, Reading(by=by))


def read_briefing(text: str, names: KnownNames, today: date) -> Reading:
    """Return the reading of a request for a briefing: its words, outlet and days. `by` and `about` stay None."""
    tokens = split_tokens(text, lambda word: _is_name(word, names))
    reading, tokens = _take_filters(tokens, names, today)
    if reading.problem:
        return reading
    for level in (Level.ALL, Level.EDGE):
        peeled_reading, rest = _peel(tokens, reading, names, today, level)
        words = strip_marks(_slice(text, rest))
        if not words and WILDCARD in text.split():
            return replace(peeled_reading, words=WILDCARD)
        if topic := names.find_topic(words) or names.find_topic(_strip_request(words)):
            return replace(peeled_reading, words=topic)
    return replace(peeled_reading, words=words if _strip_request(words) else "")


def _strip_request(words: str) -> str:
    """Return the words without those of a request at both ends: "the latest ferry-strike briefing"."""
    kept_words = words.split()
    while kept_words and kept_words[0].strip(",:").casefold() in REQUEST_WORDS:
        kept_words.pop(0)
    while kept_words and kept_words[-1].strip(",").casefold() in REQUEST_WORDS:
        kept_words.pop()
    return " ".join(kept_words)


def _read_all(tokens: Sequence[Token], names: KnownNames, today: date, reading: Reading = Reading()) -> Reading:
    """Read every token: the first phrase is searched for, and the rest are parts."""
    reader = PartReader(tokens, names, today)
    subject_words: list[str] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.unknown_filter:
            return replace(reading, problem=Problem(token.unknown_filter, is_unknown=True))
        part = reader.read(index, Level.ALL)
        if part is None:
            if token.is_phrase and not reading.words:
                reading = replace(reading, words=token.text)
            else:
                subject_words.append(token.text if token.is_phrase else token.word)
            index += 1
            continue
        reading = _add_part(reading, part, is_explicit=token.filter_name is not None)
        if reading.problem:
            return reading
        index = part.end
    subject = " ".join(subject_words)
    if not subject:
        return reading
    if reading.about:
        return replace(reading, problem=Problem("", subject))
    return replace(reading, about=names.find_topic(subject) or subject)


def _read_unmarked(
    text: str, tokens: Sequence[Token], names: KnownNames, today: date, *, is_after_verb: bool
) -> Reading:
    reading, tokens = _take_filters(tokens, names, today)
    whole_words = strip_marks(_slice(text, tokens))
    if reading.problem:
        return reading
    peeled_reading, rest = _peel(tokens, reading, names, today, Level.EDGE, is_quote=True, is_after_verb=is_after_verb)
    if peeled_reading.by and not peeled_reading.about and rest:
        subject = PartReader(rest, names, today).read_subject(0)
        if subject and subject.end == len(rest):
            return replace(peeled_reading, about=subject.text)
    words = strip_marks(_slice(text, rest))
    if peeled_reading.problem:
        return replace(reading, words=whole_words) if names.has_words(whole_words) else peeled_reading
    if not words and not peeled_reading.by:
        return replace(reading, words=whole_words)
    if words and words != whole_words and names.has_words(whole_words):
        return replace(reading, words=whole_words)
    is_empty_question = peeled_reading.by and all(token.key in FILLERS for token in rest)  # "who is Roe"
    return replace(peeled_reading, words="" if is_empty_question else words)


def _take_filters(tokens: Sequence[Token], names: KnownNames, today: date) -> tuple[Reading, list[Token]]:
    """Return the reading of the filters (`by:Roe`), and the other tokens."""
    reader = PartReader(tokens, names, today)
    reading, rest = Reading(), list[Token]()
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.unknown_filter:
            return replace(reading, problem=Problem(token.unknown_filter, is_unknown=True)), rest
        if token.filter_name is None:
            rest.append(token)
            index += 1
            continue
        part = reader.read(index, Level.ALL) or Part(PartKind.PROBLEM, index + 1, filter_name=token.filter_name)
        reading = _add_part(reading, part, is_explicit=True)
        if reading.problem:
            return reading, rest
        index = part.end
    return reading, rest


def _peel(
    tokens: Sequence[Token],
    reading: Reading,
    names: KnownNames,
    today: date,
    level: Level,
    *,
    is_quote: bool = False,
    is_after_verb: bool = False,
) -> tuple[Reading, Sequence[Token]]:
    """Take parts from both ends of the tokens, as long as there are any. Return the reading and the other tokens."""
    for _ in range(_MAX_EDGE_PARTS):
        if not tokens:
            break
        reader = PartReader(tokens, names, today)
        part = reader.read(0, level)
        is_bare_start = part is not None and part.kind is PartKind.BY and part.is_bare and is_after_verb
        is_event = part is not None and level is Level.EDGE and _is_event(part, tokens)
        if part and not (is_bare_start or is_event) and _is_taken(part, tokens[0], reading, level, is_quote=is_quote):
            new_reading = _add_part(reading, part)
            if new_reading.problem is None:
                reading, tokens = new_reading, tokens[part.end :]
                continue
        for start in range(max(1, len(tokens) - _MAX_PART_WORDS), len(tokens)):
            part = reader.read(start, level)
            if part and part.end == len(tokens) and _is_taken(part, tokens[start], reading, level, is_quote=is_quote):
                new_reading = _add_part(reading, part)
                if new_reading.problem is None or level is Level.ALL or part.kind is PartKind.PROBLEM:
                    reading, tokens = new_reading, tokens[:start]
                    break
        else:
            break
        if reading.problem:
            break
    return _find_second_name(tokens, reading, names, today, level), tokens


def _is_event(part: Part, tokens: Sequence[Token]) -> bool:
    """Whether a date at the start of a text belongs to the word after it: "7 October attacks"."""
    last = tokens[part.end - 1]
    text = " ".join(token.text for token in tokens[: part.end])
    is_followed = part.end < len(tokens) and last.text[-1].isalnum() and tokens[part.end].text[:1].isalnum()
    has_year = re.search(r"\d{4}", text)
    return (
        part.kind is PartKind.DAYS and part.is_bare and is_followed and bool(_EVENT_DATE.search(text)) and not has_year
    )


def _find_second_name(
    tokens: Sequence[Token], reading: Reading, names: KnownNames, today: date, level: Level
) -> Reading:
    """Return the reading with a problem if the tokens end with "in the Tribune and", and another outlet was taken."""
    if len(tokens) < 2 or tokens[-1].key not in _CONNECTORS:
        return reading
    end = len(tokens) - 1
    reader = PartReader(tokens[:end], names, today)
    for start in range(max(0, end - _MAX_PART_WORDS), end):
        part = reader.read(start, level)
        is_second = part is not None and (
            (part.kind is PartKind.OUTLET and reading.outlet) or (part.kind is PartKind.BY and reading.by)
        )
        if part and is_second and part.end == end:
            return replace(reading, problem=Problem(part.kind, is_duplicate=True))
    return reading


def _is_taken(part: Part, token: Token, reading: Reading, level: Level, *, is_quote: bool) -> bool:
    """Whether a part at an end of a text without marks is a part there, and not words of the text."""
    if part.kind is PartKind.FILLER:
        return not token.word or (not is_quote and token.key in COURTESIES)
    if part.kind is PartKind.BY:
        return is_quote or level is Level.ALL
    if part.kind is PartKind.ABOUT:
        return is_quote and (reading.by is not None or bool(_EDGE_SUBJECT.match(token.text)))
    return True


def _add_part(reading: Reading, part: Part, *, is_explicit: bool = False) -> Reading:
    """Return the reading with one more part, or with a problem if the part contradicts another one."""
    match part.kind:
        case PartKind.FILLER:
            return reading
        case PartKind.PROBLEM:
            return replace(reading, problem=Problem(part.filter_name, part.text))
        case PartKind.DAYS:
            if (part.since and reading.since) or (part.until and reading.until):
                name = "since" if part.since and reading.since else "until"
                return replace(reading, problem=Problem(name, is_duplicate=True))
            return replace(reading, since=part.since or reading.since, until=part.until or reading.until)
    current_value: str | None = {
        PartKind.BY: reading.by,
        PartKind.ABOUT: reading.about,
        PartKind.OUTLET: reading.outlet,
    }[part.kind]
    if current_value and (is_explicit or current_value.casefold() != part.text.casefold()):
        return replace(reading, problem=Problem(part.kind, is_duplicate=True))
    if part.kind is PartKind.BY:
        return replace(reading, by=part.text)
    if part.kind is PartKind.ABOUT:
        return replace(reading, about=part.text)
    return replace(reading, outlet=part.text)


def _slice(text: str, tokens: Sequence[Token]) -> str:
    """Return the text of the tokens as typed, without what was between them if it was taken."""
    pieces: list[str] = []
    for position, token in enumerate(tokens):
        previous = tokens[position - 1] if position else None
        is_adjacent = previous is not None and not text[previous.end : token.start].strip()
        word = token.text if token.is_phrase else text[token.start : token.end]
        pieces.append(f"{' ' if is_adjacent or previous else ''}{word}")
    return "".join(pieces)


def _is_name(word: str, names: KnownNames) -> bool:
    return names.is_person(word) or bool(names.find_outlet(word) or names.find_topic(word))


def split_text(text: str, names: KnownNames) -> list[Token]:
    """Return the tokens of a line. A known name before a colon is not a filter."""
    return split_tokens(text, lambda word: _is_name(word, names))


#: parts of this grammar that the reader of watches uses
read_all, take_filters, add_part, slice_text = _read_all, _take_filters, _add_part, _slice
