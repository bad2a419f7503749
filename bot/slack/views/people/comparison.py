"""Renders two people on one subject: their statements by day, each with its speaker.

Rule: nothing says whether they agree. A person who is unknown, ambiguous or not quoted is named, and the other one is
shown.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.links.urls import PageLinks
from bot.queries.person_queries import ComparisonQuery
from bot.slack.blocks import formatting, mrkdwn
from bot.slack.blocks.button_values import Action, ButtonValue
from bot.slack.blocks.menus import SAVE_LABEL, Choice, build_row
from bot.slack.blocks.message import Message, build_screen_reader_text, context, paginate, section
from bot.slack.blocks.paging import build_page_choices, describe_page
from bot.slack.views.people.statements import ShownStatement, StatementStyle, build_long_question_choices, build_parts
from bot.slack.views.people.timeline import describe_silence, format_role, list_notes
from briefings import ComparedPerson, PersonComparison, SideStatus

_MAX_ITEMS = 6
_MAX_NAME_LENGTH, _MAX_SUBJECT_LENGTH = 80, 300


def build_message(
    result: PersonComparison,
    query: ComparisonQuery,
    page: int = 1,
    *,
    sharable: bool = True,
    page_links: PageLinks | None = None,
) -> Message:
    """Return one page, counted from 1. `page_links` links to the pages, or is absent (None) without access."""
    notes = "\n".join(_list_side_notes(result))
    title = "\n".join(filter(None, (_format_title(result, query, page_links), _count_sides(result), notes)))
    other_questions = _build_questions(result, query)
    linked_parts, plain_parts = (
        build_parts(_sort_statements(result), StatementStyle(query.command_text, page_links, with_links))
        for with_links in (True, False)
    )
    if not any(part.items for part in linked_parts):
        return Message(title, (section(title), *build_row((), other_questions)))
    timelines = [side.timeline for side in result.sides if side.timeline]
    bounded_notes = list(dict.fromkeys(note for timeline in timelines for note in list_notes(timeline)))
    closing_notes = " ".join((*bounded_notes, formatting.format_search_scope(result.totals)))
    head = [section(title)]
    message_pages = paginate(head, linked_parts, [context(closing_notes)], max_items=_MAX_ITEMS)
    page_number = min(max(page, 1), len(message_pages))
    shown_page = message_pages[page_number - 1]
    value = ButtonValue(query.command_text, page_number)
    choices = build_page_choices(value, message_pages)
    choices += (Choice("Share to the channel", Action.SHARE, value),) if sharable else ()
    choices += (*build_long_question_choices(value), Choice(SAVE_LABEL, Action.SAVE, value))
    closing = f"{describe_page(message_pages, page_number, 'statement')} {closing_notes}".strip()
    return Message(
        build_screen_reader_text(title, linked_parts, plain_parts, closing, shown_page.parts),
        (*head, *shown_page.blocks, *build_row(choices, other_questions), context(closing)),
    )


def _format_title(result: PersonComparison, query: ComparisonQuery, page_links: PageLinks | None) -> str:
    first, second = (f"*{mrkdwn.shorten(side.name, _MAX_NAME_LENGTH)}*" for side in result.sides)
    filters = mrkdwn.shorten(result.description, _MAX_SUBJECT_LENGTH)
    page = page_links and page_links.build_comparison_link(query.first, query.second, result.about, **query.page_params)
    link = formatting.format_link(page, "in two columns") if page else ""
    return formatting.join_with_dots((f"{first} and {second}{f' {filters}' if filters else ''}", link))


def _count_sides(result: PersonComparison) -> str:
    counts = [
        f"{mrkdwn.shorten(side.name, _MAX_NAME_LENGTH)}: "
        f"{formatting.format_count(len(side.timeline.statements), 'statement')}"
        for side in (result.sides[:1] if result.is_one_person else result.sides)
        if side.timeline and side.timeline.statements
    ]
    return formatting.join_with_dots(counts)


def _list_side_notes(result: PersonComparison) -> list[str]:
    """Return a sentence for each person without quotes, and for one person named twice."""
    if result.is_one_person:
        return [
            f"Both names mean {mrkdwn.shorten(result.sides[0].name, _MAX_NAME_LENGTH)}. Name two people to compare."
        ]
    return [note for side in result.sides if (note := _describe_side(side))]


def _describe_side(side: ComparedPerson) -> str:
    name = mrkdwn.shorten(side.asked_name, _MAX_NAME_LENGTH)
    names = ", ".join(mrkdwn.shorten(suggestion, _MAX_NAME_LENGTH) for suggestion in side.suggestions)
    match side.status:
        case SideStatus.AMBIGUOUS:
            return f"“{name}” can mean several people: {names}. Use the full name."
        case SideStatus.UNKNOWN:
            return f"I have no quotes by “{name}”." + (f" Did you mean: {names}?" if names else " Check the spelling.")
        case SideStatus.SILENT if side.timeline:
            return describe_silence(side.timeline)
    return ""


def _sort_statements(result: PersonComparison) -> list[ShownStatement]:
    """Return the statements of both people by day, each with its speaker; undated ones last."""
    sides = result.sides[:1] if result.is_one_person else result.sides
    shown_statements = [
        ShownStatement(
            statement,
            formatting.join_with_dots(
                (f"*{mrkdwn.shorten(side.name, _MAX_NAME_LENGTH)}*", format_role(side.timeline, statement))
            ),
        )
        for side in sides
        if side.timeline
        for statement in side.timeline.statements
    ]

    def get_day(entry: ShownStatement) -> tuple[bool, date]:
        day = entry.statement.first_day
        return day is None, day or date.max

    return sorted(shown_statements, key=get_day)


def _build_questions(result: PersonComparison, query: ComparisonQuery) -> Sequence[Choice]:
    """Return the choices of names to use instead, and of the comparison without its subject."""
    questions: list[tuple[str, str]] = []
    for position, side in enumerate(result.sides):
        field = ("first", "second")[position]
        questions += [
            (name, replace(query, **{field: name}).command_text)  # type: ignore[arg-type]  # `field` names a speaker
            for name in side.suggestions
            if name.casefold() != side.asked_name.casefold() and " " in name
        ]
    if query.about:
        questions.append(("Any subject", replace(query, about=None).command_text))
    return [
        Choice(label, Action.ASK, ButtonValue(command_text), f"person{position}")
        for position, (label, command_text) in enumerate(questions)
    ]
