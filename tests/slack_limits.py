"""Checks a message payload against Slack's limits, on its own.

It shares no code or constant with the bot, whose `limits` the local workspace shares too: a number copied wrong there
would otherwise be wrong on both sides of every test.
"""

from collections.abc import Iterator
from typing import Any

KNOWN = {"header", "section", "context", "actions", "divider"}


def problems(payload: dict[str, Any]) -> list[str]:
    """What Slack would refuse or cut in `payload` (chat.postMessage, response_url); empty when it is sound."""
    return list(_message(payload))


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
    if (total := sum(len(text) for block in blocks for text in texts(block))) > 12_000:
        yield f"{total} characters in all blocks"
    actions = [
        element["action_id"] for block in blocks for element in block.get("elements", []) if "action_id" in element
    ]
    if len(actions) != len(set(actions)):
        yield "an action_id twice"
    for block in blocks:
        yield from _block(block)


def _block(block: dict[str, Any]) -> Iterator[str]:
    if block["type"] not in KNOWN:
        yield f"a block of type {block['type']}"
    if block["type"] == "header":
        yield from _text(block["text"], 150, "plain_text")
    if block["type"] == "section":
        yield from _text(block["text"], 3000)
    if block["type"] == "context":
        if not 1 <= len(block["elements"]) <= 10:
            yield f"{len(block['elements'])} context elements"
        for element in block["elements"]:
            yield from _text(element, 3000)
    if block["type"] == "actions":
        if not 1 <= len(block["elements"]) <= 25:
            yield f"{len(block['elements'])} buttons in a row"
        for element in block["elements"]:
            yield from _button(element)


def _button(element: dict[str, Any]) -> Iterator[str]:
    yield from _text(element["text"], 75, "plain_text")
    if not 1 <= len(element["action_id"]) <= 255:
        yield "action_id out of bounds"
    if not 1 <= len(element.get("value", "x")) <= 2000:
        yield "a button's value out of bounds"


def _text(text: dict[str, Any], most: int, kind: str | None = None) -> Iterator[str]:
    if kind and text["type"] != kind:
        yield f"{text['type']} where {kind} is needed"
    if not 1 <= len(text["text"]) <= most:
        yield f"a text of {len(text['text'])} characters where {most} are allowed"


def texts(value: object) -> Iterator[str]:
    """Every string under a "text" key, at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "text" and isinstance(inner, str):
                yield inner
            else:
                yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
