"""Adds a sentence to the App Home that a user sees, without building it again. Pure.

Rule: the note goes when the user opens the tab again, because the view then differs from the stored one.
"""

from collections.abc import Mapping
from typing import Any

from bot.core import slack_limits
from bot.slack.blocks.message import section
from bot.slack.views.home import build_notice_view

_NOTE_BLOCK = "note"


def add_home_note(view: Mapping[str, Any], sentence: str) -> dict[str, Any]:
    """Return the view of a pressed button as JSON, with `sentence` at the top. An earlier note is replaced."""
    blocks = [block for block in view.get("blocks") or () if isinstance(block, dict)]
    kept_blocks = [block for block in blocks if block.get("block_id") != _NOTE_BLOCK]
    if not kept_blocks:
        return build_notice_view(sentence).to_dict()
    note = section(sentence).to_dict() | {"block_id": _NOTE_BLOCK}
    return {"type": "home", "blocks": [note, *kept_blocks][: slack_limits.VIEW_BLOCKS]}
