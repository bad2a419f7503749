"""Lays out one message for Slack: its blocks and its `text`, both within Slack's limits.

Rule: nothing is dropped silently. Items are laid out in order on as many pages as they need. If only one page is
possible, the message says how many items are missing. An item's markup is one escaped paragraph of at most
`slack_limits.SECTION_TEXT` characters.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    InteractiveElement,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

from bot.core import slack_limits
from bot.slack.blocks import mrkdwn

#: characters and blocks reserved for a row of buttons and a sentence
_RESERVED_CHARACTERS, _RESERVED_BLOCKS = 700, 4
#: characters of `text` reserved for a sentence
_RESERVED_TEXT = 300
#: the blank line between two items, so that they look separate on a phone
PARAGRAPH_GAP = "\n\n"
#: length from which Slack cuts a button's label, in characters; its accessibility label is read out whole
_SHOWN_LABEL_LENGTH = 30


@dataclass(frozen=True, slots=True)
class Message:
    """A message to post. `text` is the whole answer for screen readers and notifications, in Slack's markup."""

    text: str
    blocks: tuple[Block, ...] = ()
    _content: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def content(self) -> Mapping[str, Any]:
        """Return the JSON fields that every posting method takes. Built once and cached."""
        if not self._content:
            block_content = {"blocks": [block.to_dict() for block in self.blocks]} if self.blocks else {}
            self._content.update(text=self.text, unfurl_links=False, unfurl_media=False, **block_content)
        return self._content


@dataclass(frozen=True, slots=True)
class PlannedAccessory:
    """An accessory with `text_length` characters. `build`, for a shown page, returns it and its block's id."""

    text_length: int
    build: Callable[[], tuple[InteractiveElement, str]]


@dataclass(frozen=True, slots=True)
class Item:
    """A paragraph with buttons below it, or a menu beside it with the id that its block needs ("" for any id).

    An item that `continues` another one, such as a second wording, is not counted.
    """

    markup: str
    row: tuple[ButtonElement, ...] = ()
    accessory: InteractiveElement | PlannedAccessory | None = None
    block_id: str = ""
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Items under one heading (markup; "" for none)."""

    heading: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an answer: its paragraphs and blocks, how many items they show, and these items."""

    entries: tuple["_Entry", ...]
    item_count: int
    parts: tuple[Part, ...] = ()

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Return the blocks of the page. They are built here, because one page of several is shown."""
        return tuple(_build_block(entry) for entry in self.entries)


def header(text: str) -> HeaderBlock:
    """Return a title block. Any text is allowed."""
    return HeaderBlock(
        text=PlainTextObject(text=mrkdwn.to_plain_text(text, slack_limits.HEADER_TEXT) or "…", emoji=False)
    )


def section(markup: str, accessory: InteractiveElement | None = None, block_id: str = "") -> SectionBlock:
    """Return a paragraph that Slack neither folds behind "See more" nor scans for URLs to link."""
    text = MarkdownTextObject(text=markup, verbatim=True)
    return SectionBlock(text=text, expand=True, accessory=accessory, block_id=block_id or None)


def context(markup: str) -> ContextBlock:
    """Return a block of small print."""
    return ContextBlock(elements=[MarkdownTextObject(text=markup, verbatim=True)])


def divider() -> DividerBlock:
    """Return a horizontal rule."""
    return DividerBlock()


def button(label: str, action: str, value: str) -> ButtonElement:
    """Return a button. Any label is allowed; `action` must be unique in the message."""
    text = mrkdwn.to_plain_text(label, slack_limits.BUTTON_TEXT) or "…"
    is_cut = len(text) > _SHOWN_LABEL_LENGTH
    return ButtonElement(
        text=PlainTextObject(text=text, emoji=False),
        action_id=action,
        value=value,
        accessibility_label=mrkdwn.to_plain_text(label, slack_limits.ACCESSIBILITY_LABEL) if is_cut else None,
    )


def buttons(elements: Sequence[ButtonElement]) -> list[Block]:
    """Return a row of buttons, or an empty list for none. At most `slack_limits.ACTIONS_ELEMENTS` buttons."""
    return [ActionsBlock(elements=list(elements))] if elements else []


def format_title(title: str) -> str:
    """Return the first line of a message's `text`: the title as its header shows it, in bold."""
    return f"*{mrkdwn.escape_mrkdwn(mrkdwn.to_plain_text(title, slack_limits.HEADER_TEXT)) or '…'}*"


def lay_out_page(head: Sequence[Block], parts: Sequence[Part], tail: Sequence[Block]) -> tuple[Block, ...]:
    """Return `head`, as many items as fit, a sentence that counts the rest, and `tail`, with rules between parts."""
    first_page, *other_pages = paginate(head, parts, tail)
    omission = describe_omission(other_pages)
    return (*head, *first_page.blocks, *([context(omission)] if omission else []), *tail)


def describe_omission(omitted_pages: Sequence[Page]) -> str:
    """Return a sentence that counts the items of these pages, or "" for none."""
    omitted_count = sum(page.item_count for page in omitted_pages)
    return _describe_omitted(omitted_count) if omitted_count else ""


def paginate(
    head: Sequence[Block],
    parts: Sequence[Part],
    tail: Sequence[Block],
    *,
    max_items: int = 0,
    with_rules: bool = True,
    gap: str = PARAGRAPH_GAP,
) -> list[Page]:
    """Return all items of `parts` on as few pages as possible, with room for `head` and `tail`. At least one page.

    Each page has room for two other rows and another sentence. `max_items` bounds the items of a page (0 for no bound),
    without those that continue another one. `gap` is between two items of one section.
    """
    room = slack_limits.MESSAGE_BLOCK_TEXT - sum(map(count_characters, (*head, *tail))) - _RESERVED_CHARACTERS
    max_blocks = slack_limits.MESSAGE_BLOCKS - len(head) - len(tail) - _RESERVED_BLOCKS

    def start_page() -> _PageBuilder:
        return _PageBuilder(room, max_blocks, max_items, gap, with_rules=with_rules)

    page_builders = [start_page()]
    for part in parts:
        page_builders[-1].begin_part(part.heading)
        for item in part.items:
            if not page_builders[-1].add_item(item):
                page_builders.append(start_page())
                page_builders[-1].begin_part(part.heading)
                page_builders[-1].add_item(item)
    return [page_builder.build_page() for page_builder in page_builders]


def build_screen_reader_text(
    title: str,
    linked_parts: Sequence[Part],
    plain_parts: Sequence[Part],
    closing: str = "",
    shown_parts: Sequence[Part] = (),
) -> str:
    """Return the whole answer as one text, with links only if it stays within the length that Slack advises.

    Of an answer that is too long for one text, return `shown_parts` (those of the page), or without these as many items
    as fit.
    """
    text = _join_parts(title, linked_parts, closing)
    if len(text) <= slack_limits.ADVISED_TEXT:
        return text
    text = _join_parts(title, plain_parts, closing)
    if len(text) <= slack_limits.TEXT - _RESERVED_TEXT:
        return text
    if shown_parts:
        return _join_parts(title, shown_parts, closing)
    return _join_parts(
        title,
        _take_first_parts(plain_parts, slack_limits.TEXT - len(title) - len(closing) - 2 * _RESERVED_TEXT),
        closing,
    )


def build_message(markup: str) -> Message:
    """Return a message that is one paragraph of markup."""
    return Message(markup, (section(markup),))


def add_note(message: Message, note: str) -> Message:
    """Return `message` with a sentence of markup before its text and after its blocks (`paginate` leaves room)."""
    return Message(f"{note}\n\n{message.text}", (*message.blocks, context(note)) if message.blocks else ())


def count_characters(block: Block) -> int:
    """Count the characters of text in a block, at any depth."""
    return sum(len(text) for text in _iterate_texts(block.to_dict()))


def _describe_omitted(omitted_count: int) -> str:
    items_phrase = "item doesn't" if omitted_count == 1 else "items don't"
    return f"{omitted_count} more {items_phrase} fit here. Try a narrower question."


@dataclass(frozen=True, slots=True)
class _PlannedSection:
    """A paragraph with an accessory that is not built yet."""

    markup: str
    accessory: PlannedAccessory


#: what a page has: a paragraph, a block, or a paragraph that becomes one
_Entry = str | Block | _PlannedSection


def _build_block(entry: _Entry) -> Block:
    if isinstance(entry, _PlannedSection):
        return section(entry.markup, *entry.accessory.build())
    return section(entry) if isinstance(entry, str) else entry


class _PageBuilder:
    """Builds one page. Joins paragraphs without an accessory into sections, and separates parts with a rule."""

    def __init__(self, room: int, max_blocks: int, max_items: int, gap: str, *, with_rules: bool) -> None:
        self._room, self._max_blocks, self._max_items = room, max_blocks, max_items
        self._with_rules, self._gap = with_rules, gap
        self._content: list[_Entry] = []
        self._parts: list[tuple[str, list[Item]]] = []
        self._heading = ""
        self._starts_part = False
        self._items = 0

    def begin_part(self, heading: str) -> None:
        """Make the next item start a part."""
        self._heading, self._starts_part = heading, True

    def add_item(self, item: Item) -> bool:
        """Add `item` and return True, or return False if the page is full. The first item always fits."""
        if self._max_items and self._items >= self._max_items and not item.continues:
            return False
        headed_markup = f"{self._heading}\n{item.markup}" if self._starts_part and self._heading else item.markup
        markup = headed_markup if len(headed_markup) <= slack_limits.SECTION_TEXT else item.markup
        last_markup = self._content[-1] if self._content and not self._starts_part else None
        joined_markup = f"{last_markup}{self._gap}{markup}" if isinstance(last_markup, str) else ""
        is_joined = 0 < len(joined_markup) <= slack_limits.SECTION_TEXT and item.accessory is None
        new_content: list[_Entry] = [joined_markup if is_joined else markup]
        if isinstance(item.accessory, PlannedAccessory):
            new_content = [_PlannedSection(markup, item.accessory)]
        elif item.accessory is not None:
            new_content = [section(markup, item.accessory, item.block_id)]
        new_content += buttons(item.row)
        if self._with_rules and self._starts_part and self._content:
            new_content = [divider(), *new_content]
        cost = len(markup) + len(PARAGRAPH_GAP) + _count_element_characters(item)
        if self._content and (
            cost > self._room or len(self._content) + len(new_content) - is_joined > self._max_blocks
        ):
            return False
        self._content[len(self._content) - is_joined :] = new_content
        if self._starts_part or not self._parts:
            self._parts.append((self._heading, []))
        self._parts[-1][1].append(item)
        self._room -= cost
        self._items += not item.continues
        self._starts_part = False
        return True

    def build_page(self) -> Page:
        """Return the page."""
        parts = (Part(heading, tuple(items)) for heading, items in self._parts)
        return Page(tuple(self._content), self._items, tuple(parts))


def _count_element_characters(item: Item) -> int:
    """Count the characters on the buttons and in the menu of an item."""
    planned_length = item.accessory.text_length if isinstance(item.accessory, PlannedAccessory) else 0
    elements = (*item.row, *([item.accessory] if isinstance(item.accessory, InteractiveElement) else []))
    return planned_length + sum(len(text) for element in elements for text in _iterate_texts(element.to_dict()))


def _join_parts(title: str, parts: Sequence[Part], closing: str) -> str:
    paragraphs = [
        f"{part.heading}\n{PARAGRAPH_GAP.join(item.markup for item in part.items)}".strip()
        for part in parts
        if part.items
    ]
    return "\n\n".join(piece for piece in (title, *paragraphs, closing) if piece)


def _take_first_parts(parts: Sequence[Part], room: int) -> list[Part]:
    """Return the first items that fit into `room` characters, and a sentence that counts the rest."""
    kept_parts: list[Part] = []
    omitted_count, is_full = 0, False
    for part in parts:
        items: list[Item] = []
        for item in part.items:
            room -= len(item.markup) + len(part.heading) + 2 * len(PARAGRAPH_GAP)
            is_full = is_full or room < 0
            if is_full:
                omitted_count += not item.continues
            else:
                items.append(item)
        kept_parts.append(Part(part.heading, tuple(items)))
    return [*kept_parts, Part("", (Item(_describe_omitted(omitted_count)),))]


def _iterate_texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, child in value.items():
            if key == "text" and isinstance(child, str):
                yield child
            else:
                yield from _iterate_texts(child)
    elif isinstance(value, list):
        for child in value:
            yield from _iterate_texts(child)
