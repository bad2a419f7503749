"""Validation of messages and views against Slack's rules, with Slack's own error messages.

Rule: each error has a JSON pointer to its place, and payloads are never corrected. Lengths count the characters of the
text as sent, escapes included, which is never below Slack's own count. The limits are in `bot.core.slack_limits`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.core import slack_limits

#: a JSON object
Json = dict[str, Any]

_PLAIN_TEXT = ("plain_text",)
_ANY_TEXT = ("plain_text", "mrkdwn")
_SELECTS = ("static_select", "multi_static_select", "radio_buttons", "checkboxes")
_RICH_TEXT = ("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted")


@dataclass(frozen=True, slots=True)
class ErrorDetails:
    """Slack's error code for a refused payload, with a message for each invalid place."""

    code: str
    messages: tuple[str, ...] = ()


def find_message_error(payload: Json) -> ErrorDetails | None:
    """Return Slack's error for a message's `text` and `blocks`, or None if they are valid."""
    blocks = payload.get("blocks") or []
    if not isinstance(blocks, list):
        return ErrorDetails("invalid_blocks_format")
    if not (blocks or payload.get("text") or payload.get("attachments")):
        return ErrorDetails("no_text")
    if messages := tuple(_check_blocks(blocks, slack_limits.MESSAGE_BLOCKS)):
        return ErrorDetails("invalid_blocks", messages)
    if count_characters(blocks) > slack_limits.REFUSED_MESSAGE_BLOCK_TEXT:
        return ErrorDetails("msg_blocks_too_long")
    return None


def find_view_error(view: Json) -> ErrorDetails | None:
    """Return Slack's error for a modal or an App Home, or None if it is valid."""
    messages = tuple(_check_view(view))
    return ErrorDetails("invalid_arguments", messages) if messages else None


def count_characters(blocks: list[object]) -> int:
    """Count the characters of all strings with the key "text" in the blocks, at any depth."""
    total, pending = 0, list(blocks)
    while pending:
        node = pending.pop()
        if isinstance(node, list):
            pending.extend(node)
        elif isinstance(node, dict):
            pending.extend(node.values())
            total += len(node["text"]) if isinstance(node.get("text"), str) else 0
    return total


def _check_view(view: Json) -> Iterator[str]:
    kind, blocks = view.get("type"), view.get("blocks")
    if kind not in ("modal", "home"):
        yield _format_error("unsupported type", "/view/type")
    if kind == "modal":
        yield from _check_text(view.get("title"), "/view/title", slack_limits.VIEW_TITLE, _PLAIN_TEXT)
    for key in ("submit", "close"):
        if view.get(key) is not None:
            yield from _check_text(view[key], f"/view/{key}", slack_limits.VIEW_TITLE, _PLAIN_TEXT)
    yield from _check_optional_lengths(
        view, "/view", {"private_metadata": slack_limits.PRIVATE_METADATA, "callback_id": slack_limits.ID}, min_length=0
    )
    if not isinstance(blocks, list):
        yield _format_error("missing required field: blocks", "/view")
        return
    yield from _check_blocks(blocks, slack_limits.VIEW_BLOCKS, "/view/blocks")
    has_input = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)
    if kind == "modal" and has_input and not view.get("submit"):
        yield _format_error("must define `submit` to use an `input` block in modals", "/view")


def _check_blocks(blocks: list[object], max_items: int, pointer: str = "/blocks") -> Iterator[str]:
    if len(blocks) > max_items:
        yield _format_error(f"no more than {max_items} items allowed", pointer)
    for number, block in enumerate(blocks):
        yield from _check_block(block, f"{pointer}/{number}")
    yield from _check_repeats(blocks, "block_id", pointer)
    yield from _check_repeats(_iterate_elements(blocks), "action_id", pointer)


def _check_block(block: object, pointer: str) -> Iterator[str]:
    check = _CHECKS.get(str(block.get("type"))) if isinstance(block, dict) else None
    if not isinstance(block, dict) or check is None:
        yield _format_error("unsupported type", pointer)
        return
    yield from _check_optional_lengths(block, pointer, {"block_id": slack_limits.ID})
    yield from check(block, pointer)


def _check_section(block: Json, pointer: str) -> Iterator[str]:
    fields = block.get("fields")
    if block.get("text") is None and not fields:
        yield _format_error("missing required field: text", pointer)
    if block.get("text") is not None:
        yield from _check_text(block["text"], f"{pointer}/text", slack_limits.SECTION_TEXT)
    if fields is not None:
        yield from _check_items(
            fields,
            f"{pointer}/fields",
            slack_limits.FIELDS,
            lambda field, item_pointer: _check_text(field, item_pointer, slack_limits.FIELD_TEXT),
        )
    if block.get("accessory") is not None:
        yield from _check_element(block["accessory"], f"{pointer}/accessory")


def _check_header(block: Json, pointer: str) -> Iterator[str]:
    return _check_text(block.get("text"), f"{pointer}/text", slack_limits.HEADER_TEXT, _PLAIN_TEXT)


def _check_context(block: Json, pointer: str) -> Iterator[str]:
    return _check_items(
        block.get("elements"), f"{pointer}/elements", slack_limits.CONTEXT_ELEMENTS, _check_context_element
    )


def _check_context_element(element: object, pointer: str) -> Iterator[str]:
    if isinstance(element, dict) and element.get("type") == "image":
        return _check_image(element, pointer)
    return _check_text(element, pointer, slack_limits.SECTION_TEXT)


def _check_actions(block: Json, pointer: str) -> Iterator[str]:
    return _check_items(block.get("elements"), f"{pointer}/elements", slack_limits.ACTIONS_ELEMENTS, _check_element)


def _check_input(block: Json, pointer: str) -> Iterator[str]:
    yield from _check_text(block.get("label"), f"{pointer}/label", slack_limits.INPUT_LABEL, _PLAIN_TEXT)
    yield from _check_element(block.get("element"), f"{pointer}/element")
    if block.get("hint") is not None:
        yield from _check_text(block["hint"], f"{pointer}/hint", slack_limits.INPUT_LABEL, _PLAIN_TEXT)


def _check_image(block: Json, pointer: str) -> Iterator[str]:
    yield from _check_length(block.get("alt_text"), f"{pointer}/alt_text", slack_limits.ALT_TEXT)
    yield from _check_optional_lengths(block, pointer, {"image_url": slack_limits.ADDRESS})


def _check_rich_text(block: Json, pointer: str) -> Iterator[str]:
    return _check_items(
        block.get("elements"), f"{pointer}/elements", slack_limits.REFUSED_MESSAGE_BLOCK_TEXT, _check_rich_text_part
    )


def _check_rich_text_part(part: object, pointer: str) -> Iterator[str]:
    if not isinstance(part, dict) or part.get("type") not in _RICH_TEXT:
        yield _format_error("unsupported type", pointer)
    elif not isinstance(part.get("elements"), list):
        yield _format_error("missing required field: elements", pointer)
    elif part["type"] == "rich_text_list":
        yield from _check_items(
            part["elements"], f"{pointer}/elements", slack_limits.REFUSED_MESSAGE_BLOCK_TEXT, _check_rich_text_part
        )


def _accept_any(_block: Json, _pointer: str) -> Iterator[str]:
    return iter(())


#: Slack also accepts markdown, table, video and file blocks; their content is not checked
_CHECKS: dict[str, Callable[[Json, str], Iterator[str]]] = {
    "section": _check_section,
    "header": _check_header,
    "context": _check_context,
    "actions": _check_actions,
    "input": _check_input,
    "image": _check_image,
    "rich_text": _check_rich_text,
    **dict.fromkeys(("divider", "markdown", "table", "video", "file"), _accept_any),
}


def _check_element(element: object, pointer: str) -> Iterator[str]:
    if not isinstance(element, dict) or not isinstance(element.get("type"), str):
        yield _format_error("unsupported type", pointer)
        return
    kind = element["type"]
    lengths = {
        "action_id": slack_limits.ID,
        "value": slack_limits.BUTTON_VALUE,
        "url": slack_limits.ADDRESS,
        "accessibility_label": slack_limits.ACCESSIBILITY_LABEL,
    }
    yield from _check_optional_lengths(element, pointer, lengths)
    if element.get("placeholder") is not None:
        yield from _check_text(element["placeholder"], f"{pointer}/placeholder", slack_limits.PLACEHOLDER, _PLAIN_TEXT)
    if kind == "button":
        yield from _check_text(element.get("text"), f"{pointer}/text", slack_limits.BUTTON_TEXT, _PLAIN_TEXT)
        if element.get("style", "primary") not in ("primary", "danger"):
            yield _format_error("must be one of: primary, danger", f"{pointer}/style")
    elif kind == "image":
        yield from _check_image(element, pointer)
    elif kind == "overflow":
        yield from _check_items(
            element.get("options"), f"{pointer}/options", slack_limits.OVERFLOW_OPTIONS, _check_option
        )
    elif kind in _SELECTS and (element.get("options") is not None or element.get("option_groups") is None):
        yield from _check_items(element.get("options"), f"{pointer}/options", slack_limits.OPTIONS, _check_option)


def _check_option(option: object, pointer: str) -> Iterator[str]:
    if not isinstance(option, dict):
        yield _format_error("must be an option", pointer)
        return
    yield from _check_text(option.get("text"), f"{pointer}/text", slack_limits.OPTION_TEXT)
    yield from _check_length(option.get("value"), f"{pointer}/value", slack_limits.OPTION_VALUE)


def _check_text(text: object, pointer: str, max_length: int, kinds: tuple[str, ...] = _ANY_TEXT) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") not in kinds:
        yield _format_error(f"must be a text object of type {' or '.join(kinds)}", pointer)
        return
    yield from _check_length(text.get("text"), f"{pointer}/text", max_length)


def _check_length(value: object, pointer: str, max_length: int, min_length: int = 1) -> Iterator[str]:
    if not isinstance(value, str):
        yield _format_error("must provide a string", pointer)
    elif len(value) < min_length:
        yield _format_error(f"must be more than {min_length - 1} characters", pointer)
    elif len(value) > max_length:
        yield _format_error(f"must be less than {max_length + 1} characters", pointer)


def _check_optional_lengths(
    holder: Json, pointer: str, max_lengths: dict[str, int], min_length: int = 1
) -> Iterator[str]:
    for key, max_length in max_lengths.items():
        if holder.get(key) is not None:
            yield from _check_length(holder[key], f"{pointer}/{key}", max_length, min_length)


def _check_items(
    items: object, pointer: str, max_items: int, check: Callable[[object, str], Iterator[str]]
) -> Iterator[str]:
    if not isinstance(items, list) or not items:
        yield _format_error("no less than 1 items allowed", pointer)
        return
    if len(items) > max_items:
        yield _format_error(f"no more than {max_items} items allowed", pointer)
    for number, item in enumerate(items):
        yield from check(item, f"{pointer}/{number}")


def _iterate_elements(blocks: list[object]) -> Iterator[object]:
    for block in blocks:
        if isinstance(block, dict):
            elements = block.get("elements")
            yield from elements if isinstance(elements, list) else ()
            yield from (block[key] for key in ("accessory", "element") if key in block)


def _check_repeats(holders: Iterable[object], key: str, pointer: str) -> Iterator[str]:
    seen_values: set[str] = set()
    for holder in holders:
        value = holder.get(key) if isinstance(holder, dict) else None
        if isinstance(value, str) and value in seen_values:
            yield _format_error(f"`{key}` already exists: {value}", pointer)
        elif isinstance(value, str):
            seen_values.add(value)


def _format_error(problem: str, pointer: str) -> str:
    return f"[ERROR] {problem} [json-pointer:{pointer}]"
