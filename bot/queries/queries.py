"""Parses the text after a slash command into a query, and formats a query as a command again. Pure.

Rule: every text gives a value, never an exception. Curly quotation marks from Slack clients, missing quotation marks
and invisible characters do not change the query.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.queries.filters import (
    ParsedText,
    build_page_params,
    measure_days,
    parse_days,
    parse_filters,
    wrap_in_quotes,
)
from bot.queries.grammar.names import NO_NAMES, KnownNames
from bot.queries.grammar.readings import WILDCARD as WILDCARD
from bot.queries.grammar.readings import Problem, Reading, read_briefing, read_filters, read_quote_question
from bot.queries.person_queries import ComparisonQuery, TimelineQuery, is_reserved, parse_person_command
from bot.queries.slack_text import clean_input as clean_input
from bot.queries.slack_text import read_slack_text
from bot.queries.slack_text import to_one_line as to_one_line

#: longest question, in characters; a longer one gives a UsageMessage
MAX_CHARACTERS = 1000
#: characters of a typed text that are read to find out how long it is, and of a value in a message
_MAX_READ, _MAX_ECHO = 8 * MAX_CHARACTERS, 80

_SPECIAL_CHARACTERS = '[:"“”„‟«»]'
_QUOTE_CHARACTERS = "\"'“”„‟‘’‚‛«»‹›`´ "


class Command(StrEnum):
    """The slash commands."""

    BRIEFING = "/briefing"
    WHOSAID = "/whosaid"
    DIGEST = "/digest"
    WATCH = "/watch"
    TOPIC = "/topic"
    SOURCES = "/sources"


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

    @property
    def page_params(self) -> dict[str, str]:
        """The outlet and the days as parameters of the page with this answer."""
        return build_page_params(self.outlet, self.since, self.until)


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
class NewsQuery:
    """The top stories of some days, both included."""

    since: date | None
    until: date | None
    outlet: str | None = None

    @property
    def command_text(self) -> str:
        """The slash command for this query."""
        filter_values = [("from", self.outlet), ("since", self.since), ("until", self.until)]
        return _build_command_text(Command.BRIEFING, "", filter_values)


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


#: words before a subject, which may have the name of a month: "on May"
SUBJECT_PREFIX = re.compile(r"^(?:on|about|of|for) ", re.IGNORECASE)
#: the queries whose answers have pages and buttons
Query = BriefingQuery | WhoSaidQuery | TimelineQuery | ComparisonQuery | NewsQuery

_EXAMPLES = {
    Command.BRIEFING: "/briefing labour-crisis since:2016-06-24 from:Guardian",
    Command.WHOSAID: '/whosaid "lynch-mob" by:McDonnell since:2016-06-24',
}
_FILTERS = {
    Command.BRIEFING: ("since", "until", "from"),
    Command.WHOSAID: ("by", "about", "since", "until", "from"),
}
_DATE_FILTERS = ("since", "until")


def parse_briefing(
    text: str, today: date, names: KnownNames = NO_NAMES
) -> BriefingQuery | NewsQuery | TopicsQuery | HelpCommand | UsageMessage:
    """Parse the text after `/briefing`. `today` is the date from which relative dates are counted."""
    line = read_slack_text(text[:_MAX_READ])
    if line.casefold() == "help":
        return HelpCommand()
    if len(line) > MAX_CHARACTERS:
        return _explain_length(len(clean_input(text)))
    reading = Reading(line) if line == WILDCARD else read_briefing(line, names, today)
    if reading.by:
        return _suggest_who_said(reading.by, reading.words)
    if reading.about:
        reading = Reading(problem=Problem("about", is_unknown=True))
    if problem := _explain(Command.BRIEFING, reading):
        return problem
    if not re.search(r"\w|\*", reading.words):
        subject = SUBJECT_PREFIX.sub("", line)
        if subject != line and names.is_person(subject):
            return BriefingQuery(subject)
        if reading.since or reading.until:
            return NewsQuery(reading.since, reading.until, reading.outlet)
        return _ask_for_subject() if reading.outlet else TopicsQuery()
    return BriefingQuery(reading.words, reading.outlet, reading.since, reading.until)


def parse_who_said(
    text: str, today: date, names: KnownNames = NO_NAMES, *, is_after_verb: bool = False
) -> WhoSaidQuery | HelpCommand | UsageMessage:
    """Parse the text after `/whosaid`, or after "who said" (`is_after_verb`).

    The word `help` in quotation marks is searched for.
    """
    line = read_slack_text(text[:_MAX_READ])
    if line.casefold() == "help" and not is_after_verb:
        return HelpCommand()
    if len(line) > MAX_CHARACTERS:
        return _explain_length(len(clean_input(text)))
    return build_who_said(read_quote_question(line, names, today, is_after_verb=is_after_verb))


def parse_speaker_question(
    speaker: str, text: str, today: date, names: KnownNames = NO_NAMES
) -> WhoSaidQuery | UsageMessage:
    """Parse what narrows a question about a speaker's quotes: "about the vote last week"."""
    return build_who_said(read_filters(text, names, today, by=speaker or None))


def build_who_said(reading: Reading) -> WhoSaidQuery | UsageMessage:
    """Return the query of a reading, or a message about what was not understood."""
    if problem := _explain(Command.WHOSAID, reading):
        return problem
    words = reading.words if re.search(r"\w", reading.words) else ""
    if not words and not reading.by:
        return _ask_for_words()
    return WhoSaidQuery(words, reading.by, reading.about, reading.outlet, reading.since, reading.until)


def parse_command(command_text: str, today: date) -> Query | None:
    """Return the query of a command such as `query.command_text` returns, or None for any other text."""
    command, _, arguments = command_text.partition(" ")
    words = to_one_line(arguments)
    if command == Command.WHOSAID and (person_query := parse_person_command(words, today)):
        return person_query
    parser = {Command.BRIEFING.value: _parse_briefing, Command.WHOSAID.value: _parse_who_said}.get(command)
    query = parser(words, today) if parser else None
    return query if isinstance(query, Query) else None


def _parse_briefing(text: str, today: date) -> BriefingQuery | NewsQuery | TopicsQuery | HelpCommand | UsageMessage:
    if text.casefold() == "help":
        return HelpCommand()
    parsed_text = _parse_filters(Command.BRIEFING, text, today)
    if isinstance(parsed_text, UsageMessage):
        return parsed_text
    words = parsed_text.words.strip(_QUOTE_CHARACTERS)
    if not words and not parsed_text.values:
        return TopicsQuery()
    day_range = _parse_day_range(Command.BRIEFING, parsed_text, today)
    if isinstance(day_range, UsageMessage):
        return day_range
    outlet = parsed_text.values.get("from")
    if not words:
        return NewsQuery(*day_range, outlet) if any(day_range) else _ask_for_subject()
    return BriefingQuery(words, outlet, *day_range)


def _parse_who_said(text: str, today: date) -> WhoSaidQuery | HelpCommand | UsageMessage:
    if text.casefold() == "help":
        return HelpCommand()
    parsed_text = _parse_filters(Command.WHOSAID, text, today)
    if isinstance(parsed_text, UsageMessage):
        return parsed_text
    day_range = _parse_day_range(Command.WHOSAID, parsed_text, today)
    if isinstance(day_range, UsageMessage):
        return day_range
    words, values = parsed_text.words.strip(_QUOTE_CHARACTERS), parsed_text.values
    if not re.search(r"\w", words):
        if "by" not in values:
            return _ask_for_words()
        words = ""
    return WhoSaidQuery(words, values.get("by"), values.get("about"), values.get("from"), *day_range)


def _parse_filters(command: Command, text: str, today: date) -> ParsedText | UsageMessage:
    """Return the words and filters, or a message about the first problem."""
    if len(text) > MAX_CHARACTERS:
        return _explain_length(len(text))
    names = _FILTERS[command]
    parsed_text = parse_filters(text, names, {name: lambda rest: measure_days(rest, today) for name in _DATE_FILTERS})
    if parsed_text.unknown_filter:
        return _explain_problem(command, Problem(parsed_text.unknown_filter, is_unknown=True))
    if parsed_text.duplicate_filter:
        return _explain_problem(command, Problem(parsed_text.duplicate_filter, is_duplicate=True))
    empty_filter = next((name for name, value in parsed_text.values.items() if not re.search(r"\w", value)), None)
    return _explain_problem(command, Problem(empty_filter)) if empty_filter else parsed_text


def _parse_day_range(
    command: Command, parsed_text: ParsedText, today: date
) -> tuple[date | None, date | None] | UsageMessage:
    """Return the first and the last day of the filters, or a message about an invalid date."""
    periods = {
        name: parse_days(parsed_text.values[name], today) for name in _DATE_FILTERS if name in parsed_text.values
    }
    for name, period in periods.items():
        if period is None:
            return _explain_problem(command, Problem(name, parsed_text.values[name]))
    since, until = periods.get("since"), periods.get("until")
    if since and until and since.first > until.last:
        return _explain_swapped_days(command)
    return since.first if since else None, until.last if until else None


def _explain(command: Command, reading: Reading) -> UsageMessage | None:
    """Return the message about what was not understood, or None."""
    if reading.problem:
        return _explain_problem(command, reading.problem)
    is_swapped = reading.since and reading.until and reading.since > reading.until
    return _explain_swapped_days(command) if is_swapped else None


def _explain_problem(command: Command, problem: Problem) -> UsageMessage:
    name, example = problem.filter_name, f"for example: {_EXAMPLES[command]}"
    text = problem.text if len(problem.text) <= _MAX_ECHO else f"{problem.text[:_MAX_ECHO]}…"
    if problem.is_unknown:
        known_filters = " ".join(f"{known_name}:" for known_name in _FILTERS[command])
        return UsageMessage(
            f"I don't know the filter “{name}:”. Put words with a colon in quotation marks, or use {known_filters}, "
            f"{example}"
        )
    if problem.is_duplicate:
        return UsageMessage(f"Use {name}: only once, {example}")
    if text and name in ("about", ""):
        return UsageMessage(f"I don't understand “{text}” here. Remove it, or put it in quotation marks, {example}")
    if text:
        day_name = name if name in _DATE_FILTERS else "since"
        return UsageMessage(
            f"I couldn't read “{text}” as a date. "
            f'Try {day_name}:2016-06-24, {day_name}:yesterday or {day_name}:"last week".'
        )
    if name == "by":
        return UsageMessage(f"Add a name after by:, or remove it, {example}")
    return UsageMessage(f"{name}: needs a value. Add one, or remove the filter, {example}")


def _suggest_who_said(speaker: str, words: str) -> UsageMessage:
    query = WhoSaidQuery("", speaker, words or None)
    return UsageMessage(f"A briefing covers all speakers. For one speaker, for example: {query.command_text}")


def _explain_swapped_days(command: Command) -> UsageMessage:
    return UsageMessage(f"The since: date is later than the until: date. Swap them, for example: {_EXAMPLES[command]}")


def _explain_length(length: int) -> UsageMessage:
    return UsageMessage(
        f"That's {length:,} characters; the limit is {MAX_CHARACTERS:,}. Type only the most important words."
    )


def _ask_for_words() -> UsageMessage:
    return UsageMessage('Which words? Type some of what was said, for example: /whosaid "lynch-mob"')


def _ask_for_subject() -> UsageMessage:
    return UsageMessage(
        f"What should the briefing be about? Add a topic or words, for example: {_EXAMPLES[Command.BRIEFING]}"
    )


def _build_command_text(command: Command, words: str, filter_values: Sequence[tuple[str, str | date | None]]) -> str:
    filter_texts = [
        f"{name}:{value if isinstance(value, date) else wrap_in_quotes(value)}"
        for name, value in filter_values
        if value
    ]
    return " ".join(filter(None, (command.value, _protect_words(words), *filter_texts)))


def _protect_words(words: str) -> str:
    """Quote the words if the parser could otherwise read them as a filter or as a request for help."""
    is_protected = re.search(_SPECIAL_CHARACTERS, words) or words.casefold() == "help" or is_reserved(words)
    return wrap_in_quotes(words) if is_protected else words
