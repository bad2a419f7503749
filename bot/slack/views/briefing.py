"""Renders a briefing as a message: a short answer first, and all lines on as many pages as needed.

Rule: `text` always contains the whole briefing, because screen readers read nothing else. The short answer fits on a
phone: the news, three events, two voices and the sharpest difference, in at most 120 words. The composer has ranked the
lines. The best line of each slot that fits is taken in turn, and the selection is shown in the briefing's order.

Rule: in the timeline each day is printed once, over its first line.
"""

from collections import Counter
from collections.abc import Sequence
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
from briefings import Briefing, Line, Slot, Source, Speaker

#: words of verbatim text in the short answer
MAX_WORDS = 120
#: longest line of the short answer after the first one, in words: a longer one takes the place of two others
_MAX_LINE_WORDS = 40

#: slots of the short answer in order of choice: the news, three events, two voices and a difference; each place may be
#: filled from its second slot when the first has no line that fits
_SLOT_ORDER = (
    (Slot.STATUS,),
    (Slot.TIMELINE, Slot.STATUS),
    (Slot.QUOTES,),
    (Slot.DIFFERENCES,),
    (Slot.STATUS, Slot.TIMELINE),
    (Slot.QUOTES,),
    (Slot.TIMELINE, Slot.STATUS),
)

_HEADINGS = {
    Slot.STATUS: "*Latest*",
    Slot.TIMELINE: "*Day by day*",
    Slot.QUOTES: "*Who said what*",
    Slot.DIFFERENCES: "*Where the sources differ*",
    Slot.MISSING: "*Not in these articles*",
}
#: longest markup of the list of sources, in characters
_MAX_SOURCES_LENGTH = slack_limits.SECTION_TEXT


def select_lines(briefing: Briefing, max_words: int = MAX_WORDS) -> tuple[Line, ...]:
    """Return the lines of the short answer, in the briefing's order. The first line may exceed `max_words`."""
    queues = {slot: _rank_lines(briefing, slot) for slot in Slot}
    selection: list[Line] = []
    remaining_words = max_words
    for slots in _SLOT_ORDER:
        max_line_words = min(remaining_words, _MAX_LINE_WORDS) if selection else None
        line = next(
            (
                line
                for slot in slots
                for line in queues[slot]
                if max_line_words is None or _count_words(line) <= max_line_words
            ),
            None,
        )
        if line:
            queues[line.slot].remove(line)
            selection.append(line)
            remaining_words -= _count_words(line)
    return tuple(line for line in briefing.lines if any(line is selected_line for selected_line in selection))


def build_message(
    briefing: Briefing, command_text: str, page: int = 0, *, sharable: bool = True, page_links: PageLinks | None = None
) -> Message:
    """Return one page: 0 is the short answer, 1 and above contain all lines. The buttons repeat `command_text`.

    `page_links` links to the pages, or is absent (None) for readers without access.
    """
    selection = select_lines(briefing)
    omitted_count = sum(line.slot is not Slot.SOURCES for line in briefing.lines) - len(selection)
    head: list[Block] = [header(briefing.title)]
    tail = [
        divider(),
        section(_format_sources(briefing.sources, with_links=True)),
        context(_format_small_print(briefing, page_links)),
    ]
    text = _build_text(briefing, page_links)
    if page <= 0 and omitted_count:
        (first, *_) = paginate(head, _build_parts(briefing, selection, with_links=True), tail)
        more_buttons = build_button(
            f"Full briefing ({omitted_count} more)",
            Action.PAGE,
            ButtonValue(command_text, 1),
            "+",
        )
        return Message(
            text,
            (
                *head,
                *first.blocks,
                *_arrange_footer(tail, _build_buttons(command_text, 0, more_buttons, briefing, sharable=sharable)),
            ),
        )
    message_pages = paginate(head, _build_parts(briefing, briefing.lines, with_links=True), tail)
    page_number = min(max(page, 1), len(message_pages))
    pagination_buttons = build_page_buttons(
        command_text, page_number, len(message_pages), first_page=0 if omitted_count else 1
    )
    shown_page = message_pages[page_number - 1]
    page_note = [context(describe_page(message_pages, page_number, "item"))] if len(message_pages) > 1 else []
    row = _build_buttons(command_text, page_number, pagination_buttons, briefing, sharable=sharable)
    return Message(text, (*head, *shown_page.blocks, *_arrange_footer(tail, [*row, *page_note])))


def _count_words(line: Line) -> int:
    return len(line.text.split())


def _rank_lines(briefing: Briefing, slot: Slot) -> list[Line]:
    slot_lines = briefing.get_slot_lines(slot)
    if slot is Slot.STATUS:  # the first past and the first expected event come before all others
        first_lines = [
            next((line for line in slot_lines if line.expected is is_expected), None) for is_expected in (False, True)
        ]
        return [line for line in first_lines if line] + [
            line for line in slot_lines if not any(line is first_line for first_line in first_lines)
        ]
    if slot is Slot.TIMELINE:
        return _rank_days(slot_lines)
    if slot is Slot.QUOTES:
        return _take_one_per_speaker(slot_lines)
    return list(slot_lines)


def _take_one_per_speaker(slot_lines: tuple[Line, ...]) -> list[Line]:
    lines_by_speaker: dict[Speaker | None, Line] = {}
    for line in slot_lines:
        lines_by_speaker.setdefault(line.speaker, line)
    return list(lines_by_speaker.values())


def _rank_days(slot_lines: tuple[Line, ...]) -> list[Line]:
    """Rank one line per day before second lines; days with most outlets and most lines first, undated lines last."""
    line_counts = Counter(line.day for line in slot_lines)
    seen_counts: Counter[date | None] = Counter()
    sort_entries: list[tuple[tuple[bool, int, int, int, int], Line]] = []
    for line in slot_lines:
        negative_ordinal = -line.day.toordinal() if line.day else 0
        sort_entries.append(
            ((line.day is None, seen_counts[line.day], -line.outlets, -line_counts[line.day], negative_ordinal), line)
        )
        seen_counts[line.day] += 1
    return [line for _, line in sorted(sort_entries, key=lambda entry: entry[0])]


def _arrange_footer(tail: Sequence[Block], row: Sequence[Block]) -> list[Block]:
    """Return the sources, the buttons and the small print, in this order."""
    return [*tail[:-1], *row, tail[-1]]


def _build_buttons(
    command_text: str, page: int, pagination_buttons: Sequence[ButtonElement], briefing: Briefing, *, sharable: bool
) -> list[Block]:
    button_value = ButtonValue(command_text, page)
    share_buttons = build_button("Share to the channel", Action.SHARE, button_value) if sharable else ()
    if not any(line.evidence for line in briefing.lines):
        return buttons([*share_buttons, *pagination_buttons])
    feedback_buttons = build_button("This looks wrong", Action.WRONG, button_value)
    return buttons(
        [
            *share_buttons,
            *pagination_buttons,
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


def _build_text(briefing: Briefing, page_links: PageLinks | None) -> str:
    linked_parts, plain_parts = (
        _build_parts(briefing, briefing.lines, with_links=with_links) for with_links in (True, False)
    )
    closing = f"{_format_sources(briefing.sources, with_links=False)}\n\n{_format_small_print(briefing, page_links)}"
    return build_screen_reader_text(f"*{mrkdwn.shorten(briefing.title, 150)}*", linked_parts, plain_parts, closing)
