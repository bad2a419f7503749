"""A run's content as it is kept between two attempts, as JSON, and back.

Rule: what comes back is posted byte for byte as it would have been at first.
"""

from typing import Any

from slack_sdk.models.blocks import Block

from bot.digests.model import Content, HistoryItem
from bot.slack.blocks.message import Message


class _StoredBlock(Block):
    """A block as it was written; reading it into slack_sdk's own would lose what that does not know."""

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__(type=data.get("type"), block_id=data.get("block_id"))
        self._data = data

    def to_dict(self) -> dict[str, Any]:
        return self._data


def serialize_content(content: Content) -> dict[str, Any]:
    """The content as JSON."""
    return {
        "message": _serialize_message(content.message),
        "thread": [_serialize_message(message) for message in content.thread],
        "told": [[item.fingerprint, dict(item.detail)] for item in content.history_items],
    }


def deserialize_content(data: dict[str, Any]) -> Content:
    """The content that `frozen` gave."""
    items = tuple(HistoryItem(fingerprint, detail) for fingerprint, detail in data["told"])
    return Content(_deserialize_message(data["message"]), tuple(map(_deserialize_message, data["thread"])), items)


def _serialize_message(message: Message) -> dict[str, Any]:
    return {"text": message.text, "blocks": [block.to_dict() for block in message.blocks]}


def _deserialize_message(data: dict[str, Any]) -> Message:
    return Message(data["text"], tuple(map(_StoredBlock, data["blocks"])))
