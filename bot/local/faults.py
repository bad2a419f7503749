"""What Slack refuses in a payload, told in the words Slack answers with.

Rule: a walk over the blocks that yields one sentence a fault, each with a JSON pointer; nothing is repaired.
Lengths are characters of the text as sent, escapes included, which is never less than what Slack counts; the numbers
are those of `bot.limits`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot import limits

#: a JSON object as it came over the wire
Json = dict[str, Any]

_PLAIN = ("plain_text",)
_ANY_TEXT = ("plain_text", "mrkdwn")
_SELECTS = ("static_select", "multi_static_select", "radio_buttons", "checkboxes")
_RICH_TEXT = ("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a payload is refused: Slack's error code, and a sentence for each place at fault."""

    error: str
    details: tuple[str, ...] = ()


def message_fault(payload: Json) -> Fault | None:
    """What Slack has against a message's `text` and `blocks`, or None."""
    blocks = payload.get("blocks") or []
    if not isinstance(blocks, list):
        return Fault("invalid_blocks_format")
    if not (blocks or payload.get("text") or payload.get("attachments")):
        return Fault("no_text")
    if faults := tuple(_blocks(blocks, limits.MESSAGE_BLOCKS)):
        return Fault("invalid_blocks", faults)
    if characters(blocks) > limits.MESSAGE_BLOCK_TEXT_REFUSED:
        return Fault("msg_blocks_too_long")
    return None


def view_fault(view: Json) -> Fault | None:
    """What Slack has against a modal or an App Home, or None."""
    faults = tuple(_view(view))
    return Fault("invalid_arguments", faults) if faults else None


def characters(blocks: list[object]) -> int:
    """Characters of every string called "text" in the blocks, at any depth."""
    total, open_ends = 0, list(blocks)
    while open_ends:
        here = open_ends.pop()
        if isinstance(here, list):
            open_ends.extend(here)
        elif isinstance(here, dict):
            open_ends.extend(here.values())
            total += len(here["text"]) if isinstance(here.get("text"), str) else 0
    return total


def _view(view: Json) -> Iterator[str]:
    kind, blocks = view.get("type"), view.get("blocks")
    if kind not in ("modal", "home"):
        yield _at("unsupported type", "/view/type")
    if kind == "modal":
        yield from _text(view.get("title"), "/view/title", limits.VIEW_TITLE, _PLAIN)
    for key in ("submit", "close"):
        if view.get(key) is not None:
            yield from _text(view[key], f"/view/{key}", limits.VIEW_TITLE, _PLAIN)
    yield from _optional_lengths(
        view, "/view", {"private_metadata": limits.PRIVATE_METADATA, "callback_id": limits.ID}, least=0
    )
    if not isinstance(blocks, list):
        yield _at("missing required field: blocks", "/view")
        return
    yield from _blocks(blocks, limits.VIEW_BLOCKS, "/view/blocks")
    has_input = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)
    if kind == "modal" and has_input and not view.get("submit"):
        yield _at("must define `submit` to use an `input` block in modals", "/view")


def _blocks(blocks: list[object], most: int, at: str = "/blocks") -> Iterator[str]:
    if len(blocks) > most:
        yield _at(f"no more than {most} items allowed", at)
    for number, block in enumerate(blocks):
        yield from _block(block, f"{at}/{number}")
    yield from _repeats(blocks, "block_id", at)
    yield from _repeats(_elements(blocks), "action_id", at)


def _block(block: object, at: str) -> Iterator[str]:
    check = _CHECKS.get(str(block.get("type"))) if isinstance(block, dict) else None
    if not isinstance(block, dict) or check is None:
        yield _at("unsupported type", at)
        return
    yield from _optional_lengths(block, at, {"block_id": limits.ID})
    yield from check(block, at)


def _section(block: Json, at: str) -> Iterator[str]:
    fields = block.get("fields")
    if block.get("text") is None and not fields:
        yield _at("missing required field: text", at)
    if block.get("text") is not None:
        yield from _text(block["text"], f"{at}/text", limits.SECTION_TEXT)
    if fields is not None:
        yield from _items(
            fields, f"{at}/fields", limits.FIELDS, lambda field, here: _text(field, here, limits.FIELD_TEXT)
        )
    if block.get("accessory") is not None:
        yield from _element(block["accessory"], f"{at}/accessory")


def _header(block: Json, at: str) -> Iterator[str]:
    return _text(block.get("text"), f"{at}/text", limits.HEADER_TEXT, _PLAIN)


def _context(block: Json, at: str) -> Iterator[str]:
    return _items(block.get("elements"), f"{at}/elements", limits.CONTEXT_ELEMENTS, _context_element)


def _context_element(element: object, at: str) -> Iterator[str]:
    if isinstance(element, dict) and element.get("type") == "image":
        return _image(element, at)
    return _text(element, at, limits.SECTION_TEXT)


def _actions(block: Json, at: str) -> Iterator[str]:
    return _items(block.get("elements"), f"{at}/elements", limits.ACTIONS_ELEMENTS, _element)


def _input(block: Json, at: str) -> Iterator[str]:
    yield from _text(block.get("label"), f"{at}/label", limits.INPUT_LABEL, _PLAIN)
    yield from _element(block.get("element"), f"{at}/element")
    if block.get("hint") is not None:
        yield from _text(block["hint"], f"{at}/hint", limits.INPUT_LABEL, _PLAIN)


def _image(block: Json, at: str) -> Iterator[str]:
    yield from _length(block.get("alt_text"), f"{at}/alt_text", limits.ALT_TEXT)
    yield from _optional_lengths(block, at, {"image_url": limits.ADDRESS})


def _rich_text(block: Json, at: str) -> Iterator[str]:
    return _items(block.get("elements"), f"{at}/elements", limits.MESSAGE_BLOCK_TEXT_REFUSED, _rich_text_part)


def _rich_text_part(part: object, at: str) -> Iterator[str]:
    if not isinstance(part, dict) or part.get("type") not in _RICH_TEXT:
        yield _at("unsupported type", at)
    elif not isinstance(part.get("elements"), list):
        yield _at("missing required field: elements", at)
    elif part["type"] == "rich_text_list":
        yield from _items(part["elements"], f"{at}/elements", limits.MESSAGE_BLOCK_TEXT_REFUSED, _rich_text_part)


def _nothing(_block: Json, _at: str) -> Iterator[str]:
    return iter(())


#: markdown, table, video and file are Slack's too; what they hold is not looked into
_CHECKS: dict[str, Callable[[Json, str], Iterator[str]]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "image": _image,
    "rich_text": _rich_text,
    **dict.fromkeys(("divider", "markdown", "table", "video", "file"), _nothing),
}


def _element(element: object, at: str) -> Iterator[str]:
    if not isinstance(element, dict) or not isinstance(element.get("type"), str):
        yield _at("unsupported type", at)
        return
    kind = element["type"]
    lengths = {
        "action_id": limits.ID,
        "value": limits.BUTTON_VALUE,
        "url": limits.ADDRESS,
        "accessibility_label": limits.ACCESSIBILITY_LABEL,
    }
    yield from _optional_lengths(element, at, lengths)
    if element.get("placeholder") is not None:
        yield from _text(element["placeholder"], f"{at}/placeholder", limits.PLACEHOLDER, _PLAIN)
    if kind == "button":
        yield from _text(element.get("text"), f"{at}/text", limits.BUTTON_TEXT, _PLAIN)
        if element.get("style", "primary") not in ("primary", "danger"):
            yield _at("must be one of: primary, danger", f"{at}/style")
    elif kind == "image":
        yield from _image(element, at)
    elif kind == "overflow":
        yield from _items(element.get("options"), f"{at}/options", limits.OVERFLOW_OPTIONS, _option)
    elif kind in _SELECTS and (element.get("options") is not None or element.get("option_groups") is None):
        yield from _items(element.get("options"), f"{at}/options", limits.OPTIONS, _option)


def _option(option: object, at: str) -> Iterator[str]:
    if not isinstance(option, dict):
        yield _at("must be an option", at)
        return
    yield from _text(option.get("text"), f"{at}/text", limits.OPTION_TEXT)
    yield from _length(option.get("value"), f"{at}/value", limits.OPTION_VALUE)


def _text(text: object, at: str, most: int, kinds: tuple[str, ...] = _ANY_TEXT) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") not in kinds:
        yield _at(f"must be a text object of type {' or '.join(kinds)}", at)
        return
    yield from _length(text.get("text"), f"{at}/text", most)


def _length(value: object, at: str, most: int, least: int = 1) -> Iterator[str]:
    if not isinstance(value, str):
        yield _at("must provide a string", at)
    elif len(value) < least:
        yield _at(f"must be more than {least - 1} characters", at)
    elif len(value) > most:
        yield _at(f"must be less than {most + 1} characters", at)


def _optional_lengths(holder: Json, at: str, most_of: dict[str, int], least: int = 1) -> Iterator[str]:
    for key, most in most_of.items():
        if holder.get(key) is not None:
            yield from _length(holder[key], f"{at}/{key}", most, least)


def _items(items: object, at: str, most: int, check: Callable[[object, str], Iterator[str]]) -> Iterator[str]:
    if not isinstance(items, list) or not items:
        yield _at("no less than 1 items allowed", at)
        return
    if len(items) > most:
        yield _at(f"no more than {most} items allowed", at)
    for number, item in enumerate(items):
        yield from check(item, f"{at}/{number}")


def _elements(blocks: list[object]) -> Iterator[object]:
    for block in blocks:
        if isinstance(block, dict):
            elements = block.get("elements")
            yield from elements if isinstance(elements, list) else ()
            yield from (block[key] for key in ("accessory", "element") if key in block)


def _repeats(holders: Iterable[object], key: str, at: str) -> Iterator[str]:
    seen: set[str] = set()
    for holder in holders:
        value = holder.get(key) if isinstance(holder, dict) else None
        if isinstance(value, str) and value in seen:
            yield _at(f"`{key}` already exists: {value}", at)
        elif isinstance(value, str):
            seen.add(value)


def _at(fault: str, pointer: str) -> str:
    return f"[ERROR] {fault} [json-pointer:{pointer}]"
