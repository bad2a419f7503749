"""`text` of every recorded message holds every sentence of its blocks, because screen readers read only `text`."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ANSWERS = Path(__file__).parent / "answers" / "slack"
_LINK = re.compile(r"<(?:https?|mailto):[^|>]*\|([^>]*)>")
_MARKS = re.compile("[*_~`>\u2060\u200b]")


def find_messages(value: object) -> Iterator[dict[str, Any]]:
    """Yield every message with blocks, at any depth."""
    if isinstance(value, dict):
        if isinstance(value.get("text"), str) and isinstance(value.get("blocks"), list):
            yield value
        for child in value.values():
            yield from find_messages(child)
    elif isinstance(value, list):
        for child in value:
            yield from find_messages(child)


def list_sentences(message: dict[str, Any]) -> list[str]:
    """Return the lines of titles, paragraphs and small print, as shown. Labels of buttons are not sentences."""
    texts = []
    for block in message["blocks"]:
        texts += [block["text"]["text"]] if "text" in block else []
        texts += [field["text"] for field in block.get("fields", [])]
        texts += [element["text"] for element in block.get("elements", []) if isinstance(element.get("text"), str)]
    return [line for text in texts for line in simplify(text).split("\n") if line.strip()]


def simplify(text: str) -> str:
    """Return `text` as shown, without links and styles."""
    plain = _MARKS.sub("", _LINK.sub(r"\1", text).replace("&gt;", "›").replace("&lt;", "‹"))
    return "\n".join(" ".join(line.split()) for line in plain.replace("&amp;", "&").split("\n"))


@pytest.mark.parametrize("file", sorted(ANSWERS.rglob("*.json")), ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_text_holds_every_sentence_of_the_blocks(file: Path) -> None:
    for message in find_messages(json.loads(file.read_text(encoding="utf-8"))):
        text = simplify(message["text"])
        assert [sentence for sentence in list_sentences(message) if sentence not in text] == []
