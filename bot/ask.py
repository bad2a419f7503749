"""Turns what a person typed after a slash command into a value, and back into a line that asks the same. Pure.

Rule: anything typed gives a value, never an error. Slack clients turn quotation marks into curly ones, people leave one
out or paste text with invisible characters: none of that changes what is asked.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.filters import Typed, parted, quoted
from bot.typed_days import days, reach

#: characters of a question that are looked up; a longer one is answered with a sentence that says so
MOST_CHARACTERS = 1000

_MARKED = '[:"“”„‟«»]'
_QUOTES = "\"'“”„‟‘’‚‛«»‹›`´ "


class Command(StrEnum):
    """The slash commands."""

    BRIEFING = "/briefing"
    WHOSAID = "/whosaid"
    DIGEST = "/digest"


@dataclass(frozen=True, slots=True)
class BriefingAsk:
    """A briefing on a topic's slug or on free words; of one outlet, of some days (both included)."""

    words: str
    outlet: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def line(self) -> str:
        """The command that asks this."""
        told = [("from", self.outlet), ("since", self.since), ("until", self.until)]
        return _line(Command.BRIEFING, self.words, told)


@dataclass(frozen=True, slots=True)
class WhoSaidAsk:
    """Who said these words; or, without words, what somebody said."""

    words: str
    by: str | None = None
    about: str | None = None
    outlet: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def line(self) -> str:
        """The command that asks this."""
        told = [("by", self.by), ("about", self.about), ("from", self.outlet)]
        return _line(Command.WHOSAID, self.words, [*told, ("since", self.since), ("until", self.until)])


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


#: what has an answer of its own, with pages and buttons
Question = BriefingAsk | WhoSaidAsk

_EXAMPLES = {
    Command.BRIEFING: "/briefing labour-crisis since:2016-06-24 from:Guardian",
    Command.WHOSAID: '/whosaid "lynch-mob" by:McDonnell since:2016-06-24',
}
_FILTERS = {
    Command.BRIEFING: ("since", "until", "from"),
    Command.WHOSAID: ("by", "about", "since", "until", "from"),
}
_DAYS = ("since", "until")


def briefing(typed: str, today: date) -> BriefingAsk | TopicsAsk | HelpAsk | Usage:
    """What follows `/briefing`, typed on `today`."""
    return _briefing(cleaned(typed), today)


def whosaid(typed: str, today: date) -> WhoSaidAsk | HelpAsk | Usage:
    """What follows `/whosaid`, typed on `today`. `help` in quotation marks looks up the word."""
    return _whosaid(cleaned(typed), today)


def again(line: str, today: date) -> Question | None:
    """What the `line` of a question asks; None when it is no such line."""
    command, _, typed = line.partition(" ")
    words = one_line(typed)
    read = {Command.BRIEFING.value: _briefing, Command.WHOSAID.value: _whosaid}.get(command)
    asked = read(words, today) if read else None
    return asked if isinstance(asked, BriefingAsk | WhoSaidAsk) else None


def cleaned(typed: str) -> str:
    """What was typed, as one line of visible characters, Slack's escapes undone."""
    return one_line(_unescaped(typed))


def one_line(typed: str) -> str:
    """What was typed, as one line of visible characters."""
    return " ".join("".join(map(_visible, typed)).split())


def _briefing(typed: str, today: date) -> BriefingAsk | TopicsAsk | HelpAsk | Usage:
    if typed.casefold() == "help":
        return HelpAsk()
    found = _parted(Command.BRIEFING, typed, today)
    if isinstance(found, Usage):
        return found
    words = found.words.strip(_QUOTES)
    if not words and not found.values:
        return TopicsAsk()
    if not words:
        return Usage(f"A briefing on what? Name a topic or some words, for example: {_EXAMPLES[Command.BRIEFING]}")
    between = _between(Command.BRIEFING, found, today)
    return between if isinstance(between, Usage) else BriefingAsk(words, found.values.get("from"), *between)


def _whosaid(typed: str, today: date) -> WhoSaidAsk | HelpAsk | Usage:
    if typed.casefold() == "help":
        return HelpAsk()
    found = _parted(Command.WHOSAID, typed, today)
    if isinstance(found, Usage):
        return found
    words, values = found.words.strip(_QUOTES), found.values
    if not re.search(r"\w", words):
        if "by" not in values:
            return Usage('Which words? Type some of what was said, for example: /whosaid "lynch-mob"')
        words = ""
    between = _between(Command.WHOSAID, found, today)
    if isinstance(between, Usage):
        return between
    return WhoSaidAsk(words, values.get("by"), values.get("about"), values.get("from"), *between)


def _parted(command: Command, typed: str, today: date) -> Typed | Usage:
    """Words and filters, or what is wrong with them."""
    if len(typed) > MOST_CHARACTERS:
        return Usage(
            f"That is {len(typed):,} characters, and at most {MOST_CHARACTERS:,} can be looked up at once: "
            "type the few words that matter."
        )
    names = _FILTERS[command]
    found = parted(typed, names, {name: lambda text: reach(text, today) for name in _DAYS})
    example = f"for example: {_EXAMPLES[command]}"
    if found.unknown:
        known = " ".join(f"{name}:" for name in names)
        return Usage(
            f"{command} does not know {found.unknown}: and takes {known} (words with a colon go between "
            f"quotation marks), {example}"
        )
    if found.twice:
        return Usage(f"{found.twice}: stands there twice; give it once, {example}")
    empty = next((name for name, value in found.values.items() if not re.search(r"\w", value)), None)
    return Usage(f"{empty}: has nothing behind it; name one, or leave it out, {example}") if empty else found


def _between(command: Command, found: Typed, today: date) -> tuple[date | None, date | None] | Usage:
    """The first and the last day asked for."""
    read = {name: days(found.values[name], today) for name in _DAYS if name in found.values}
    for name, period in read.items():
        if period is None:
            return Usage(
                f"“{found.values[name]}” behind {name}: is no day that can be told: write 2016-06-24, 24 June 2016, "
                f"monday, yesterday or last week, for example: {_EXAMPLES[command]}"
            )
    since, until = read.get("since"), read.get("until")
    if since and until and since.first > until.last:
        return Usage(
            f"since: is a later day than until:, so nothing lies between; turn them round, "
            f"for example: {_EXAMPLES[command]}"
        )
    return since.first if since else None, until.last if until else None


def _line(command: Command, words: str, told: Sequence[tuple[str, str | date | None]]) -> str:
    filters = [f"{name}:{value if isinstance(value, date) else quoted(value)}" for name, value in told if value]
    return " ".join(filter(None, (command.value, _shielded(words), *filters)))


def _shielded(words: str) -> str:
    """Words as they are, unless some would be read as a filter or hide one, or all of them as a call for help."""
    return quoted(words) if re.search(_MARKED, words) or words.casefold() == "help" else words


def _unescaped(typed: str) -> str:
    """Slack's three escapes undone."""
    for escaped, plain in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):  # &amp; last, so that it is undone once
        typed = typed.replace(escaped, plain)
    return typed


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cf", "Cs"):  # bidirectional controls, zero-width characters, halves of surrogate pairs
        return ""
    return " " if category == "Cc" else character
