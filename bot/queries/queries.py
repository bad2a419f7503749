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

from bot.queries.filters import ParsedText, measure_days, parse_days, parse_filters, wrap_in_quotes

#: characters of a question that are looked up; a longer one is answered with a sentence that says so
MAX_CHARACTERS = 1000

_SPECIAL_CHARACTERS = '[:"“”„‟«»]'
_QUOTE_CHARACTERS = "\"'“”„‟‘’‚‛«»‹›`´ "


class Command(StrEnum):
    """The slash commands."""

    BRIEFING = "/briefing"
    WHOSAID = "/whosaid"
    DIGEST = "/digest"


@dataclass(frozen=True, slots=True)
class BriefingQuery:
    """A briefing on a topic's slug or on free words; of one outlet, of some days (both included)."""

    words: str
    outlet: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def command_text(self) -> str:
        """The command that asks this."""
        filter_values = [("from", self.outlet), ("since", self.since), ("until", self.until)]
        return _build_command_text(Command.BRIEFING, self.words, filter_values)


@dataclass(frozen=True, slots=True)
class WhoSaidQuery:
    """Who said these words; or, without words, what somebody said."""

    words: str
    by: str | None = None
    about: str | None = None
    outlet: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def command_text(self) -> str:
        """The command that asks this."""
        filter_values = [("by", self.by), ("about", self.about), ("from", self.outlet)]
        return _build_command_text(
            Command.WHOSAID, self.words, [*filter_values, ("since", self.since), ("until", self.until)]
        )


@dataclass(frozen=True, slots=True)
class TopicsQuery:
    """The list of topics: `/briefing` with nothing typed."""


@dataclass(frozen=True, slots=True)
class HelpCommand:
    """How the command is used."""


@dataclass(frozen=True, slots=True)
class UsageMessage:
    """What was typed cannot be asked; `sentence` says why and what to type."""

    sentence: str


#: what has an answer of its own, with pages and buttons
Query = BriefingQuery | WhoSaidQuery

_EXAMPLES = {
    Command.BRIEFING: "/briefing labour-crisis since:2016-06-24 from:Guardian",
    Command.WHOSAID: '/whosaid "lynch-mob" by:McDonnell since:2016-06-24',
}
_FILTERS = {
    Command.BRIEFING: ("since", "until", "from"),
    Command.WHOSAID: ("by", "about", "since", "until", "from"),
}
_DATE_FILTERS = ("since", "until")


def parse_briefing(text: str, today: date) -> BriefingQuery | TopicsQuery | HelpCommand | UsageMessage:
    """What follows `/briefing`, typed on `today`."""
    return _parse_briefing(clean_input(text), today)


def parse_who_said(text: str, today: date) -> WhoSaidQuery | HelpCommand | UsageMessage:
    """What follows `/whosaid`, typed on `today`. `help` in quotation marks looks up the word."""
    return _parse_who_said(clean_input(text), today)


def parse_command(command_text: str, today: date) -> Query | None:
    """What the `line` of a question asks; None when it is no such line."""
    command, _, arguments = command_text.partition(" ")
    words = to_one_line(arguments)
    parser = {Command.BRIEFING.value: _parse_briefing, Command.WHOSAID.value: _parse_who_said}.get(command)
    query = parser(words, today) if parser else None
    return query if isinstance(query, BriefingQuery | WhoSaidQuery) else None


def clean_input(text: str) -> str:
    """What was typed, as one line of visible characters, Slack's escapes undone."""
    return to_one_line(_unescape(text))


def to_one_line(text: str) -> str:
    """What was typed, as one line of visible characters."""
    return " ".join("".join(map(_make_visible, text)).split())


def _parse_briefing(text: str, today: date) -> BriefingQuery | TopicsQuery | HelpCommand | UsageMessage:
    if text.casefold() == "help":
        return HelpCommand()
    parsed_text = _parse_filters(Command.BRIEFING, text, today)
    if isinstance(parsed_text, UsageMessage):
        return parsed_text
    words = parsed_text.words.strip(_QUOTE_CHARACTERS)
    if not words and not parsed_text.values:
        return TopicsQuery()
    if not words:
        return UsageMessage(
            f"A briefing on what? Name a topic or some words, for example: {_EXAMPLES[Command.BRIEFING]}"
        )
    day_range = _parse_day_range(Command.BRIEFING, parsed_text, today)
    return (
        day_range
        if isinstance(day_range, UsageMessage)
        else BriefingQuery(words, parsed_text.values.get("from"), *day_range)
    )


def _parse_who_said(text: str, today: date) -> WhoSaidQuery | HelpCommand | UsageMessage:
    if text.casefold() == "help":
        return HelpCommand()
    parsed_text = _parse_filters(Command.WHOSAID, text, today)
    if isinstance(parsed_text, UsageMessage):
        return parsed_text
    words, values = parsed_text.words.strip(_QUOTE_CHARACTERS), parsed_text.values
    if not re.search(r"\w", words):
        if "by" not in values:
            return UsageMessage('Which words? Type some of what was said, for example: /whosaid "lynch-mob"')
        words = ""
    day_range = _parse_day_range(Command.WHOSAID, parsed_text, today)
    if isinstance(day_range, UsageMessage):
        return day_range
    return WhoSaidQuery(words, values.get("by"), values.get("about"), values.get("from"), *day_range)


def _parse_filters(command: Command, text: str, today: date) -> ParsedText | UsageMessage:
    """Words and filters, or what is wrong with them."""
    if len(text) > MAX_CHARACTERS:
        return UsageMessage(
            f"That is {len(text):,} characters, and at most {MAX_CHARACTERS:,} can be looked up at once: "
            "type the few words that matter."
        )
    names = _FILTERS[command]
    parsed_text = parse_filters(text, names, {name: lambda rest: measure_days(rest, today) for name in _DATE_FILTERS})
    example = f"for example: {_EXAMPLES[command]}"
    if parsed_text.unknown_filter:
        known_filters = " ".join(f"{name}:" for name in names)
        return UsageMessage(
            f"{command} does not know {parsed_text.unknown_filter}: and takes {known_filters} (words with a colon go between "
            f"quotation marks), {example}"
        )
    if parsed_text.duplicate_filter:
        return UsageMessage(f"{parsed_text.duplicate_filter}: stands there twice; give it once, {example}")
    empty_filter = next((name for name, value in parsed_text.values.items() if not re.search(r"\w", value)), None)
    return (
        UsageMessage(f"{empty_filter}: has nothing behind it; name one, or leave it out, {example}")
        if empty_filter
        else parsed_text
    )


def _parse_day_range(
    command: Command, parsed_text: ParsedText, today: date
) -> tuple[date | None, date | None] | UsageMessage:
    """The first and the last day asked for."""
    periods = {
        name: parse_days(parsed_text.values[name], today) for name in _DATE_FILTERS if name in parsed_text.values
    }
    for name, period in periods.items():
        if period is None:
            return UsageMessage(
                f"“{parsed_text.values[name]}” behind {name}: is no day that can be told: write 2016-06-24, 24 June 2016, "
                f"monday, yesterday or last week, for example: {_EXAMPLES[command]}"
            )
    since, until = periods.get("since"), periods.get("until")
    if since and until and since.first > until.last:
        return UsageMessage(
            f"since: is a later day than until:, so nothing lies between; turn them round, "
            f"for example: {_EXAMPLES[command]}"
        )
    return since.first if since else None, until.last if until else None


def _build_command_text(command: Command, words: str, filter_values: Sequence[tuple[str, str | date | None]]) -> str:
    filter_texts = [
        f"{name}:{value if isinstance(value, date) else wrap_in_quotes(value)}"
        for name, value in filter_values
        if value
    ]
    return " ".join(filter(None, (command.value, _protect_words(words), *filter_texts)))


def _protect_words(words: str) -> str:
    """Words as they are, unless some would be read as a filter or hide one, or all of them as a call for help."""
    return wrap_in_quotes(words) if re.search(_SPECIAL_CHARACTERS, words) or words.casefold() == "help" else words


def _unescape(text: str) -> str:
    """Slack's three escapes undone."""
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):  # &amp; last, so that it is undone once
        text = text.replace(entity, character)
    return text


def _make_visible(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cf", "Cs"):  # bidirectional controls, zero-width characters, halves of surrogate pairs
        return ""
    return " " if category == "Cc" else character
