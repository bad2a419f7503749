"""One message for Slack: its blocks and its `text`, both within the limits.

Rule: nothing is cut silently. Items are laid out in order, on as many pages as they need; where there is one page
alone, those that do not fit are counted and the count is shown. An item's markup is a paragraph already escaped, of at
most `limits.SECTION_TEXT` characters.
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

from bot import escape, limits

#: characters kept free for a row of buttons and a sentence, and blocks
_MORE_ROOM, _MORE_BLOCKS = 700, 3
#: characters of `text` kept free for a sentence
_SPOKEN_ROOM = 300
#: between two items: a blank line, so that they stay apart on a phone
GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Message:
    """What is posted. `text` is the whole answer for screen readers and notifications, in Slack's markup."""

    text: str
    blocks: tuple[Block, ...] = ()
    _written: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def content(self) -> Mapping[str, Any]:
        """What every way of posting takes, as JSON; written once, however many it is sent to."""
        if not self._written:
            written = {"blocks": [block.to_dict() for block in self.blocks]} if self.blocks else {}
            self._written.update(text=self.text, unfurl_links=False, unfurl_media=False, **written)
        return self._written


@dataclass(frozen=True, slots=True)
class Item:
    """One paragraph, and the buttons below it."""

    markup: str
    row: tuple[ButtonElement, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Items under one heading (markup; "" for none)."""

    heading: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What of an answer is shown at once, and how many items that is."""

    blocks: tuple[Block, ...]
    items: int


def header(text: str) -> HeaderBlock:
    """A title, from any text."""
    return HeaderBlock(text=PlainTextObject(text=escape.plain(text, limits.HEADER_TEXT) or "…", emoji=False))


def section(markup: str) -> SectionBlock:
    """A paragraph that Slack neither folds behind "See more" nor searches for addresses to link."""
    return SectionBlock(text=MarkdownTextObject(text=markup, verbatim=True), expand=True)


def context(markup: str) -> ContextBlock:
    """Small print."""
    return ContextBlock(elements=[MarkdownTextObject(text=markup, verbatim=True)])


def rule() -> DividerBlock:
    """A line across, between two parts."""
    return DividerBlock()


def button(label: str, action: str, value: str) -> ButtonElement:
    """A button, from any label. `action` is unique in its message."""
    text = PlainTextObject(text=escape.plain(label, limits.BUTTON_TEXT) or "…", emoji=False)
    return ButtonElement(text=text, action_id=action, value=value)


def buttons(elements: Sequence[ButtonElement]) -> list[Block]:
    """A row of buttons, or nothing for none. At most `limits.ACTIONS_ELEMENTS`."""
    return [ActionsBlock(elements=list(elements))] if elements else []


def lay_out(head: Sequence[Block], parts: Sequence[Part], tail: Sequence[Block]) -> tuple[Block, ...]:
    """`head`, as many items of `parts` as fit, a sentence that counts the others, `tail`; rules between the parts."""
    first, *others = pages(head, parts, tail)
    left = sum(page.items for page in others)
    return (*head, *first.blocks, *([context(_more(left))] if left else []), *tail)


def pages(head: Sequence[Block], parts: Sequence[Part], tail: Sequence[Block]) -> list[Page]:
    """All items of `parts` on as few pages as hold them between `head` and `tail`; one page when there are none.

    On each page there is room for one more row of buttons and for one more sentence.
    """
    room = limits.MESSAGE_BLOCK_TEXT - sum(map(weight, (*head, *tail))) - _MORE_ROOM
    most = limits.MESSAGE_BLOCKS - len(head) - len(tail) - _MORE_BLOCKS
    laid = [_Laying(room, most)]
    for part in parts:
        laid[-1].begin(part.heading)
        for item in part.items:
            if not laid[-1].put(item):
                laid.append(_Laying(room, most))
                laid[-1].begin(part.heading)
                laid[-1].put(item)
    return [page.done() for page in laid]


def spoken(title: str, linked: Sequence[Part], unlinked: Sequence[Part], closing: str = "") -> str:
    """The whole answer as one text: with its links where that stays within what Slack advises, else without."""
    whole = _joined(title, linked, closing)
    if len(whole) <= limits.TEXT_ADVISED:
        return whole
    whole = _joined(title, unlinked, closing)
    if len(whole) <= limits.TEXT - _SPOKEN_ROOM:
        return whole
    return _joined(title, _first(unlinked, limits.TEXT - len(title) - len(closing) - 2 * _SPOKEN_ROOM), closing)


def with_note(message: Message, note: str) -> Message:
    """`message` with a sentence of markup in front of its text and behind its blocks, where `pages` left room."""
    return Message(f"{note}\n\n{message.text}", (*message.blocks, context(note)) if message.blocks else ())


def weight(block: Block) -> int:
    """Characters of text in a block, at any depth."""
    return sum(len(text) for text in _texts(block.to_dict()))


def _more(left: int) -> str:
    lines_do = "line does" if left == 1 else "lines do"
    return f"{left} more {lines_do} not fit here: ask a narrower question."


class _Laying:
    """One page in the making: paragraphs grow into sections, a rule stands between two parts."""

    def __init__(self, room: int, most: int) -> None:
        self._room, self._most = room, most
        self._laid: list[str | Block] = []
        self._heading = ""
        self._begins = False
        self._items = 0

    def begin(self, heading: str) -> None:
        """The next item begins a part."""
        self._heading, self._begins = heading, True

    def put(self, item: Item) -> bool:
        """Adds `item`, unless the page is full; the first one always fits."""
        headed = f"{self._heading}{GAP}{item.markup}" if self._begins and self._heading else item.markup
        markup = headed if len(headed) <= limits.SECTION_TEXT else item.markup
        last = self._laid[-1] if self._laid and not self._begins else None
        grown = f"{last}{GAP}{markup}" if isinstance(last, str) else ""
        joins = 0 < len(grown) <= limits.SECTION_TEXT
        new: list[str | Block] = [grown] if joins else [markup]
        new = [rule(), *new] if self._begins and self._laid else new
        new += buttons(item.row)
        cost = len(markup) + len(GAP) + sum(len(button.text.text) for button in item.row if button.text)
        if self._items and (cost > self._room or len(self._laid) + len(new) - joins > self._most):
            return False
        self._laid[len(self._laid) - joins :] = new
        self._room -= cost
        self._items += 1
        self._begins = False
        return True

    def done(self) -> Page:
        """The page."""
        blocks = tuple(section(laid) if isinstance(laid, str) else laid for laid in self._laid)
        return Page(blocks, self._items)


def _joined(title: str, parts: Sequence[Part], closing: str) -> str:
    paragraphs = [
        f"{part.heading}{GAP}{GAP.join(item.markup for item in part.items)}".strip() for part in parts if part.items
    ]
    return "\n\n".join(piece for piece in (title, *paragraphs, closing) if piece)


def _first(parts: Sequence[Part], room: int) -> list[Part]:
    """The first items that fit into `room` characters, and how many do not."""
    kept: list[Part] = []
    left = 0
    for part in parts:
        items: list[Item] = []
        for item in part.items:
            room -= len(item.markup) + len(part.heading) + 2 * len(GAP)
            if room >= 0 and not left:
                items.append(item)
            else:
                left += 1
        kept.append(Part(part.heading, tuple(items)))
    return [*kept, Part("", (Item(_more(left)),))]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "text" and isinstance(inner, str):
                yield inner
            else:
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
