"""Parses the text after a slash command into a query, and formats a query as a command again. Pure.

Rule: every text gives a value, never an exception. Curly quotation marks from Slack clients, missing quotation marks
and invisible characters do not change the query.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.queries.filters import ParsedText, measure_days, parse_days, parse_filters, wrap_in_quotes

#: longest question, in characters; a longer one gives a UsageMessage
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
    """A briefing on a topic's slug or on free words. `since` and `until` are inclusive."""

    words: str
    outlet: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def command_text(self) -> str:
        """The slash command for this query."""
        filter_values = [("from", self.outlet), ("since", self.since), ("until", self.until)]
        return _build_command_text(Command.BRIEFING, self.words, filter_values)


@dataclass(frozen=True, slots=True)
class WhoSaidQuery:
    """A search for who said `words`, or for all quotes `by` a speaker if `words` is empty."""

    words: str
    by: str | None = None
    about: str | None = None
    outlet: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def command_text(self) -> str:
        """The slash command for this query."""
        filter_values = [("by", self.by), ("about", self.about), ("from", self.outlet)]
        return _build_command_text(
            Command.WHOSAID, self.words, [*filter_values, ("since", self.since), ("until", self.until)]
        )


@dataclass(frozen=True, slots=True)
class TopicsQuery:
    """The list of topics: `/briefing` without text."""


@dataclass(frozen=True, slots=True)
class HelpCommand:
    """A request for the help of the command."""


@dataclass(frozen=True, slots=True)
class UsageMessage:
    """A reply to text that is not a valid query. `sentence` says why and what to type."""

    sentence: str


#: the queries whose answers have pages and buttons
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
    """Parse the text after `/briefing`. `today` is the date from which relative dates are counted."""
    return _parse_briefing(clean_input(text), today)


def parse_who_said(text: str, today: date) -> WhoSaidQuery | HelpCommand | UsageMessage:
    """Parse the text after `/whosaid`. The word `help` in quotation marks is searched for."""
    return _parse_who_said(clean_input(text), today)


def parse_command(command_text: str, today: date) -> Query | None:
    """Return the query of a command such as `query.command_text` returns, or None for any other text."""
    command, _, arguments = command_text.partition(" ")
    words = to_one_line(arguments)
    parser = {Command.BRIEFING.value: _parse_briefing, Command.WHOSAID.value: _parse_who_said}.get(command)
    query = parser(words, today) if parser else None
    return query if isinstance(query, BriefingQuery | WhoSaidQuery) else None


def clean_input(text: str) -> str:
    """Return Slack's text as one line of visible characters, with Slack's escapes undone."""
    return to_one_line(_unescape(text))


def to_one_line(text: str) -> str:
    """Return the text as one line of visible characters."""
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
            f"What should the briefing be about? Add a topic or words, for example: {_EXAMPLES[Command.BRIEFING]}"
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
    """Return the words and filters, or a message about the first problem."""
    if len(text) > MAX_CHARACTERS:
        return UsageMessage(
            f"That's {len(text):,} characters; the limit is {MAX_CHARACTERS:,}. Type only the most important words."
        )
    names = _FILTERS[command]
    parsed_text = parse_filters(text, names, {name: lambda rest: measure_days(rest, today) for name in _DATE_FILTERS})
    example = f"for example: {_EXAMPLES[command]}"
    if parsed_text.unknown_filter:
        known_filters = " ".join(f"{name}:" for name in names)
        return UsageMessage(
            f"I don't know the filter “{parsed_text.unknown_filter}:”. Put words with a colon in quotation marks, "
            f"or use {known_filters}, {example}"
        )
    if parsed_text.duplicate_filter:
        return UsageMessage(f"Use {parsed_text.duplicate_filter}: only once, {example}")
    empty_filter = next((name for name, value in parsed_text.values.items() if not re.search(r"\w", value)), None)
    if empty_filter == "by":
        return UsageMessage(f"Add a name after by:, or remove it, {example}")
    if empty_filter:
        return UsageMessage(f"{empty_filter}: needs a value. Add one, or remove the filter, {example}")
    return parsed_text


def _parse_day_range(
    command: Command, parsed_text: ParsedText, today: date
) -> tuple[date | None, date | None] | UsageMessage:
    """Return the first and the last day of the filters, or a message about an invalid date."""
    periods = {
        name: parse_days(parsed_text.values[name], today) for name in _DATE_FILTERS if name in parsed_text.values
    }
    for name, period in periods.items():
        if period is None:
            return UsageMessage(
                f"I couldn't read “{parsed_text.values[name]}” as a date. "
                f'Try {name}:2016-06-24, {name}:yesterday or {name}:"last week".'
            )
    since, until = periods.get("since"), periods.get("until")
    if since and until and since.first > until.last:
        return UsageMessage(
            f"The since: date is later than the until: date. Swap them, for example: {_EXAMPLES[command]}"
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
    """Quote the words if the parser could otherwise read them as a filter or as a request for help."""
    return wrap_in_quotes(words) if re.search(_SPECIAL_CHARACTERS, words) or words.casefold() == "help" else words


def _unescape(text: str) -> str:
    """Undo Slack's three escapes."""
    # &amp; is last, so that no text is unescaped twice
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text


def _make_visible(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cf", "Cs"):  # bidirectional controls, zero-width characters, lone surrogates
        return ""
    return " " if category == "Cc" else character
