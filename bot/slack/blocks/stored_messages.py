"""Messages as JSON values, so that they can be kept in the database until they are posted.

Rule: a message that was read is posted exactly as it was written, also by a newer version of the program.
"""

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import Block

from bot.slack.blocks.message import Message


class _StoredBlock(Block):
    """A block read from JSON. Conversion to slack_sdk's own classes would lose the fields that they do not know."""

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__(type=data.get("type"), block_id=data.get("block_id"))
        self._data = data

    def to_dict(self) -> dict[str, Any]:
        return self._data


def serialize_message(message: Message) -> dict[str, Any]:
    """Return the message as JSON values."""
    return {"text": message.text, "blocks": [block.to_dict() for block in message.blocks]}


def deserialize_message(data: Mapping[str, Any]) -> Message:
    """Return the message that `serialize_message` wrote."""
    return Message(data["text"], tuple(map(_StoredBlock, data["blocks"])))
