"""`text` of every recorded message holds every sentence of its blocks, because screen readers read only `text`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.shown_sentences import list_missing_sentences

ANSWERS = Path(__file__).parent / "answers" / "slack"


def find_messages(value: object) -> Iterator[dict[str, Any]]:
    """Yield every message with blocks, at any depth. A modal and the Home tab have a type, and no text."""
    if isinstance(value, dict):
        if isinstance(value.get("blocks"), list) and "type" not in value:
            yield value
        for child in value.values():
            yield from find_messages(child)
    elif isinstance(value, list):
        for child in value:
            yield from find_messages(child)


@pytest.mark.parametrize("file", sorted(ANSWERS.rglob("*.json")), ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_text_holds_every_sentence_of_the_blocks(file: Path) -> None:
    for message in find_messages(json.loads(file.read_text(encoding="utf-8"))):
        assert list_missing_sentences(message) == []
