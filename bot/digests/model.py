"""Values of the digests: configuration, state, runs and content.

Rule: values are immutable and times are UTC. A run is identified by its digest and its due time. Content survives
serialisation to JSON unchanged, so a retry posts exactly the bytes of the first attempt.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from bot.digests.schedule import Schedule
from bot.slack.blocks.message import Message
from bot.slack.blocks.stored_messages import deserialize_message, serialize_message


class WhenNothing(StrEnum):
    """What to post when nothing is new."""

    SILENT = "silent"
    ONE_LINE = "one line"


class DetailsPlace(StrEnum):
    """Where a channel gets the details of its digests."""

    THREAD = "thread"
    CHANNEL = "channel"
    #: left out
    NONE = "none"


class DigestState(StrEnum):
    """Whether a digest runs. A stopped digest cannot be resumed."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"


class RunState(StrEnum):
    """State of a run. DELIVERED, UNKNOWN, SKIPPED, FAILED and SILENT are final."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    #: its content is saved; it may already be posted
    CONTENT_READY = "frozen"
    DELIVERED = "sent"
    #: it is impossible to find out whether it was posted
    UNKNOWN = "unknown"
    #: it was not sent in time, or the digest was not active
    SKIPPED = "skipped"
    #: it was not posted
    FAILED = "failed"
    #: nothing was new, and nothing was posted
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class DigestConfig:
    """Settings of a digest. `query` is a topic's slug or free words; `zone` is an IANA name."""

    team: str
    channel: str
    #: user ID of the person who scheduled it, and who gets notices about problems
    owner: str
    query: str
    schedule: Schedule
    zone: str
    when_nothing: WhenNothing = WhenNothing.SILENT


@dataclass(frozen=True, slots=True)
class Digest:
    """A stored digest. Users identify it by its channel and its `number` (1, 2, …), which is never reused."""

    id: int
    number: int
    config: DigestConfig
    state: DigestState
    #: why it does not run, as a sentence
    reason: str | None
    created_at: datetime
    #: next due time; None unless the digest is active
    next_due: datetime | None

    @property
    def is_active(self) -> bool:
        """Whether the digest is active."""
        return self.state is DigestState.ACTIVE


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """One item that a channel has seen. `fingerprint` is unique in the channel.

    `detail` is JSON that only the content source reads.
    """

    fingerprint: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A history item with the message (by its ts), the digest and the due time of the run that posted it."""

    item: HistoryItem
    digest: int
    due_at: datetime
    message_ts: str


@dataclass(frozen=True, slots=True)
class MailContent:
    """A digest as an e-mail, the same for all its recipients but for each one's link to stop the mails."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a run posts: `message` in the channel, its details (`thread`), and the `history_items` to store afterwards.

    The details go to `details_place`: the thread of `message`, or the channel. `message` leaves room for one more
    sentence (as `message.paginate` does), for the note that it is late.
    """

    message: Message
    thread: tuple[Message, ...] = ()
    history_items: tuple[HistoryItem, ...] = ()
    details_place: DetailsPlace = DetailsPlace.THREAD
    #: the same lines as an e-mail. It is not stored with the run: its mails are frozen in the same transaction
    mail: MailContent | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One scheduled run of a digest, and its outcome."""

    digest: int
    due_at: datetime
    state: RunState
    #: it is posted some minutes after its due time
    late: bool
    message_ts: str | None
    #: why it was skipped, failed, is unknown or waits, as a sentence
    reason: str | None
    #: no other replica claims it before this time; None in a final state
    lease_until: datetime | None
    #: number of attempts so far
    attempts: int


class ContentSource(Protocol):
    """Source of the content of digests."""

    async def fetch_content(self, digest: Digest, now: datetime) -> Content | None:
        """Return what the channel has not seen yet, or None if there is nothing to post.

        If nothing is new and the digest has `WhenNothing.ONE_LINE`, the content is that line. Raises
        DatabaseUnavailable for a failure that is worth a retry. Any other BriefingsError is final: the run fails and
        its owner gets the error's sentence.
        """
        ...


def serialize_content(content: Content) -> dict[str, Any]:
    """Return the content as JSON values."""
    return {
        "message": serialize_message(content.message),
        "thread": [serialize_message(message) for message in content.thread],
        "told": [[item.fingerprint, dict(item.detail)] for item in content.history_items],
        "place": content.details_place.value,
    }


def deserialize_content(data: dict[str, Any]) -> Content:
    """Return the content that `serialize_content` wrote."""
    items = tuple(HistoryItem(fingerprint, detail) for fingerprint, detail in data["told"])
    # a run that an older version saved has no place: its details go to the thread
    place = DetailsPlace(data.get("place", DetailsPlace.THREAD))
    return Content(deserialize_message(data["message"]), tuple(map(deserialize_message, data["thread"])), items, place)
