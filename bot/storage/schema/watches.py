"""Tables of watches, what they matched, and their messages."""

from sqlalchemy import JSON, Column, Index, Integer, Table, Text

from bot.storage.schema.metadata import METADATA
from briefings.storage.db import UtcDateTime

#: the watches; stopped ones stay, so that their numbers are not used again
watches = Table(
    "watches",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("team", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("owner", Text, nullable=False),
    #: the parts of the query that are set, by name
    Column("query", JSON, nullable=False),
    #: the thread that gets its notices; "" for the channel
    Column("thread", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("why", Text),
    Column("created_at", UtcDateTime, nullable=False),
    #: number of the change of all watches that changed this one last
    Column("version", Integer, nullable=False),
    Index(None, "team", "channel", "number", unique=True),
    Index(None, "version"),
)

#: one row: the number of the last change of a watch, so that replicas read only what is new
watch_changes = Table(
    "watch_changes",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
)

#: the watch settings of a channel; a channel without a row has the defaults
watch_channels = Table(
    "watch_channels",
    METADATA,
    Column("team", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    #: most notices an hour; null for no limit
    Column("hourly_limit", Integer),
    #: quiet hours as "22:00-07:00" in the time zone `zone`; "" for none
    Column("quiet", Text, nullable=False),
    Column("zone", Text, nullable=False),
)

#: one row for each message of a watch: a notice, what is gathered in its thread, or a summary
watch_notices = Table(
    "watch_notices",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("team", Text, nullable=False),
    Column("channel", Text, nullable=False),
    #: null for a summary of several watches
    Column("watch", Integer),
    Column("kind", Text, nullable=False),
    #: the notice whose thread it is posted in
    Column("parent", Integer),
    Column("state", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due", UtcDateTime, nullable=False),
    #: the message, and the number of its version; an older one was posted if `posted_version` is less
    Column("content", JSON(none_as_null=True)),
    Column("content_version", Integer, nullable=False),
    Column("posted_version", Integer, nullable=False),
    #: time of the first attempt to post
    Column("tried_at", UtcDateTime),
    Column("message_ts", Text),
    Column("why", Text),
    #: end of the lease, during which no other replica takes the notice; null if nothing is left to do
    Column("lease_until", UtcDateTime),
    #: the replica that holds the lease
    Column("holder", Text),
    Column("attempts", Integer, nullable=False),
    Index(None, "team", "channel", "created_at"),
    Index(None, "watch", "created_at"),
)
Index(
    None,
    watch_notices.c.due,
    watch_notices.c.id,
    sqlite_where=watch_notices.c.lease_until.is_not(None),
    postgresql_where=watch_notices.c.lease_until.is_not(None),
)

#: the articles that watches matched, each with the notice that reports it
watch_matches = Table(
    "watch_matches",
    METADATA,
    Column("watch", Integer, primary_key=True, autoincrement=False),
    Column("article", Text, primary_key=True),
    Column("notice", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    #: the passage, and what the messages show of it
    Column("detail", JSON, nullable=False),
    Index(None, "notice"),
    Index(None, "at"),
)
