"""A run's content as it is kept between two attempts, as JSON, and back.

Rule: what comes back is posted byte for byte as it would have been at first.
"""

from typing import Any

from slack_sdk.models.blocks import Block

from bot.blocks.message import Message
from bot.digests.model import Content, Told


class _Kept(Block):
    """A block as it was written; reading it into slack_sdk's own would lose what that does not know."""

    def __init__(self, written: dict[str, Any]) -> None:
        super().__init__(type=written.get("type"), block_id=written.get("block_id"))
        self._written = written

    def to_dict(self) -> dict[str, Any]:
        return self._written


def frozen(content: Content) -> dict[str, Any]:
    """The content as JSON."""
    return {
        "message": _message(content.message),
        "thread": [_message(one) for one in content.thread],
        "told": [[told.fingerprint, dict(told.detail)] for told in content.told],
    }


def thawed(kept: dict[str, Any]) -> Content:
    """The content that `frozen` gave."""
    told = tuple(Told(fingerprint, detail) for fingerprint, detail in kept["told"])
    return Content(_thawed(kept["message"]), tuple(map(_thawed, kept["thread"])), told)


def _message(message: Message) -> dict[str, Any]:
    return {"text": message.text, "blocks": [block.to_dict() for block in message.blocks]}


def _thawed(kept: dict[str, Any]) -> Message:
    return Message(kept["text"], tuple(map(_Kept, kept["blocks"])))
