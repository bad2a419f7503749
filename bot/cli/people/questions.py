"""Reads and answers questions about people over time: `whosaid --timeline`, `whosaid --compare`, or in plain words."""

from argparse import Namespace
from dataclasses import replace
from datetime import date

from bot.cli.typed_questions import accept
from bot.queries.filters import wrap_in_quotes
from bot.queries.grammar.names import KnownNames
from bot.queries.natural_language import parse_command_text
from bot.queries.person_queries import ComparisonQuery, PersonQuery, TimelineQuery
from bot.queries.queries import Command, UsageMessage, WhoSaidQuery
from briefings import (
    AmbiguousName,
    BadQuestion,
    BriefingService,
    NothingFound,
    PersonComparison,
    PersonTimeline,
    UnknownPerson,
)

#: the options that narrow a question, by field of the query
_OPTIONS = ("about", "outlet", "since", "until")
_NO_PERSON = 'A timeline is of one person, for example: whosaid --timeline --by Corbyn --about "the vote"'
_MAX_NAMES = 10


def read_person_question(names: KnownNames, arguments: Namespace, today: date) -> PersonQuery | None:
    """Return the timeline or comparison that is asked for, or None. Raises BadQuestion for what is not understood."""
    text = " ".join(arguments.words)
    compared, is_timeline = getattr(arguments, "compare", None), getattr(arguments, "timeline", False)
    if compared is not None:
        if arguments.by or is_timeline:
            raise BadQuestion("--compare names both people. Leave out --by and --timeline.")
        text = f"compare:{wrap_in_quotes(compared)} {text}"
    query = parse_command_text(Command.WHOSAID, text, today, names) if text.strip() else WhoSaidQuery("")
    if isinstance(query, WhoSaidQuery) and is_timeline:
        query = _to_timeline(query, arguments)
    if isinstance(query, UsageMessage) and (compared is not None or is_timeline):
        accept(query, WhoSaidQuery(text))
    return _add_options(query, arguments) if isinstance(query, TimelineQuery | ComparisonQuery) else None


def answer(service: BriefingService, query: PersonQuery) -> PersonTimeline | PersonComparison:
    """Return the answer. Raises NothingFound for a name of no speaker, or of several, and BadQuestion."""
    if isinstance(query, ComparisonQuery):
        return service.people.compare(
            query.first, query.second, query.about, query.since, query.until, outlet=query.outlet
        )
    result = service.people.get_timeline(query.by, query.about, query.since, query.until, outlet=query.outlet)
    if isinstance(result, PersonTimeline):
        return result
    raise NothingFound(_explain(result))


def _explain(result: AmbiguousName | UnknownPerson) -> str:
    if isinstance(result, AmbiguousName):
        people = ", ".join(person.name for person in result.people[:_MAX_NAMES])
        return f"Several people are called {result.name}: {people}. Use the full name."
    similar_names = " or ".join(result.similar_names[:_MAX_NAMES])
    hint = f"Did you mean: {similar_names}?" if similar_names else "Check the spelling."
    return f"No quotes by {result.name}. {hint}"


def _to_timeline(query: WhoSaidQuery, arguments: Namespace) -> TimelineQuery:
    """Return the timeline of the speaker of a question. Raises BadQuestion without one, or with two."""
    if query.by and arguments.by:
        raise BadQuestion("--by is in the question too. Use it only once.")
    name = query.by or arguments.by
    if not name:
        raise BadQuestion(_NO_PERSON)
    about = query.about or query.words or None
    return TimelineQuery(name, about, query.outlet, query.since, query.until)


def _add_options(query: PersonQuery, arguments: Namespace) -> PersonQuery:
    values = {name: value for name in _OPTIONS if (value := getattr(arguments, name, None))}
    if isinstance(query, TimelineQuery) and arguments.by and arguments.by != query.by:
        raise BadQuestion("--by is in the question too. Use it only once.")
    for name in values:
        if getattr(query, name):
            raise BadQuestion(f"--{name} is in the question too. Use it only once.")
    return replace(query, **values)
