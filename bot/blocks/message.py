"""One message for Slack: its blocks and its `text`, both within the limits.

Rule: nothing is cut silently. Items are laid out in order; those that do not fit are counted and the count is shown.
An item is one paragraph of Slack's markup, already escaped, of at most `limits.SECTION_TEXT` characters.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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

#: characters kept free for the sentence that counts what did not fit
_MORE_ROOM = 200
#: between two items: a blank line, so that they stay apart on a phone
GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Message:
    """What is posted. `text` is the whole answer for screen readers and notifications, in Slack's markup."""

    text: str
    blocks: tuple[Block, ...] = ()

    @property
    def content(self) -> Mapping[str, Any]:
        """What every way of posting takes, as JSON."""
        blocks = {"blocks": [block.to_dict() for block in self.blocks]} if self.blocks else {}
        return {"text": self.text, "unfurl_links": False, "unfurl_media": False, **blocks}


@dataclass(frozen=True, slots=True)
class Part:
    """Items under one heading (markup; "" for none)."""

    heading: str
    items: tuple[str, ...]


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
    room = limits.MESSAGE_BLOCK_TEXT - sum(map(weight, (*head, *tail))) - _MORE_ROOM
    most = limits.MESSAGE_BLOCKS - len(head) - len(tail) - 1
    laid: list[str | None] = []  # None is a rule
    total = shown = 0
    for begins, item in _with_headings(parts):
        grown = f"{laid[-1]}{GAP}{item}" if laid and not begins else ""
        joins = 0 < len(grown) <= limits.SECTION_TEXT
        new: list[str | None] = [grown] if joins else [None, item] if begins and laid else [item]
        total += len(item) + len(GAP)
        if total > room or len(laid) + len(new) - joins > most:
            break
        laid[len(laid) - joins :] = new
        shown += 1
    left = sum(len(part.items) for part in parts) - shown
    more = [context(_more(left))] if left else []
    return (*head, *(rule() if markup is None else section(markup) for markup in laid), *more, *tail)


def spoken(title: str, linked: Sequence[Part], unlinked: Sequence[Part], closing: str = "") -> str:
    """The whole answer as one text: with its links where that stays within what Slack advises, else without."""
    whole = _joined(title, linked, closing)
    if len(whole) <= limits.TEXT_ADVISED:
        return whole
    whole = _joined(title, unlinked, closing)
    if len(whole) <= limits.TEXT:
        return whole
    return _joined(title, _first(unlinked, limits.TEXT - len(title) - len(closing) - _MORE_ROOM), closing)


def weight(block: Block) -> int:
    """Characters of text in a block, at any depth."""
    return sum(len(text) for text in _texts(block.to_dict()))


def _more(left: int) -> str:
    lines_do = "line does" if left == 1 else "lines do"
    return f"{left} more {lines_do} not fit into one Slack message: ask a narrower question."


def _with_headings(parts: Iterable[Part]) -> Iterator[tuple[bool, str]]:
    """Each item with whether it begins a part; the heading goes with the first."""
    for part in parts:
        for place, item in enumerate(part.items):
            headed = f"{part.heading}{GAP}{item}" if part.heading and place == 0 else item
            yield place == 0, headed if len(headed) <= limits.SECTION_TEXT else item


def _joined(title: str, parts: Sequence[Part], closing: str) -> str:
    paragraphs = [f"{part.heading}{GAP}{GAP.join(part.items)}".strip() for part in parts if part.items]
    return "\n\n".join(piece for piece in (title, *paragraphs, closing) if piece)


def _first(parts: Sequence[Part], room: int) -> list[Part]:
    """The first items that fit into `room` characters, and how many do not."""
    kept: list[Part] = []
    left = 0
    for part in parts:
        items: list[str] = []
        for item in part.items:
            room -= len(item) + len(part.heading) + 2 * len(GAP)
            if room >= 0 and not left:
                items.append(item)
            else:
                left += 1
        kept.append(Part(part.heading, tuple(items)))
    return [*kept, Part("", (_more(left),))]


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
