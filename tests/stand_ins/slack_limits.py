"""Checks messages and views against Slack's limits, independently of the bot.

It shares no code or constants with the bot and the simulator: a wrong limit in `slack_limits` would otherwise
be wrong on both sides of every test.
"""

import json
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

MESSAGE_BLOCKS = {"header", "section", "context", "actions", "divider"}
VIEW_BLOCKS = MESSAGE_BLOCKS | {"input"}


def find_problems(payload: dict[str, Any]) -> list[str]:
    """Return what Slack would reject or truncate in a message, for chat.postMessage or a response_url.

    Return an empty list for a valid message.
    """
    return list(_message(payload))


def find_view_problems(view: dict[str, Any]) -> list[str]:
    """Return what Slack would reject in a modal or an App Home. Return an empty list for a valid view."""
    return list(_view(view))


def find_unfurl_problems(arguments: dict[str, Any]) -> list[str]:
    """Return what Slack would reject in a call of chat.unfurl. Return an empty list for a valid one."""
    return list(_unfurl(arguments))


def _unfurl(arguments: dict[str, Any]) -> Iterator[str]:
    by_id, by_ts = (
        {first, second} <= arguments.keys() for first, second in (("unfurl_id", "source"), ("channel", "ts"))
    )
    if by_id == by_ts:
        yield "unfurl_id with source, or channel with ts, and not both"
    if by_id and arguments["source"] not in ("composer", "conversations_history"):
        yield f"unknown source {arguments['source']}"
    for url, unfurl in arguments["unfurls"].items():
        if not url.startswith(("https://", "http://")):
            yield f"{url} is no URL"
        yield from _blocks(unfurl["blocks"], MESSAGE_BLOCKS)
        yield from _text(unfurl["preview"]["title"], 3000, "plain_text")


def _message(payload: dict[str, Any]) -> Iterator[str]:
    text, blocks = payload.get("text", ""), payload.get("blocks", [])
    if not text.strip():
        yield "text is empty"
    if len(text) > 40_000:
        yield f"text has {len(text)} characters"
    if payload.get("unfurl_links") is not False or payload.get("unfurl_media") is not False:
        yield "unfurling is not off"
    if len(blocks) > 50:
        yield f"{len(blocks)} blocks"
    if (total := sum(len(text) for block in blocks for text in iterate_texts(block))) > 12_000:
        yield f"{total} characters in all blocks"
    if len(json.dumps(payload.get("metadata", {}))) > 4_000:
        yield "metadata too long"
    yield from _blocks(blocks, MESSAGE_BLOCKS)


def _view(view: dict[str, Any]) -> Iterator[str]:
    if view["type"] not in ("modal", "home"):
        yield f"unknown view type {view['type']}"
    if view["type"] == "home" and {"title", "submit", "close"} & view.keys():
        yield "a Home with a modal's title or buttons"
    for name in ("title", "submit", "close"):
        if (name == "title" and view["type"] == "modal") or name in view:
            yield from _text(view[name], 24, "plain_text")
    if len(view["blocks"]) > 100:
        yield f"{len(view['blocks'])} blocks"
    if len(view.get("private_metadata", "")) > 3000:
        yield "private_metadata too long"
    if len(view.get("callback_id", "")) > 255:
        yield "callback_id too long"
    if "submit" not in view and any(block["type"] == "input" for block in view["blocks"]):
        yield "an input without a submit button"
    yield from _blocks(view["blocks"], VIEW_BLOCKS)


def _blocks(blocks: list[dict[str, Any]], allowed_types: set[str]) -> Iterator[str]:
    for name, holders in (("action_id", list(_elements(blocks))), ("block_id", blocks)):
        ids = [holder[name] for holder in holders if name in holder]
        if len(ids) != len(set(ids)):
            yield f"a duplicate {name}"
        if any(not 1 <= len(identifier) <= 255 for identifier in ids):
            yield f"a {name} out of bounds"
    for block in blocks:
        if block["type"] not in allowed_types:
            yield f"unknown block type {block['type']}"
        yield from _block(block)


def _elements(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        yield from block.get("elements", []) if block["type"] == "actions" else []
        yield from (block[name] for name in ("element", "accessory") if name in block)


def _block(block: dict[str, Any]) -> Iterator[str]:
    if block["type"] == "header":
        yield from _text(block["text"], 150, "plain_text")
    if block["type"] == "section":
        yield from _text(block["text"], 3000)
        if "accessory" in block:
            yield from _element(block["accessory"])
    if block["type"] == "context":
        if not 1 <= len(block["elements"]) <= 10:
            yield f"{len(block['elements'])} context elements"
        for element in block["elements"]:
            yield from _text(element, 3000)
    if block["type"] == "actions":
        if not 1 <= len(block["elements"]) <= 25:
            yield f"{len(block['elements'])} elements in a row"
        for element in block["elements"]:
            yield from _element(element)
    if block["type"] == "input":
        yield from _text(block["label"], 2000, "plain_text")
        if "hint" in block:
            yield from _text(block["hint"], 2000, "plain_text")
        yield from _element(block["element"])


def _element(element: dict[str, Any]) -> Iterator[str]:
    if "placeholder" in element:
        yield from _text(element["placeholder"], 150, "plain_text")
    check = _CHECKS.get(element["type"])
    if check is None:
        yield f"unknown element type {element['type']}"
    else:
        yield from check(element)


def _button(element: dict[str, Any]) -> Iterator[str]:
    yield from _text(element["text"], 75, "plain_text")
    if not 1 <= len(element.get("value", "x")) <= 2000:
        yield "a button's value out of bounds"
    if len(element.get("url", "")) > 3000 or len(element.get("accessibility_label", "")) > 75:
        yield "a button's address or label out of bounds"


def _checkboxes(element: dict[str, Any]) -> Iterator[str]:
    yield from _select(element, 10)


def _external_select(element: dict[str, Any]) -> Iterator[str]:
    for option in [element["initial_option"]] if "initial_option" in element else []:
        yield from _option(option)
    if element.get("min_query_length", 3) < 0:
        yield "a negative min_query_length"


def _time_picker(element: dict[str, Any]) -> Iterator[str]:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", element.get("initial_time", "00:00")):
        yield f"{element['initial_time']} is no time"


def _text_input(element: dict[str, Any]) -> Iterator[str]:
    if not 1 <= element.get("max_length", 1) <= 3000:
        yield "max_length out of bounds"
    if len(element.get("initial_value", "")) > element.get("max_length", 3000):
        yield "an initial value longer than max_length"


def _conversations(element: dict[str, Any]) -> Iterator[str]:
    if "initial_conversation" in element and element.get("default_to_current_conversation"):
        yield "two initial conversations"


def _select(element: dict[str, Any], max_options: int) -> Iterator[str]:
    if not 1 <= len(element["options"]) <= max_options:
        yield f"{len(element['options'])} options"
    if len({option["value"] for option in element["options"]}) != len(element["options"]):
        yield "a duplicate option"
    for option in element["options"]:
        yield from _option(option)
    if "initial_option" in element and element["initial_option"] not in element["options"]:
        yield "an initial option that is not an option"
    if "initial_options" in element and not element["initial_options"]:
        yield "an empty list of initial options"
    if any(option not in element["options"] for option in element.get("initial_options", [])):
        yield "an initial option that is not an option"


def _option(option: dict[str, Any]) -> Iterator[str]:
    yield from _text(option["text"], 75, "plain_text")
    if not 1 <= len(option["value"]) <= 150:
        yield "an option's value out of bounds"


def _text(text: dict[str, Any], max_length: int, kind: str | None = None) -> Iterator[str]:
    if kind and text["type"] != kind:
        yield f"{text['type']} where {kind} is needed"
    if not 1 <= len(text["text"]) <= max_length:
        yield f"a text of {len(text['text'])} characters where {max_length} are allowed"


def iterate_texts(value: object) -> Iterator[str]:
    """Yield every string under a "text" key, at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "text" and isinstance(inner, str):
                yield inner
            else:
                yield from iterate_texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from iterate_texts(inner)


_CHECKS = {
    "button": _button,
    "checkboxes": _checkboxes,
    "conversations_select": _conversations,
    "external_select": _external_select,
    "multi_static_select": partial(_select, max_options=100),
    "overflow": partial(_select, max_options=5),
    "plain_text_input": _text_input,
    "static_select": partial(_select, max_options=100),
    "timepicker": _time_picker,
}
