"""Mentions: the words of a text that stand for somebody who may speak: names, pronouns, descriptions.

Rule: a name is a run of capitalised words none of which is known to be something else; what is left is for `people`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from briefings.model import Span
from briefings.text import lexicon
from briefings.text.fold import fold


class Form(Enum):
    """How a mention names somebody."""

    NAME = auto()
    PRONOUN = auto()
    #: "the leaders", "one", "an angry protester": a description without a name
    NOUN = auto()


@dataclass(frozen=True, slots=True)
class Mention:
    """A span that stands for somebody. `possessive` mentions ("Corbyn's") own something and do not speak."""

    span: Span
    form: Form
    possessive: bool = False


_CAPITALISED = r"[^\W\d_a-zß-öø-ÿ][\w]*(?:[-’'](?!s\b)[^\W\d_][\w]*)*"
_NAME = re.compile(rf"{_CAPITALISED}(?: (?:(?:de|van|von|der|al|bin|la) )?{_CAPITALISED})*")
_PRONOUN = re.compile(r"\b(?:he|she|they)\b", re.IGNORECASE)
_ONE = re.compile(r"(?<=said )one\b|\bone(?= (?:said|told|added)\b)")
_HEAD = rf"(?:{lexicon.alternation('people_nouns')})"
_NOUN = re.compile(
    r"\b(?:(?:the|an?|one|two|some|several|many|senior|former|leading|local|unnamed)\s+){1,4}(?:[\w-]+\s+){0,2}?"
    rf"{_HEAD}\b|\b(?-i:[A-Z]\w+)\s+(?:\w+\s+)?(?:sources|officials|aides|insiders|allies)\b",
    re.IGNORECASE,
)


def mentions(text: str, within: Span) -> list[Mention]:
    """The mentions in the part `within` of `text`, in order; a name inside a longer description gives way to it."""
    found = [*_names(text, within), *_pronouns(text, within), *_nouns(text, within)]
    found.sort(key=lambda m: (m.span.start, -len(m.span)))
    kept: list[Mention] = []
    for mention in found:
        if not kept or mention.span.start >= kept[-1].span.end:
            kept.append(mention)
    return kept


def _names(text: str, within: Span) -> Iterator[Mention]:
    known_as_other = lexicon.words("not_people")
    for match in _NAME.finditer(text, within.start, within.end):
        words = list(re.finditer(r"\S+", match.group()))
        while words and fold(words[0].group()) in known_as_other:
            words.pop(0)
        while words and fold(words[-1].group()) in known_as_other:
            words.pop()
        if words and not any(fold(word.group()) in known_as_other for word in words):
            span = Span(match.start() + words[0].start(), match.start() + words[-1].end())
            yield Mention(span, Form.NAME, _is_possessive(text, span.end))


def _pronouns(text: str, within: Span) -> Iterator[Mention]:
    for match in _PRONOUN.finditer(text, within.start, within.end):
        yield Mention(Span(*match.span()), Form.PRONOUN)


def _nouns(text: str, within: Span) -> Iterator[Mention]:
    for match in _ONE.finditer(text, within.start, within.end):
        yield Mention(Span(*match.span()), Form.NOUN)
    for match in _NOUN.finditer(text, within.start, within.end):
        yield Mention(Span(*match.span()), Form.NOUN, _is_possessive(text, match.end()))


def _is_possessive(text: str, end: int) -> bool:
    return re.match(r"[’']s?(?=\W|$)", text[end : end + 3]) is not None
