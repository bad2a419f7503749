"""Values of watches in channels: what is watched, the settings of a channel, and the messages.

Rule: values are immutable and times are UTC. Users identify a watch by its channel and number (1, 2, …).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.watches.quiet_hours import QuietHours
from briefings.watches import WatchQuery

#: most notices of a channel an hour, unless it sets another limit
DEFAULT_LIMIT = 10
#: highest limit that can be set
MAX_LIMIT = 100
_QUERY_FIELDS = ("phrase", "words", "by", "about", "outlet")


class WatchState(StrEnum):
    """Whether a watch finds anything. A stopped watch cannot be resumed."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"


class NoticeKind(StrEnum):
    """Kinds of messages."""

    #: one match
    MATCH = "match"
    #: further reports of a match, in the thread of its message; it is edited when there are more
    REPORTS = "reports"
    #: the matches over the limit of an hour, or of quiet hours
    SUMMARY = "summary"


class NoticeState(StrEnum):
    """State of a message. All but WAITING and CLAIMED are final; a gathered message can wait again."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    DELIVERED = "sent"
    #: it is impossible to find out whether it was posted
    UNKNOWN = "unknown"
    #: the watch was paused or stopped, or the message is part of a summary
    SKIPPED = "skipped"
    #: it was not posted
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class WatchConfig:
    """Settings of a watch. `thread` is the ts of the thread that gets its notices, or "" for the channel."""

    team: str
    channel: str
    #: user id of the person who set it up, and who gets notices about problems
    owner: str
    query: WatchQuery
    thread: str = ""


@dataclass(frozen=True, slots=True)
class ChannelWatch:
    """A stored watch."""

    id: int
    number: int
    config: WatchConfig
    state: WatchState
    #: why it does not run, as a sentence
    reason: str | None
    created_at: datetime

    @property
    def is_active(self) -> bool:
        """Whether the watch is active."""
        return self.state is WatchState.ACTIVE


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """Settings of all watches of a channel. None as `hourly_limit` means no limit; `zone` is an IANA name."""

    hourly_limit: int | None = DEFAULT_LIMIT
    quiet_hours: QuietHours | None = None
    zone: str = "UTC"

    def find_quiet_end(self, now: datetime) -> datetime | None:
        """Return when the quiet hours that are on at `now` end, in UTC, or None if they are not on."""
        return self.quiet_hours.find_end(now, self.zone) if self.quiet_hours else None


@dataclass(frozen=True, slots=True)
class Notice:
    """A stored message, without its content. `due` is the earliest time at which it is posted."""

    id: int
    team: str
    channel: str
    #: id of its watch; None for a summary
    watch: int | None
    kind: NoticeKind
    parent: int | None
    state: NoticeState
    created_at: datetime
    due: datetime
    content_version: int
    posted_version: int
    tried_at: datetime | None
    message_ts: str | None
    reason: str | None
    attempts: int


@dataclass(frozen=True, slots=True)
class StoredMatch:
    """An article that a watch matched, and what the messages show of it (`detail`, JSON values)."""

    watch: int
    article: str
    notice: int
    at: datetime
    detail: Mapping[str, Any] = field(default_factory=dict)


def serialize_query(query: WatchQuery) -> dict[str, str]:
    """Return the parts of a query that are set, as JSON values."""
    return {name: value for name in _QUERY_FIELDS if (value := getattr(query, name))}


def deserialize_query(data: Mapping[str, str]) -> WatchQuery:
    """Return the query that `serialize_query` wrote."""
    return WatchQuery(**{name: data[name] for name in _QUERY_FIELDS if data.get(name)})
