"""Renders a digest as Slack messages: a short summary for the channel and the details for its thread.

Rule: text from a source is behind the quote bar and links to its sentence; our own text is outside the bar. The `text`
of the channel message contains the whole digest, because screen readers read only that field.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from slack_sdk.models.blocks import Block

from bot.digests.model import DetailsPlace
from bot.queries.queries import BriefingQuery
from bot.slack.blocks import formatting
from bot.slack.blocks.button_values import Action, ButtonValue, build_button
from bot.slack.blocks.message import (
    Item,
    Message,
    Part,
    build_screen_reader_text,
    buttons,
    context,
    format_title,
    header,
    paginate,
    section,
)
from briefings import Slot, Source, updates
from briefings.text import format_day
from briefings.updates import Correction, SentLine, Update, UpdateKind

#: most items and corrections in the channel message
_MAX_LINES, _MAX_CORRECTIONS = 4, 2
#: most messages in the thread; the button opens the full briefing
_MAX_PAGES = 5
#: the noun for each kind in the summary; the plural adds an s
_COUNT_NOUNS = {
    UpdateKind.STATE: "development",
    UpdateKind.FIGURE: "changed figure",
    UpdateKind.FACT: "new fact",
    UpdateKind.QUOTE: "new quote",
}
_KIND_LABELS = {UpdateKind.STATE: "Development", UpdateKind.FIGURE: "Changed figure"}
#: longest markup of an earlier line, in characters
_MAX_SENT_LENGTH = 600
#: what the small print says about the details
_DETAILS_NOTES = {
    DetailsPlace.THREAD: " Details are in the thread.",
    DetailsPlace.CHANNEL: " Details follow.",
    DetailsPlace.NONE: " Open the full briefing for more.",
}


def keep_shown(update: Update) -> Update:
    """Return the part of `update` that the channel message shows, for a channel without details."""
    top_items = _pick_top_items(update.items)
    shown_lines = [
        sent_line
        for item, sent_line in zip(update.items, update.sent_lines, strict=True)
        if any(item is top_item for top_item in top_items)
    ]
    corrections = update.corrections[:_MAX_CORRECTIONS]
    return replace(update, items=tuple(top_items), sent_lines=tuple(shown_lines), corrections=corrections)


def build_messages(
    update: Update, query: str, details_place: DetailsPlace = DetailsPlace.THREAD, note: str = ""
) -> tuple[Message, tuple[Message, ...]]:
    """Return the channel message and the messages with the details.

    The button opens the full briefing on `query`, a topic's slug or free words. `note` is a sentence of markup for the
    small print.
    """
    sources = {source.id: source for source in update.sources}
    top_items = _pick_top_items(update.items)
    other_items = tuple(item for item in update.items if not any(item is top_item for top_item in top_items))
    details = _build_details(update, other_items, sources)
    plain_details = _build_details(update, other_items, sources, with_links=False)
    details_note = _DETAILS_NOTES[details_place] if details else ""
    if details_place is DetailsPlace.NONE:
        update, details = keep_shown(update), []
    briefing_button = buttons(
        list(build_button("Full briefing", Action.ASK, ButtonValue(BriefingQuery(query).command_text)))
    )
    title = format_title(update.title)
    heading = f"{title}\n{summarize(update)}"
    linked_parts, plain_parts = (
        _build_short_parts(update, top_items, sources, with_links=with_links) for with_links in (True, False)
    )
    small_print = " ".join(filter(None, (_format_small_print(update, details_note), note)))
    tail: list[Block] = [*briefing_button, context(small_print)]
    head: list[Block] = [header(update.title), section(summarize(update))]
    (first, *_) = paginate(head, linked_parts, tail)
    # the text has the thread's details too, because the thread is not announced to screen readers
    is_in_thread = details_place is DetailsPlace.THREAD
    text = build_screen_reader_text(
        heading,
        [*linked_parts, *(details if is_in_thread else ())],
        [*plain_parts, *(plain_details if is_in_thread else ())],
        small_print,
    )
    messages = _build_details_messages(details, title, has_heading=not is_in_thread)
    return Message(text, (*head, *first.blocks, *tail)), messages


def build_empty_message(title: str, note: str = "") -> Message:
    """Return the message for a channel that wants to know when nothing is new. `note` is a sentence of markup."""
    text = " ".join(filter(None, (f"{format_title(title)}: nothing new since the last digest.", note)))
    return Message(text, (section(text),))


def summarize(update: Update) -> str:
    """Return the counts of what is new, such as "2 new facts, 1 new quote, 1 correction"."""
    counts_by_kind = Counter(item.kind for item in update.items)
    phrases = [
        formatting.format_count(counts_by_kind[kind], noun)
        for kind, noun in _COUNT_NOUNS.items()
        if counts_by_kind[kind]
    ]
    phrases += [formatting.format_count(len(update.corrections), "correction")] if update.corrections else []
    return ("Latest: " if update.is_first else "") + ", ".join(phrases)


def _format_correction(correction: Correction, *, with_links: bool) -> str:
    """Return an earlier line with the reason for its correction."""
    sent_line = correction.line
    link = sent_line.evidence[0].link
    # link to the article only: it does not contain the sentence anymore
    address = link.partition("#")[0] if link and not correction.is_article_removed else None
    outlet = formatting.format_outlet(sent_line.outlet, address, with_links=with_links)
    reason = (
        f"{outlet}: the article was removed" if correction.is_article_removed else f"{outlet} has since changed this"
    )
    return f"*{'Withdrawn' if correction.is_article_removed else 'Corrected'}*\n{_quote_sent_line(sent_line)}\n{reason}"


def _pick_top_items(items: Sequence[updates.UpdateItem]) -> list[updates.UpdateItem]:
    """Select the items for the channel message, in the order of the digest.

    Changed items have priority, and one place is reserved for a quote.
    """
    changed_items = [item for item in items if item.previous]
    quote_items = [item for item in items if item.line.slot is Slot.QUOTES]
    other_items = [item for item in items if not item.previous and item.line.slot is not Slot.QUOTES]
    selection = [*changed_items, *other_items][: _MAX_LINES - bool(quote_items)] + quote_items[:1]
    selection += quote_items[1:][: _MAX_LINES - len(selection)]
    return [item for item in items if any(item is selected_item for selected_item in selection)]


def _build_short_parts(
    update: Update, top_items: Sequence[updates.UpdateItem], sources: Mapping[str, Source], *, with_links: bool
) -> list[Part]:
    correction_items = [
        Item(_format_correction(entry, with_links=with_links)) for entry in update.corrections[:_MAX_CORRECTIONS]
    ]
    line_items = [Item(entry) for item in top_items for entry in _format_item(item, sources, with_links=with_links)]
    return [Part("", tuple(correction_items)), Part("", tuple(line_items))]


def _build_details(
    update: Update, other_items: Sequence[updates.UpdateItem], sources: Mapping[str, Source], *, with_links: bool = True
) -> list[Part]:
    """Return the thread's parts: the items left out of the channel message, and the earlier text of changed items."""
    correction_items = [
        Item(_format_correction(entry, with_links=with_links)) for entry in update.corrections[_MAX_CORRECTIONS:]
    ]
    change_items = [
        Item(_format_change(item, sources, with_links=with_links)) for item in update.items if item.previous
    ]
    unchanged_items = [item for item in other_items if not item.previous]
    fact_items, quote_items = (
        [new_item for new_item in unchanged_items if (new_item.line.slot is Slot.QUOTES) is is_quote]
        for is_quote in (False, True)
    )
    parts = [Part("*Also corrected*", tuple(correction_items)), Part("*What changed*", tuple(change_items))]
    for heading, items in (("*Also new*", fact_items), ("*More quotes*", quote_items)):
        line_items = [Item(entry) for item in items for entry in _format_item(item, sources, with_links=with_links)]
        parts.append(Part(heading, tuple(line_items)))
    return [part for part in parts if part.items]


def _format_item(item: updates.UpdateItem, sources: Mapping[str, Source], *, with_links: bool) -> list[str]:
    first, *following = formatting.format_line(item.line, sources, with_links=with_links)
    label = _KIND_LABELS.get(item.kind)
    return [f"*{label}*\n{first}" if label else first, *following]


def _format_change(item: updates.UpdateItem, sources: Mapping[str, Source], *, with_links: bool) -> str:
    """Return the earlier and the new sentence, each with its link."""
    before = _format_sent_line(item.previous, with_links=with_links) if item.previous else ""
    now = formatting.format_line(item.line, sources, with_links=with_links)[0]
    return f"*{_KIND_LABELS.get(item.kind, '')}*\n{before}\nNow\n{now}"


def _format_sent_line(sent_line: SentLine, *, with_links: bool) -> str:
    outlet = formatting.format_outlet(sent_line.outlet, sent_line.evidence[0].link, with_links=with_links)
    return f"{_quote_sent_line(sent_line)}\n{outlet}"


def _quote_sent_line(sent_line: SentLine) -> str:
    words, _ = formatting.format_quote(sent_line.text, _MAX_SENT_LENGTH, with_quote_marks=sent_line.slot is Slot.QUOTES)
    speaker = f"{formatting.format_speaker(sent_line.speaker)}\n" if sent_line.speaker else ""
    return f"Posted here on {format_day(sent_line.sent_on)}\n{speaker}{words}"


def _build_details_messages(details: Sequence[Part], title: str, *, has_heading: bool) -> tuple[Message, ...]:
    """Return the details as messages. In a channel, a heading says to which digest they belong."""
    all_pages = paginate([], details, []) if details else []
    shown_pages = all_pages[:_MAX_PAGES]
    messages = []
    for number, page in enumerate(shown_pages, 1):
        omitted_count = (
            sum(omitted_page.item_count for omitted_page in all_pages[_MAX_PAGES:]) if number == len(shown_pages) else 0
        )
        omitted_note = (
            f"{omitted_count} more items don't fit here. Open the full briefing to see them." if omitted_count else ""
        )
        footer = [context(omitted_note)] if omitted_note else []
        title_line = f"{title}, details" + (f" {number} of {len(shown_pages)}" if len(shown_pages) > 1 else "")
        heading = [section(title_line)] if has_heading else []
        text = _build_details_text(title_line, page.blocks, omitted_note)
        messages.append(Message(text, (*heading, *page.blocks, *footer)))
    return tuple(messages)


def _build_details_text(title: str, blocks: Sequence[Block], omitted_note: str) -> str:
    sections = [block.to_dict() for block in blocks]
    paragraphs = [block["text"]["text"] for block in sections if block["type"] == "section"]
    return "\n\n".join(filter(None, [title, *paragraphs, omitted_note]))


def _format_small_print(update: Update, details_note: str) -> str:
    count = len(update.text_hashes)
    articles = (
        f"From {formatting.format_count(count, 'article')}."
        if update.is_first
        else f"{formatting.format_count(count, 'new article')} since the last digest."
    )
    return f"All quotes are word for word. {articles}{details_note}"
