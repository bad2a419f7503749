"""Renders a briefing as a message: the short form first, and all lines, or those of one slot, on pages.

Rule: the whole form and each slot with more lines are one press away from the short form. `text` contains the whole
briefing, or the whole slot, because screen readers read nothing else; of a briefing that is too long for one text, it
contains the page.

Rule: in the timeline each day is printed once, over its first line, and over each line that is only expected. Each
line has its own menu.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from itertools import accumulate
from types import MappingProxyType

from slack_sdk.models.blocks import Block

from bot.core import slack_limits
from bot.links.urls import PageLinks
from bot.queries.queries import Query
from bot.slack.blocks import formatting
from bot.slack.blocks.button_values import Action, ButtonValue
from bot.slack.blocks.citations import make_citation_id
from bot.slack.blocks.formatting import format_count, format_link
from bot.slack.blocks.menus import COPY_LABEL, SAVE_LABEL, Choice, Menu, build_menu, build_row
from bot.slack.blocks.message import (
    Item,
    Message,
    Page,
    Part,
    build_screen_reader_text,
    context,
    divider,
    format_title,
    header,
    paginate,
    section,
)
from bot.slack.blocks.paging import build_page_choices, describe_page
from bot.slack.views import question_line
from bot.slack.views.short_briefing import select_lines
from briefings import Briefing, Line, Slot, Source

_HEADINGS = {
    Slot.STATUS: "*Latest*",
    Slot.TIMELINE: "*Day by day*",
    Slot.QUOTES: "*Who said what*",
    Slot.DIFFERENCES: "*Where the sources differ*",
    Slot.MISSING: "*Not in these articles*",
}
#: longest markup of the list of sources, and of its heading and remainder, in characters
_MAX_SOURCES_LENGTH, _RESERVED_LENGTH = slack_limits.SECTION_TEXT, 50
#: most sources that the short form names; the whole form has all
_MAX_SHORT_SOURCES = 8


def build_message(
    briefing: Briefing,
    command_text: str,
    page: int = 0,
    *,
    slot: Slot | None = None,
    sharable: bool = True,
    page_links: PageLinks | None = None,
    wider_queries: Sequence[tuple[str, Query]] = (),
    page_params: Mapping[str, str] = MappingProxyType({}),
) -> Message:
    """Return one page: 0 is the short form, 1 and above contain all lines, or those of `slot`.

    The buttons repeat `command_text`. `page_links` links to the pages, or is absent (None) for readers without access.
    `wider_queries` are the questions without one filter, with the labels of their buttons in the short form.
    `page_params` are the filters of the story's page.
    """
    story_link = _format_story_link(briefing, page_links, page_params)
    selection = select_lines(briefing)
    shown_lines = [line for line in briefing.lines if line.slot in _HEADINGS]
    has_short_form = len(shown_lines) > len(selection)
    if page <= 0 and has_short_form:
        wider_choices = question_line.build_wider_choices(wider_queries)
        return _build_short_form(briefing, selection, command_text, story_link, wider_choices, sharable=sharable)
    small_print = _format_small_print(briefing, story_link)
    slot_lines = [line for line in shown_lines if line.slot is slot]
    lines = slot_lines or shown_lines
    head: list[Block] = [header(briefing.title)]
    linked_sources, plain_sources = _format_sources(briefing.sources)
    sources = [] if slot_lines else [divider(), section(linked_sources)]
    parts = _build_parts(briefing, lines, with_links=True, command_text=command_text)
    message_pages = paginate(head, parts, [*sources, context(small_print)])
    button_value = ButtonValue(command_text, min(max(page, 1), len(message_pages)), slot=slot if slot_lines else None)
    choices = build_page_choices(button_value, message_pages, first_page=0 if has_short_form else 1)
    if slot_lines:
        choices += (Choice("Full briefing", Action.PAGE, ButtonValue(command_text, 1), "whole"),)
    choices += _build_other_choices(briefing, button_value, sharable=sharable)
    choices += (Choice(SAVE_LABEL, Action.SAVE, button_value),)
    shown_page = message_pages[button_value.page - 1]
    page_note = describe_page(message_pages, button_value.page, "item")
    closing = _join_closing("" if slot_lines else plain_sources, page_note, small_print)
    return Message(
        _build_text(briefing, lines, closing, shown_page),
        (
            *head,
            *shown_page.blocks,
            *sources,
            *build_row(choices, () if has_short_form else question_line.build_wider_choices(wider_queries)),
            *([context(page_note)] if page_note else []),
            context(small_print),
        ),
    )


def _build_short_form(
    briefing: Briefing,
    selection: Sequence[Line],
    command_text: str,
    story_link: str,
    wider_choices: Sequence[Choice],
    *,
    sharable: bool,
) -> Message:
    """Return the first page: as few lines of text as possible, to fit on a phone."""
    small_print = _format_small_print(briefing, story_link, is_short=True)
    head: list[Block] = [header(briefing.title)]
    linked_sources, plain_sources = _format_short_sources(briefing.sources)
    tail: list[Block] = [context(linked_sources), context(small_print)]
    parts = _build_parts(briefing, selection, with_links=True, command_text=command_text, is_short=True)
    (first, *_) = paginate(head, parts, tail, with_rules=False)
    omitted_lines = [
        line
        for line in briefing.lines
        if line.slot in _HEADINGS and not any(line is selected_line for selected_line in selection)
    ]
    full_choice = Choice(f"Full briefing ({len(omitted_lines)} more)", Action.PAGE, ButtonValue(command_text, 1), "+")
    other_choices = _build_other_choices(briefing, ButtonValue(command_text, 0), sharable=sharable)
    slot_choices = _build_slot_choices(briefing, {line.slot for line in omitted_lines}, command_text)
    save_choice = Choice(SAVE_LABEL, Action.SAVE, ButtonValue(command_text))
    return Message(
        _build_text(briefing, briefing.lines, _join_closing(plain_sources, small_print), first),
        (
            *head,
            *first.blocks,
            context(linked_sources),
            *build_row([full_choice, *other_choices, *slot_choices, save_choice], wider_choices),
            context(small_print),
        ),
    )


def _build_slot_choices(briefing: Briefing, slots: Set[Slot], command_text: str) -> list[Choice]:
    """Return a choice for each of `slots`, with its number of lines."""
    return [
        Choice(
            f"{heading.strip('*')} ({len(briefing.get_slot_lines(slot))})",
            Action.PAGE,
            ButtonValue(command_text, 1, slot=slot),
            slot.value,
        )
        for slot, heading in _HEADINGS.items()
        if slot in slots
    ]


def _build_other_choices(briefing: Briefing, button_value: ButtonValue, *, sharable: bool) -> tuple[Choice, ...]:
    """Return the button to share, and for a question that is too long for the lines' menus, those of the menus."""
    share = (Choice("Share to the channel", Action.SHARE, button_value),) if sharable else ()
    cited_lines = [line for line in briefing.lines if line.evidence]
    if not cited_lines or _build_line_menu(cited_lines[0], button_value.command_text, 0):
        return share
    return (
        *share,
        Choice("Read in context", Action.CONTEXT, button_value),
        Choice("This looks wrong", Action.WRONG, button_value),
        Choice(COPY_LABEL, Action.COPY, button_value),
    )


def _build_parts(
    briefing: Briefing,
    selection: Sequence[Line],
    *,
    with_links: bool,
    command_text: str = "",
    is_short: bool = False,
) -> list[Part]:
    """Return the lines by slot. With `command_text`, each has its menu."""
    sources_by_id = {source.id: source for source in briefing.sources}
    numbers = {id(line): number for number, line in enumerate(briefing.lines)}
    parts = []
    for slot, heading in _HEADINGS.items():
        items: list[Item] = []
        previous: Line | None = None
        for line in selection:
            if line.slot is not slot:
                continue
            paragraphs = formatting.format_line(
                line,
                sources_by_id,
                with_links=with_links,
                with_day_heading=slot is not Slot.TIMELINE or not _is_same_day(line, previous),
                is_short=is_short,
            )
            first = _add_menu(Item(paragraphs[0]), line, command_text, numbers[id(line)])
            items += [first, *(Item(paragraph, continues=True) for paragraph in paragraphs[1:])]
            previous = line
        parts.append(Part(heading, tuple(items)))
    return parts


def _add_menu(item: Item, line: Line, command_text: str, number: int) -> Item:
    menu = _build_line_menu(line, command_text, number) if command_text and line.evidence else None
    return replace(item, accessory=menu.element, block_id=menu.block_id) if menu else item


def _build_line_menu(line: Line, command_text: str, number: int) -> Menu | None:
    evidence = line.evidence[0]
    citation_id = make_citation_id(evidence.article, evidence.start, evidence.end)
    # the report of a difference is about one of its sides
    slot = Slot.DIFFERENCES if line.slot is Slot.DIFFERENCES else None
    value = ButtonValue(command_text, citation_id=citation_id, slot=slot)
    # a difference has several sources
    mute = () if slot else (Choice("Mute this source here", Action.MUTE, value),)
    return build_menu(
        number,
        [
            Choice("Read in context", Action.CONTEXT, value),
            Choice(COPY_LABEL, Action.COPY, value),
            Choice("This looks wrong", Action.WRONG, value),
            *mute,
        ],
    )


def _is_same_day(line: Line, previous: Line | None) -> bool:
    """Whether a timeline line needs no day heading of its own. What is only expected has its own, with that note."""
    if previous is None or line.expected or previous.expected or line.day != previous.day:
        return False
    return line.day is not None or line.date_words == previous.date_words


def _format_sources(sources: Sequence[Source]) -> tuple[str, str]:
    """Return as many sources as fit into one section and the number of the others, with and without links."""
    return _join_sources(sources, _format_source_lines, "\n")


def _format_short_sources(sources: Sequence[Source]) -> tuple[str, str]:
    """Return the outlets and days of the first sources in one paragraph, in the same way."""
    return _join_sources(sources, formatting.format_short_sources, " · ", _MAX_SHORT_SOURCES)


def _format_source_lines(sources: Sequence[Source], *, with_links: bool) -> list[str]:
    return [formatting.format_source(source, with_links=with_links) for source in sources]


def _join_sources(
    sources: Sequence[Source],
    format_sources: Callable[..., list[str]],
    separator: str,
    max_sources: int | None = None,
) -> tuple[str, str]:
    """Return the sources with and without links: as many as fit into `_MAX_SOURCES_LENGTH`."""
    linked_names, plain_names = (
        format_sources(sources[:max_sources], with_links=with_links) for with_links in (True, False)
    )
    lengths = accumulate(len(name) + len(separator) for name in linked_names)
    count = sum(length <= _MAX_SOURCES_LENGTH - _RESERVED_LENGTH for length in lengths)
    remainder = [f"and {len(sources) - count} more"] if count < len(sources) else []
    heading = "*Sources*" + ("\n" if separator == "\n" else " ")
    linked_text, plain_text = (
        heading + (separator.join([*names[:count], *remainder]) or "None") for names in (linked_names, plain_names)
    )
    return linked_text, plain_text


def _format_story_link(briefing: Briefing, page_links: PageLinks | None, page_params: Mapping[str, str]) -> str:
    """Return the link to the page with the same briefing, or "". Left-out filters are not in it."""
    if page_links is None:
        return ""
    params = {} if briefing.dropped_filters else page_params
    return format_link(page_links.build_story_link(briefing.topic, **params), "Story page")


def _format_small_print(briefing: Briefing, story_link: str, *, is_short: bool = False) -> str:
    small_print = "All quotes are word for word."
    if not is_short:
        articles = format_count(len(briefing.sources), "article")
        small_print += f" Full briefing: {briefing.words} words from {articles}."
    if briefing.dropped_lines:
        dropped_items = "1 item was" if briefing.dropped_lines == 1 else f"{briefing.dropped_lines} items were"
        small_print += f" {dropped_items} left out because the text didn't match the source."
    return f"{small_print} {story_link}".rstrip()


def _join_closing(*pieces: str) -> str:
    return "\n\n".join(filter(None, pieces))


def _build_text(briefing: Briefing, lines: Sequence[Line], closing: str, shown_page: Page) -> str:
    linked_parts, plain_parts = (_build_parts(briefing, lines, with_links=with_links) for with_links in (True, False))
    title = format_title(briefing.title)
    return build_screen_reader_text(title, linked_parts, plain_parts, closing, shown_page.parts)
