"""Renders a briefing as a message: the short form first, and all lines, or those of one slot, on pages.

Rule: the whole form and each slot with more lines are one press away from the short form. `text` contains the whole
briefing, or the whole slot, because screen readers read nothing else.

Rule: in the timeline each day is printed once, over its first line.
"""

from collections.abc import Sequence, Set
from datetime import date

from slack_sdk.models.blocks import Block, ButtonElement

from bot.core import slack_limits
from bot.links.urls import PageLinks
from bot.slack.blocks import formatting, mrkdwn
from bot.slack.blocks.button_values import Action, ButtonValue, build_button, build_page_buttons, describe_page
from bot.slack.blocks.formatting import format_count, format_link
from bot.slack.blocks.message import (
    Item,
    Message,
    Part,
    build_screen_reader_text,
    buttons,
    context,
    divider,
    header,
    paginate,
    section,
)
from bot.slack.views.short_briefing import select_lines
from briefings import Briefing, Line, Slot, Source

_HEADINGS = {
    Slot.STATUS: "*Latest*",
    Slot.TIMELINE: "*Day by day*",
    Slot.QUOTES: "*Who said what*",
    Slot.DIFFERENCES: "*Where the sources differ*",
    Slot.MISSING: "*Not in these articles*",
}
#: longest markup of the list of sources, in characters
_MAX_SOURCES_LENGTH = slack_limits.SECTION_TEXT


def build_message(
    briefing: Briefing,
    command_text: str,
    page: int = 0,
    *,
    slot: Slot | None = None,
    sharable: bool = True,
    page_links: PageLinks | None = None,
) -> Message:
    """Return one page: 0 is the short form, 1 and above contain all lines, or those of `slot`.

    The buttons repeat `command_text`. `page_links` links to the pages, or is absent (None) for readers without access.
    """
    selection = select_lines(briefing)
    shown_lines = [line for line in briefing.lines if line.slot in _HEADINGS]
    has_short_form = len(shown_lines) > len(selection)
    small_print = context(_format_small_print(briefing, page_links))
    slot_lines = [line for line in shown_lines if line.slot is slot]
    if page <= 0 and has_short_form:
        return _build_short_form(briefing, selection, command_text, small_print, page_links, sharable=sharable)
    lines = slot_lines or shown_lines
    head: list[Block] = [header(briefing.title)]
    sources = [] if slot_lines else _build_sources(briefing)
    message_pages = paginate(head, _build_parts(briefing, lines, with_links=True), [*sources, small_print])
    button_value = ButtonValue(command_text, min(max(page, 1), len(message_pages)), slot=slot if slot_lines else None)
    page_buttons = build_page_buttons(button_value, len(message_pages), first_page=0 if has_short_form else 1)
    if slot_lines:
        page_buttons += build_button("Full briefing", Action.PAGE, ButtonValue(command_text, 1), "whole")
    page_note = [context(describe_page(message_pages, button_value.page, "item"))] if len(message_pages) > 1 else []
    return Message(
        _build_text(briefing, lines, page_links, with_sources=not slot_lines),
        (
            *head,
            *message_pages[button_value.page - 1].blocks,
            *sources,
            *_build_buttons(button_value, page_buttons, briefing, sharable=sharable),
            *page_note,
            small_print,
        ),
    )


def _build_short_form(
    briefing: Briefing,
    selection: Sequence[Line],
    command_text: str,
    small_print: Block,
    page_links: PageLinks | None,
    *,
    sharable: bool,
) -> Message:
    head: list[Block] = [header(briefing.title)]
    sources = _build_sources(briefing)
    (first, *_) = paginate(head, _build_parts(briefing, selection, with_links=True), [*sources, small_print])
    omitted_lines = [
        line
        for line in briefing.lines
        if line.slot in _HEADINGS and not any(line is selected_line for selected_line in selection)
    ]
    full_button = build_button(
        f"Full briefing ({len(omitted_lines)} more)", Action.PAGE, ButtonValue(command_text, 1), "+"
    )
    slot_buttons = _build_slot_buttons(briefing, {line.slot for line in omitted_lines}, command_text)
    return Message(
        _build_text(briefing, briefing.lines, page_links),
        (
            *head,
            *first.blocks,
            *sources,
            *_build_buttons(ButtonValue(command_text, 0), [*full_button, *slot_buttons], briefing, sharable=sharable),
            small_print,
        ),
    )


def _build_slot_buttons(briefing: Briefing, slots: Set[Slot], command_text: str) -> list[ButtonElement]:
    """Return a button for each of `slots`, with its number of lines."""
    return [
        button
        for slot, heading in _HEADINGS.items()
        if slot in slots
        for button in build_button(
            f"{heading.strip('*')} ({len(briefing.get_slot_lines(slot))})",
            Action.PAGE,
            ButtonValue(command_text, 1, slot=slot),
            slot.value,
        )
    ]


def _build_sources(briefing: Briefing) -> list[Block]:
    return [divider(), section(_format_sources(briefing.sources, with_links=True))]


def _build_buttons(
    button_value: ButtonValue, page_buttons: Sequence[ButtonElement], briefing: Briefing, *, sharable: bool
) -> list[Block]:
    share_buttons = build_button("Share to the channel", Action.SHARE, button_value) if sharable else ()
    if not any(line.evidence for line in briefing.lines):
        return buttons([*share_buttons, *page_buttons])
    feedback_buttons = build_button("This looks wrong", Action.WRONG, button_value)
    return buttons(
        [
            *share_buttons,
            *page_buttons,
            *build_button("Read in context", Action.CONTEXT, button_value),
            *feedback_buttons,
        ]
    )


def _build_parts(briefing: Briefing, selection: Sequence[Line], *, with_links: bool) -> list[Part]:
    sources_by_id = {source.id: source for source in briefing.sources}
    return [
        Part(
            heading,
            tuple(
                _build_items([line for line in selection if line.slot is slot], sources_by_id, with_links=with_links)
            ),
        )
        for slot, heading in _HEADINGS.items()
    ]


def _build_items(selection: Sequence[Line], sources_by_id: dict[str, Source], *, with_links: bool) -> list[Item]:
    items: list[Item] = []
    previous: Line | None = None
    for line in selection:
        is_same_day = previous is not None and _get_day_key(previous) == _get_day_key(line)
        paragraphs = formatting.format_line(
            line,
            sources_by_id,
            with_links=with_links,
            with_day_heading=line.slot is not Slot.TIMELINE or not is_same_day,
        )
        items += [Item(paragraph) for paragraph in paragraphs]
        previous = line
    return items


def _get_day_key(line: Line) -> tuple[date | None, str | None]:
    """Return what the day heading of a timeline line depends on."""
    return line.day, None if line.day else line.date_words


def _format_sources(sources: Sequence[Source], *, with_links: bool) -> str:
    """Return as many sources as fit into one section, and the number of those that do not."""
    text = "*Sources*"
    for index, source in enumerate(sources):
        remainder = f"\nand {len(sources) - index} more"
        line = "\n" + formatting.format_source(source, with_links=with_links)
        if len(text) + len(line) + len(remainder) > _MAX_SOURCES_LENGTH:
            return text + remainder
        text += line
    return text if sources else "*Sources*\nNone"


def _format_small_print(briefing: Briefing, page_links: PageLinks | None) -> str:
    articles = format_count(len(briefing.sources), "article")
    small_print = f"All quotes are word for word. Full briefing: {briefing.words} words from {articles}."
    if briefing.dropped_lines:
        dropped_items = "1 item was" if briefing.dropped_lines == 1 else f"{briefing.dropped_lines} items were"
        small_print += f" {dropped_items} left out because the text didn't match the source."
    story_link = format_link(page_links.build_story_link(briefing.topic), "Open the story page") if page_links else ""
    return f"{small_print} {story_link}".rstrip()


def _build_text(
    briefing: Briefing, lines: Sequence[Line], page_links: PageLinks | None, *, with_sources: bool = True
) -> str:
    linked_parts, plain_parts = (_build_parts(briefing, lines, with_links=with_links) for with_links in (True, False))
    sources = f"{_format_sources(briefing.sources, with_links=False)}\n\n" if with_sources else ""
    closing = f"{sources}{_format_small_print(briefing, page_links)}"
    return build_screen_reader_text(f"*{mrkdwn.shorten(briefing.title, 150)}*", linked_parts, plain_parts, closing)
