"""Reads a question typed in a terminal with the grammar of the Slack commands, and adds the options (`--by`).

Rule: an option says what it is for certain, so it is never read as words. The same part twice is an error.
"""

from argparse import Namespace
from dataclasses import replace
from datetime import date
from typing import TypeVar

from bot.queries.grammar.names import KnownNames
from bot.queries.natural_language import parse_command_text
from bot.queries.queries import BriefingQuery, Command, NewsQuery, UsageMessage, WhoSaidQuery
from briefings import BadQuestion

Q = TypeVar("Q", BriefingQuery, WhoSaidQuery, NewsQuery)
#: the options of both commands, by field of the query
_OPTIONS = {"by": "--by", "about": "--about", "outlet": "--outlet", "since": "--since", "until": "--until"}


def read_who_said(names: KnownNames, arguments: Namespace, today: date) -> WhoSaidQuery:
    """Return the query of `whosaid`. Raises BadQuestion for what is not understood."""
    text = " ".join(arguments.words)
    query = parse_command_text(Command.WHOSAID, text, today, names) if text.strip() else WhoSaidQuery("")
    if isinstance(query, BriefingQuery):
        raise BadQuestion(f"A briefing answers this: {query.command_text.removeprefix('/')}")
    return _add_options(query if isinstance(query, WhoSaidQuery) else accept(query, WhoSaidQuery(text)), arguments)


def read_briefing(names: KnownNames, arguments: Namespace, today: date) -> BriefingQuery | NewsQuery:
    """Return the query of `briefing`. Raises BadQuestion for what is not understood."""
    text = " ".join(arguments.about)
    query = parse_command_text(Command.BRIEFING, text, today, names)
    if isinstance(query, NewsQuery):
        return _add_options(query, arguments)
    return _add_options(query if isinstance(query, BriefingQuery) else accept(query, BriefingQuery(text)), arguments)


def accept(query: object, literal_query: Q) -> Q:
    """Return the text as it is for a word such as "help". Raises BadQuestion with the message about a question."""
    if isinstance(query, UsageMessage):
        raise BadQuestion(query.sentence.replace(" /whosaid ", " whosaid ").replace(" /briefing ", " briefing "))
    return literal_query


def _add_options(query: Q, arguments: Namespace) -> Q:
    values = {name: value for name in _OPTIONS if (value := getattr(arguments, name, None)) and hasattr(query, name)}
    for name in values:
        if getattr(query, name):
            raise BadQuestion(f"{_OPTIONS[name]} is in the question too. Use it only once.")
    return replace(query, **values)
