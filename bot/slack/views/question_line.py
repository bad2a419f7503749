"""Shows how a question was understood, and the buttons that ask it again without one of its parts.

Rule: a part that matches nothing is named. Each button is the whole command without one part.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.queries.queries import Query, WhoSaidQuery
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.button_values import Action, ButtonValue
from bot.slack.blocks.menus import Choice
from bot.slack.blocks.message import Message, context
from briefings import Briefing, WhoSaid

#: longest question and part that is shown, in characters
_MAX_LENGTH = 300


def format_who_said(result: WhoSaid) -> str:
    """Return the line that heads quotes: what they are quotes of, or which part of the question was left out."""
    question = mrkdwn.shorten(result.description, _MAX_LENGTH)
    if result.dropped:
        return f"No quote {question}. {format_dropped(result.dropped)}:"
    return f"Quotes {question}" if question else "Quotes"


def format_dropped(dropped: Sequence[str]) -> str:
    """Return the parts that were left out: "Without “by Corbyn”"."""
    return "Without " + " and ".join(f"“{mrkdwn.shorten(part, _MAX_LENGTH)}”" for part in dropped)


def add_filters(message: Message, briefing: Briefing) -> Message:
    """Return the message of a briefing with a line on its filters, or the same message without filters."""
    filters = mrkdwn.shorten(briefing.filters, _MAX_LENGTH)
    if not filters:
        return message
    line = f"Only articles {filters}"
    if briefing.dropped_filters:
        line = f"No articles on this {filters}. {format_dropped(briefing.dropped_filters)}:"
    return Message(f"{line}\n\n{message.text}", (context(line), *message.blocks))


def list_wider_queries(query: Query, dropped: Sequence[str]) -> list[tuple[str, Query]]:
    """Return the question without each of its parts, with labels; none for parts that were left out already."""
    wider_queries: list[tuple[str, Query]] = []
    if isinstance(query, WhoSaidQuery):
        if query.by and query.words:
            wider_queries.append(("Any speaker", replace(query, by=None)))
        if query.about:
            wider_queries.append(("Any subject", replace(query, about=None)))
    if query.since or query.until:
        wider_queries.append(("Any date", replace(query, since=None, until=None)))
    if query.outlet:
        wider_queries.append(("Any source", replace(query, outlet=None)))
    return [] if dropped else wider_queries


def build_wider_choices(wider_queries: Sequence[tuple[str, Query]]) -> list[Choice]:
    """Return the choice of each question, for a button."""
    return [
        Choice(label, Action.ASK, ButtonValue(query.command_text), f"wider{position}")
        for position, (label, query) in enumerate(wider_queries)
    ]
