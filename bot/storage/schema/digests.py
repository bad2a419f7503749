"""Tables of digests, their runs and mails, and of notices for owners."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, Table, Text

from bot.storage.schema.metadata import METADATA
from briefings.storage.db import UtcDateTime

#: the digests; stopped ones stay, so that their numbers and content are not used again
digests = Table(
    "digests",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("team", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("owner", Text, nullable=False),
    Column("ask", Text, nullable=False),
    #: schedule text, in the time zone `zone` (IANA name)
    Column("schedule", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("when_nothing", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("why", Text),
    Column("created_at", UtcDateTime, nullable=False),
    #: runs due up to this time have been created or skipped
    Column("reached", UtcDateTime, nullable=False),
    #: next run after that, by the last known rules of the zone; null unless active
    Column("next_due", UtcDateTime),
    Index(None, "team", "channel", "number", unique=True),
    Index(None, "next_due"),
)

#: one row for each time that a digest was due
digest_runs = Table(
    "digest_runs",
    METADATA,
    Column("digest", Integer, primary_key=True, autoincrement=False),
    Column("due", UtcDateTime, primary_key=True),
    Column("state", Text, nullable=False),
    Column("late", Boolean, nullable=False),
    #: the frozen messages, and what the channel will then have received
    Column("content", JSON(none_as_null=True)),
    #: time of the first attempt to post
    Column("tried_at", UtcDateTime),
    Column("message_ts", Text),
    Column("why", Text),
    #: end of the lease, during which no other replica takes the run; null after the run
    Column("lease_until", UtcDateTime),
    #: the replica that holds the lease
    Column("holder", Text),
    Column("attempts", Integer, nullable=False),
)
Index(
    None,
    digest_runs.c.due,
    digest_runs.c.digest,
    sqlite_where=digest_runs.c.lease_until.is_not(None),
    postgresql_where=digest_runs.c.lease_until.is_not(None),
)
Index(
    None,
    digest_runs.c.holder,
    sqlite_where=digest_runs.c.holder.is_not(None),
    postgresql_where=digest_runs.c.holder.is_not(None),
)

#: what was posted in each channel, so that nothing is repeated
digest_history = Table(
    "digest_told",
    METADATA,
    Column("team", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("fingerprint", Text, primary_key=True),
    Column("detail", JSON, nullable=False),
    Column("digest", Integer, nullable=False),
    Column("due", UtcDateTime, nullable=False),
    #: position in the content of that run
    Column("place", Integer, nullable=False),
    Column("message_ts", Text, nullable=False),
)

#: the digest settings of a channel; a channel without a row has the defaults
digest_channels = Table(
    "digest_channels",
    METADATA,
    Column("team", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    #: where the details of its digests go
    Column("details", Text, nullable=False),
)

#: addresses that a digest is also sent to; they are deleted with the digest
digest_mail_recipients = Table(
    "digest_mail_recipients",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("digest", Integer, nullable=False),
    Column("team", Text, nullable=False),
    Column("address", Text, nullable=False),
    #: hash of the address
    Column("key", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Index("ix_digest_mail_recipients_digest", "digest", "key", unique=True),
    Index("ix_digest_mail_recipients_team", "team"),
)

#: one row for each mail
digest_mails = Table(
    "digest_mails",
    METADATA,
    Column("digest", Integer, primary_key=True, autoincrement=False),
    #: when the digest was due, or when the address was asked to confirm
    Column("due", UtcDateTime, primary_key=True),
    Column("recipient", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("team", Text, nullable=False),
    #: the frozen mail; null in a final state
    Column("message", Text),
    Column("state", Text, nullable=False),
    Column("why", Text),
    #: time of the next attempt, or end of the lease; null in a final state
    Column("next_try", UtcDateTime),
    #: no attempt begins after this time
    Column("deadline", UtcDateTime, nullable=False),
    Column("holder", Text),
    Column("attempts", Integer, nullable=False),
    Index("ix_digest_mails_next_try", "next_try"),
    Index("ix_digest_mails_team", "team"),
)

#: the mails of the last days, so that no one gets too many; `key` is a hash of the address
mail_sends = Table(
    "mail_sends",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("team", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_mail_sends_team", "team", "at"),
    Index("ix_mail_sends_key", "key", "at"),
)

#: notices of problems for owners of digests and watches; a row is deleted just before its notice is sent
digest_notices = Table(
    "digest_notices",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("team", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    #: time of the next attempt
    Column("next_try", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    #: "digest" or "watch"
    Column("subject", Text, nullable=False, server_default="digest"),
    Index(None, "next_try"),
)
