"""What a digest is, what becomes of each time it is due, and who says what it tells.

Rule: frozen values; every moment is UTC. A run is named by its digest and the moment it was due.

A run's content as it is kept between two attempts, as JSON, and back.

Rule: what comes back is posted byte for byte as it would have been at first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from slack_sdk.models.blocks import Block

from bot.digests.schedule import Schedule
from bot.slack.blocks.message import Message


class WhenNothing(StrEnum):
    """What a channel hears when there is nothing new."""

    SILENT = "silent"
    ONE_LINE = "one line"


class DigestState(StrEnum):
    """Whether a digest runs. One that is stopped stays stopped."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"


class RunState(StrEnum):
    """What became of a run. It waits until it is claimed; the last five are final."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    #: its content is settled; it may stand in the channel or not
    CONTENT_READY = "frozen"
    SENT = "sent"
    #: it cannot be found out whether it stands in the channel
    UNKNOWN = "unknown"
    #: the bot was not there in time
    SKIPPED = "skipped"
    #: it does not stand in the channel
    FAILED = "failed"
    #: there was nothing new, and nothing was posted
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class DigestConfig:
    """A digest as somebody wants it: `ask` is a topic's slug or free words, `zone` an IANA name."""

    team: str
    channel: str
    #: who hears of trouble
    owner: str
    query: str
    schedule: Schedule
    zone: str
    when_nothing: WhenNothing = WhenNothing.SILENT


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest as it is kept. People name it by its channel and `number` (1, 2, …; never used again)."""

    id: int
    number: int
    config: DigestConfig
    state: DigestState
    #: a sentence: why it does not run
    reason: str | None
    created_at: datetime
    #: when it is due next; None unless it is active
    next_due: datetime | None

    @property
    def is_active(self) -> bool:
        """Whether it is active."""
        return self.state is DigestState.ACTIVE


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """Something that a digest tells, known again by `fingerprint`, which is unique in its channel.

    `detail` is the source's own, as JSON: ids of articles and offsets, never an article's text.
    """

    fingerprint: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """What a channel has had: in which message (its ts), of which digest, for the run that was due then."""

    item: HistoryItem
    digest: int
    due_at: datetime
    message_ts: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a run posts: `message`, then `thread` below it; `told` is what the channel has had then.

    `message` leaves room for one more sentence (as `bot.blocks.message.pages` does), which may say that it is late.
    """

    message: Message
    thread: tuple[Message, ...] = ()
    history_items: tuple[HistoryItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """One time that a digest is due, and what became of it."""

    digest: int
    due_at: datetime
    state: RunState
    #: it was posted, or is to be posted, some minutes after it was due
    late: bool
    message_ts: str | None
    #: a sentence: why it was skipped, failed, cannot be settled, or waits
    reason: str | None
    #: nobody else takes it up until then; None when it is over
    lease_until: datetime | None
    #: how often it was taken up
    attempts: int


class ContentSource(Protocol):
    """Says what is new."""

    async def fetch_content(self, digest: Digest, now: datetime) -> Content | None:
        """What the channel has not had; None when there is nothing to post.

        With nothing new and `WhenNothing.ONE_LINE` that one line is a Content. What the channel has had is
        `store.digests.had(team, channel)`. Raises BriefingsError when it cannot be told, and will not be later: the run
        has failed, and the sentence is shown; RecordUnavailable is tried again.
        """
        ...


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
