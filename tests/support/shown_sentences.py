"""Compare what the blocks of a message show with its `text`, which is all that screen readers read."""

import re
from collections.abc import Mapping
from typing import Any

from bot.slack.blocks.mrkdwn import escape_mrkdwn

_LINK = re.compile(r"<(?:https?|mailto):[^|>]*\|([^>]*)>")
_MARKS = re.compile("[*_~`>\u2060\u200b]")


def list_sentences(message: Mapping[str, Any]) -> list[str]:
    """Return the lines of titles, paragraphs and small print, as shown. Labels of buttons are not sentences."""
    texts = []
    for block in message["blocks"]:
        texts += [_get_markup(block["text"])] if "text" in block else []
        texts += [field["text"] for field in block.get("fields", [])]
        texts += [element["text"] for element in block.get("elements", []) if isinstance(element.get("text"), str)]
    return [line for text in texts for line in simplify(text).split("\n") if line.strip()]


def list_missing_sentences(message: Mapping[str, Any]) -> list[str]:
    """Return the sentences of the blocks that `text` lacks."""
    text = simplify(message.get("text") or "")
    return [sentence for sentence in list_sentences(message) if sentence not in text]


def _get_markup(text_object: Mapping[str, Any]) -> str:
    text = str(text_object["text"])
    return escape_mrkdwn(text) if text_object["type"] == "plain_text" else text


def simplify(text: str) -> str:
    """Return `text` as shown, without links and styles."""
    plain = _MARKS.sub("", _LINK.sub(r"\1", text).replace("&gt;", "›").replace("&lt;", "‹"))
    return "\n".join(" ".join(line.split()) for line in plain.replace("&amp;", "&").split("\n"))
