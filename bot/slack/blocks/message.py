"""Lays out one message for Slack: its blocks and its `text`, both within Slack's limits.

Rule: nothing is dropped silently. Items are laid out in order on as many pages as they need. If only one page is
possible, the message says how many items are missing. An item's markup is one escaped paragraph of at most
`slack_limits.SECTION_TEXT` characters.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

from bot.core import slack_limits
from bot.slack.blocks import mrkdwn

#: characters and blocks reserved for a row of buttons and a sentence
_RESERVED_CHARACTERS, _RESERVED_BLOCKS = 700, 3
#: characters of `text` reserved for a sentence
_RESERVED_TEXT = 300
#: the blank line between two items, so that they look separate on a phone
PARAGRAPH_GAP = "\n\n"


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
class Item:
    """A paragraph and the buttons below it."""

    markup: str
    row: tuple[ButtonElement, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Items under one heading (markup; "" for none)."""

    heading: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The blocks of one page of an answer, and how many items they show."""

    blocks: tuple[Block, ...]
    item_count: int


def header(text: str) -> HeaderBlock:
    """Return a title block. Any text is allowed."""
    return HeaderBlock(
        text=PlainTextObject(text=mrkdwn.to_plain_text(text, slack_limits.HEADER_TEXT) or "…", emoji=False)
    )


def section(markup: str) -> SectionBlock:
    """Return a paragraph that Slack neither folds behind "See more" nor scans for URLs to link."""
    return SectionBlock(text=MarkdownTextObject(text=markup, verbatim=True), expand=True)


def context(markup: str) -> ContextBlock:
    """Return a block of small print."""
    return ContextBlock(elements=[MarkdownTextObject(text=markup, verbatim=True)])


def divider() -> DividerBlock:
    """Return a horizontal rule."""
    return DividerBlock()


def button(label: str, action: str, value: str) -> ButtonElement:
    """Return a button. Any label is allowed; `action` must be unique in the message."""
    text = PlainTextObject(text=mrkdwn.to_plain_text(label, slack_limits.BUTTON_TEXT) or "…", emoji=False)
    return ButtonElement(text=text, action_id=action, value=value)


def buttons(elements: Sequence[ButtonElement]) -> list[Block]:
    """Return a row of buttons, or an empty list for none. At most `slack_limits.ACTIONS_ELEMENTS` buttons."""
    return [ActionsBlock(elements=list(elements))] if elements else []


def lay_out_page(head: Sequence[Block], parts: Sequence[Part], tail: Sequence[Block]) -> tuple[Block, ...]:
    """Return `head`, as many items as fit, a sentence that counts the rest, and `tail`, with rules between parts."""
    first_page, *other_pages = paginate(head, parts, tail)
    omitted_count = sum(page.item_count for page in other_pages)
    return (*head, *first_page.blocks, *([context(_describe_omitted(omitted_count))] if omitted_count else []), *tail)


def paginate(head: Sequence[Block], parts: Sequence[Part], tail: Sequence[Block]) -> list[Page]:
    """Return all items of `parts` on as few pages as possible, with room for `head` and `tail`. At least one page.

    Each page has room for another row of buttons and another sentence.
    """
    room = slack_limits.MESSAGE_BLOCK_TEXT - sum(map(count_characters, (*head, *tail))) - _RESERVED_CHARACTERS
    max_blocks = slack_limits.MESSAGE_BLOCKS - len(head) - len(tail) - _RESERVED_BLOCKS
    page_builders = [_PageBuilder(room, max_blocks)]
    for part in parts:
        page_builders[-1].begin_part(part.heading)
        for item in part.items:
            if not page_builders[-1].add_item(item):
                page_builders.append(_PageBuilder(room, max_blocks))
                page_builders[-1].begin_part(part.heading)
                page_builders[-1].add_item(item)
    return [page_builder.build_page() for page_builder in page_builders]


def build_screen_reader_text(
    title: str, linked_parts: Sequence[Part], plain_parts: Sequence[Part], closing: str = ""
) -> str:
    """Return the whole answer as one text, with links only if it stays within the length that Slack advises."""
    text = _join_parts(title, linked_parts, closing)
    if len(text) <= slack_limits.ADVISED_TEXT:
        return text
    text = _join_parts(title, plain_parts, closing)
    if len(text) <= slack_limits.TEXT - _RESERVED_TEXT:
        return text
    return _join_parts(
        title,
        _take_first_parts(plain_parts, slack_limits.TEXT - len(title) - len(closing) - 2 * _RESERVED_TEXT),
        closing,
    )


def add_note(message: Message, note: str) -> Message:
    """Return `message` with a sentence of markup before its text and after its blocks (`paginate` leaves room)."""
    return Message(f"{note}\n\n{message.text}", (*message.blocks, context(note)) if message.blocks else ())


def count_characters(block: Block) -> int:
    """Count the characters of text in a block, at any depth."""
    return sum(len(text) for text in _iterate_texts(block.to_dict()))


def _describe_omitted(omitted_count: int) -> str:
    items_phrase = "item doesn't" if omitted_count == 1 else "items don't"
    return f"{omitted_count} more {items_phrase} fit here. Try a narrower question."


class _PageBuilder:
    """Builds one page. Joins paragraphs into sections, and separates parts with a rule."""

    def __init__(self, room: int, max_blocks: int) -> None:
        self._room, self._max_blocks = room, max_blocks
        self._content: list[str | Block] = []
        self._heading = ""
        self._starts_part = False
        self._items = 0

    def begin_part(self, heading: str) -> None:
        """Make the next item start a part."""
        self._heading, self._starts_part = heading, True

    def add_item(self, item: Item) -> bool:
        """Add `item` and return True, or return False if the page is full. The first item always fits."""
        headed_markup = (
            f"{self._heading}{PARAGRAPH_GAP}{item.markup}" if self._starts_part and self._heading else item.markup
        )
        markup = headed_markup if len(headed_markup) <= slack_limits.SECTION_TEXT else item.markup
        last_markup = self._content[-1] if self._content and not self._starts_part else None
        joined_markup = f"{last_markup}{PARAGRAPH_GAP}{markup}" if isinstance(last_markup, str) else ""
        is_joined = 0 < len(joined_markup) <= slack_limits.SECTION_TEXT
        new_content: list[str | Block] = [joined_markup] if is_joined else [markup]
        new_content = [divider(), *new_content] if self._starts_part and self._content else new_content
        new_content += buttons(item.row)
        cost = len(markup) + len(PARAGRAPH_GAP) + sum(len(button.text.text) for button in item.row if button.text)
        if self._items and (cost > self._room or len(self._content) + len(new_content) - is_joined > self._max_blocks):
            return False
        self._content[len(self._content) - is_joined :] = new_content
        self._room -= cost
        self._items += 1
        self._starts_part = False
        return True

    def build_page(self) -> Page:
        """Return the page."""
        blocks = tuple(section(entry) if isinstance(entry, str) else entry for entry in self._content)
        return Page(blocks, self._items)


def _join_parts(title: str, parts: Sequence[Part], closing: str) -> str:
    paragraphs = [
        f"{part.heading}{PARAGRAPH_GAP}{PARAGRAPH_GAP.join(item.markup for item in part.items)}".strip()
        for part in parts
        if part.items
    ]
    return "\n\n".join(piece for piece in (title, *paragraphs, closing) if piece)


def _take_first_parts(parts: Sequence[Part], room: int) -> list[Part]:
    """Return the first items that fit into `room` characters, and a sentence that counts the rest."""
    kept_parts: list[Part] = []
    omitted_count = 0
    for part in parts:
        items: list[Item] = []
        for item in part.items:
            room -= len(item.markup) + len(part.heading) + 2 * len(PARAGRAPH_GAP)
            if room >= 0 and not omitted_count:
                items.append(item)
            else:
                omitted_count += 1
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
