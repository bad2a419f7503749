"""Reads what is to be watched: a phrase, words, and the parts that narrow the watch. Pure.

Rule: words without quotation marks stay words, also if they are a person's or an outlet's name. A part needs a filter
("by:Roe"), a preposition ("by Roe", "in The Tribune"), or a known person and a subject ("Roe on the vote").
Rule: days are read only to be refused, because a watch has no days.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.queries.grammar.names import KnownNames
from bot.queries.grammar.part import Level, Part, PartKind
from bot.queries.grammar.part_reader import PartReader
from bot.queries.grammar.readings import Reading, add_part, read_all, slice_text, split_text, take_filters
from bot.queries.grammar.tokens import Token, strip_marks
from bot.queries.grammar.vocabulary import RELATIVE_DAYS

#: most words of a part at the end of a text
_MAX_PART_WORDS = 12
#: what is between a name and its subject: "Roe on the vote", "Roe: the vote"
_SUBJECT = re.compile(r"\s+(?:on|about|regarding|concerning|re)\s+|:\s+", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:about|on|regarding|concerning)\s+(?=\S)", re.IGNORECASE)
_SINCE = re.compile(r"^(?:since|until|till|til|before|after|between|up)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WatchReading:
    """What is to be watched. `is_phrase`: the reading's words were in quotation marks."""

    reading: Reading
    is_phrase: bool = False


def read_watch(text: str, names: KnownNames, today: date, by: str | None = None) -> WatchReading:
    """Return the reading of what is to be watched; `by` is a speaker who was read before."""
    tokens = split_text(text, names)
    if any(token.is_phrase for token in tokens):
        reading = read_all(tokens, names, today, Reading(by=by))
        if reading.words or reading.problem:
            return WatchReading(reading, is_phrase=bool(reading.words))
    reading, rest = take_filters(tokens, names, today)
    reading = replace(reading, by=reading.by or by)
    if reading.problem:
        return WatchReading(reading)
    reading, words = _peel(rest, reading, names, today)
    return WatchReading(_read_words(strip_marks(slice_text(text, words)), reading, names))


def _read_words(words: str, reading: Reading, names: KnownNames) -> Reading:
    """Return the reading with the words that are no part: a topic, a person and a subject, or words as they are."""
    if topic := names.find_topic(words):
        return replace(reading, words=topic)
    if reading.by is None and reading.about is None:
        for match in _SUBJECT.finditer(words):
            name, subject = words[: match.start()], words[match.end() :]
            if names.is_person(name):
                return replace(reading, by=name, about=names.find_topic(subject) or subject)
    subject = _ABOUT.sub("", words)
    if subject != words:
        subject = names.find_topic(subject) or subject
        is_free = reading.by is not None and reading.about is None
        return replace(reading, about=subject) if is_free else replace(reading, words=subject)
    return replace(reading, words=words)


def _peel(tokens: Sequence[Token], reading: Reading, names: KnownNames, today: date) -> tuple[Reading, Sequence[Token]]:
    """Take parts with a preposition, and days, from the end of the tokens; and a speaker from the beginning."""
    while tokens:
        reader = PartReader(tokens, names, today)
        first_part = reader.read(0, Level.EDGE)
        if first_part and _is_speaker(first_part, tokens[0]):
            new_reading = add_part(reading, first_part)
            if new_reading.problem is None:
                reading, tokens = new_reading, tokens[first_part.end :]
                continue
        for start in range(max(0, len(tokens) - _MAX_PART_WORDS), len(tokens)):
            part = reader.read(start, Level.EDGE)
            if part and part.end == len(tokens) and _is_taken(part, tokens[start:], reading, start):
                new_reading = add_part(reading, part)
                if new_reading.problem is None:
                    reading, tokens = new_reading, tokens[:start]
                    break
        else:
            break
    return reading, tokens


def _is_speaker(part: Part, token: Token) -> bool:
    return part.kind is PartKind.BY and (not part.is_bare or token.key == "by")


def _is_taken(part: Part, tokens: Sequence[Token], reading: Reading, start: int) -> bool:
    """Whether a part at the end of a text is a part there, and not words of the text."""
    match part.kind:
        case PartKind.FILLER:
            return not tokens[0].word
        case PartKind.BY:
            return _is_speaker(part, tokens[0])
        case PartKind.OUTLET:
            return not part.is_bare
        case PartKind.ABOUT:
            return reading.by is not None
        case PartKind.DAYS:  # "budget 2017" and "the vote on 9 May" are words
            return start > 0 and bool(_SINCE.match(tokens[0].text) or tokens[0].key in RELATIVE_DAYS)
        case _:
            return False
