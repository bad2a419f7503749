"""Renders the timeline of a person: statements by day, the oldest first, with the first and latest marked."""

from collections.abc import Sequence
from dataclasses import replace

from bot.links.urls import PageLinks
from bot.queries.person_queries import TimelineQuery
from bot.queries.queries import WhoSaidQuery
from bot.slack.blocks import formatting, mrkdwn
from bot.slack.blocks.button_values import Action, ButtonValue
from bot.slack.blocks.menus import SAVE_LABEL, Choice, build_row
from bot.slack.blocks.message import Message, build_screen_reader_text, context, paginate, section
from bot.slack.blocks.paging import build_page_choices, describe_page
from bot.slack.views.people.statements import (
    ShownStatement,
    StatementStyle,
    build_long_question_choices,
    build_parts,
    describe_days,
)
from briefings import PersonStatement, PersonTimeline

#: most statements on a page, so that its buttons are not far below on a phone
_MAX_ITEMS = 6
_MAX_NAME_LENGTH, _MAX_SUBJECT_LENGTH, _MAX_NAMESAKES = 80, 300, 5


def build_message(
    result: PersonTimeline,
    query: TimelineQuery,
    page: int = 1,
    *,
    sharable: bool = True,
    page_links: PageLinks | None = None,
) -> Message:
    """Return one page, counted from 1. `page_links` links to the pages, or is absent (None) without access."""
    if not result.statements:
        return _build_empty_message(result, query)
    title = f"{format_title(result, query, page_links)}\n{_describe_statements(result)}"
    linked_parts, plain_parts = (
        build_parts(
            [ShownStatement(statement, format_role(result, statement)) for statement in result.statements],
            StatementStyle(query.command_text, page_links, with_links),
            result.describe_day,
        )
        for with_links in (True, False)
    )
    closing_notes = " ".join(filter(None, (*list_notes(result), formatting.format_search_scope(result.totals))))
    head = [section(title)]
    message_pages = paginate(head, linked_parts, [context(closing_notes)], max_items=_MAX_ITEMS)
    page_number = min(max(page, 1), len(message_pages))
    shown_page = message_pages[page_number - 1]
    value = ButtonValue(query.command_text, page_number)
    choices = build_page_choices(value, message_pages)
    choices += (Choice("Share to the channel", Action.SHARE, value),) if sharable else ()
    choices += (Choice("Compare…", Action.COMPARE, ButtonValue(query.command_text)),)
    choices += (*build_long_question_choices(value), Choice(SAVE_LABEL, Action.SAVE, value))
    closing = f"{describe_page(message_pages, page_number, 'statement')} {closing_notes}".strip()
    return Message(
        build_screen_reader_text(title, linked_parts, plain_parts, closing, shown_page.parts),
        (*head, *shown_page.blocks, *build_row(choices, _build_wider_choices(query)), context(closing)),
    )


def format_title(result: PersonTimeline, query: TimelineQuery, page_links: PageLinks | None) -> str:
    """Return the person in bold with the role and the filters, linked to the timeline's page."""
    name = mrkdwn.shorten(result.name, _MAX_NAME_LENGTH)
    role = f", {mrkdwn.shorten(result.role, _MAX_NAME_LENGTH)}" if result.role else ""
    filters = mrkdwn.shorten(result.description, _MAX_SUBJECT_LENGTH)
    page = page_links and page_links.build_timeline_link(result.name, result.about, **query.page_params)
    link = formatting.format_link(page, "page with chart") if page else ""
    return formatting.join_with_dots((f"*{name}*{role}{f' {filters}' if filters else ''}, over time", link))


def format_role(result: PersonTimeline, statement: PersonStatement) -> str:
    """Return the role that tells people with one name apart, or ""."""
    role = result.get_role(statement)
    return f"_{mrkdwn.shorten(role, _MAX_NAME_LENGTH)}_" if role else ""


def list_notes(result: PersonTimeline) -> list[str]:
    """Return the sentences that readers must know: what was not read, and other people with the name."""
    notes = []
    if result.is_bounded:
        notes.append("Older quotes were not read. For these, add until: or a subject.")
    if len(result.namesakes) > 1:
        roles = "; ".join(mrkdwn.shorten(roles[0], 60) for roles in result.namesakes[:_MAX_NAMESAKES] if roles)
        notes.append(f"Perhaps {len(result.namesakes)} people have this name: {roles}.")
    return notes


def describe_silence(result: PersonTimeline) -> str:
    """Return the sentence for a person who is not quoted on the subject."""
    name = mrkdwn.shorten(result.name, _MAX_NAME_LENGTH)
    filters = mrkdwn.shorten(result.description, _MAX_SUBJECT_LENGTH)
    total = formatting.format_count(result.quote_total, "quote")
    return f"I have no quotes by {name}{f' {filters}' if filters else ''}. On all subjects: {total}."


def _build_empty_message(result: PersonTimeline, query: TimelineQuery) -> Message:
    sentence = describe_silence(result)
    return Message(sentence, (section(sentence), *build_row((), _build_wider_choices(query))))


def _build_wider_choices(query: TimelineQuery) -> Sequence[Choice]:
    """Return the choices of the timeline without one of its filters."""
    wider_queries = []
    if query.about:
        wider_queries.append(("Any subject", replace(query, about=None)))
    if query.since or query.until:
        wider_queries.append(("Any date", replace(query, since=None, until=None)))
    if query.outlet:
        wider_queries.append(("Any source", replace(query, outlet=None)))
    return [
        Choice(label, Action.ASK, ButtonValue(wider_query.command_text), f"wider{position}")
        for position, (label, wider_query) in enumerate(wider_queries)
    ]


def _describe_statements(result: PersonTimeline) -> str:
    """Return the counts, and the days of the first and the latest statement."""
    days = [count.day for count in result.day_counts if count.day]
    statement_count = formatting.format_count(len(result.statements), "statement")
    reports = f"reported {result.quote_count:,} times" if result.quote_count > len(result.statements) else ""
    outlets = formatting.format_outlet_count(result.outlets)
    span = describe_days(min(days, default=None), max(days, default=None))
    return formatting.join_with_dots((statement_count, reports, outlets, span))


def to_timeline(query: WhoSaidQuery) -> TimelineQuery | None:
    """Return the timeline of the speaker of a question, or None for a question without one."""
    if not query.by:
        return None
    return TimelineQuery(query.by, query.about or query.words or None, query.outlet, query.since, query.until)
