"""Renders the question which person is meant, for a name of several people, or of no speaker."""

from dataclasses import replace

from bot.queries.person_queries import TimelineQuery
from bot.slack.blocks import formatting, mrkdwn
from bot.slack.blocks.button_values import Action, ButtonValue
from bot.slack.blocks.menus import Choice, build_row
from bot.slack.blocks.message import Message, section
from briefings import AmbiguousName, UnknownPerson

#: most people that are listed
_MAX_PEOPLE, _MAX_NAME_LENGTH = 10, 80


def build_message(result: AmbiguousName | UnknownPerson, query: TimelineQuery) -> Message:
    """Return a sentence with the people, and a choice for each."""
    name = mrkdwn.shorten(result.name, _MAX_NAME_LENGTH)
    if isinstance(result, AmbiguousName):
        people = [(person.name, formatting.format_count(person.quotes, "quote")) for person in result.people]
        lines = [f"• {mrkdwn.shorten(person, _MAX_NAME_LENGTH)} ({count})" for person, count in people[:_MAX_PEOPLE]]
        omitted_count = len(people) - len(lines)
        more = [f"and {omitted_count} more"] if omitted_count else []
        text = "\n".join([f"Which {name}? Several people are quoted under this name:", *lines, *more])
        names = [person for person, _ in people if " " in person]
    else:
        names = list(result.similar_names)
        suggestions = ", ".join(mrkdwn.shorten(person, _MAX_NAME_LENGTH) for person in names[:_MAX_PEOPLE])
        hint = f"Did you mean: {suggestions}?" if suggestions else "Check the spelling, or try only the last name."
        text = f"I have no quotes by “{name}”. {hint}"
    choices = [
        Choice(person, Action.ASK, ButtonValue(replace(query, by=person).command_text), f"person{position}")
        for position, person in enumerate(names[:_MAX_PEOPLE])
    ]
    return Message(text, (section(text), *build_row((), choices)))
