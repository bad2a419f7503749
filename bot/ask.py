"""Turns what a person typed after a slash command into a value. Pure.

Rule: anything typed gives a value, never an error. Slack clients turn quotation marks into curly ones, people leave one
out or paste text with invisible characters: none of that changes what is asked.
"""

import re
import unicodedata
from dataclasses import dataclass

#: characters of a question that are looked up; a longer one is answered with a sentence that says so
MOST_CHARACTERS = 1000

_QUOTES = "\"'“”„‟‘’‚‛«»‹›`´ "


@dataclass(frozen=True, slots=True)
class BriefingAsk:
    """A briefing on a topic's slug or on free words."""

    words: str


@dataclass(frozen=True, slots=True)
class WhoSaidAsk:
    """Who said these words."""

    words: str


@dataclass(frozen=True, slots=True)
class TopicsAsk:
    """The list of topics: `/briefing` with nothing typed."""


@dataclass(frozen=True, slots=True)
class HelpAsk:
    """How the command is used."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What was typed cannot be asked; `sentence` says why and what to type."""

    sentence: str


def briefing(typed: str) -> BriefingAsk | TopicsAsk | HelpAsk | Usage:
    """What follows `/briefing`."""
    words = _cleaned(typed)
    if words.casefold() == "help":
        return HelpAsk()
    words = words.strip(_QUOTES)
    if not words:
        return TopicsAsk()
    return _too_long(words) or BriefingAsk(words)


def whosaid(typed: str) -> WhoSaidAsk | HelpAsk | Usage:
    """What follows `/whosaid`. `help` in quotation marks looks up the word."""
    words = _cleaned(typed)
    if words.casefold() == "help":
        return HelpAsk()
    words = words.strip(_QUOTES)
    if not re.search(r"\w", words):
        return Usage('Which words? Type some of what was said, for example: /whosaid "lynch-mob"')
    return _too_long(words) or WhoSaidAsk(words)


def _too_long(words: str) -> Usage | None:
    if len(words) <= MOST_CHARACTERS:
        return None
    return Usage(
        f"That is {len(words):,} characters, and at most {MOST_CHARACTERS:,} can be looked up at once: "
        "type the few words that matter."
    )


def _cleaned(typed: str) -> str:
    """One line of visible characters, with Slack's three escapes undone."""
    for escaped, plain in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):  # &amp; last, so that it is undone once
        typed = typed.replace(escaped, plain)
    return " ".join("".join(map(_visible, typed)).split())


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cf", "Cs"):  # bidirectional controls, zero-width characters, halves of surrogate pairs
        return ""
    return " " if category == "Cc" else character
