"""The bot's tables, as they are at the newest revision; `migrations/` is how a database gets there.

Rule: plain types that SQLite and PostgreSQL share. A team is the workspace's id (T…), or the organisation's (E…) where
the bot was installed in all of it. Seconds are since 1970.
"""

from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import JSON, Boolean, Column, Float, Index, Integer, MetaData, Table, Text

from briefings.storage.db import METADATA as RECORD
from briefings.storage.db import UtcDateTime

#: the revision these tables belong to: the last one in `migrations/versions`
HEAD = "0003"
VERSION_TABLE = "alembic_version_bot"

METADATA = MetaData(naming_convention=RECORD.naming_convention)

#: requests that have had their effect; one that comes again until then has none
handled_requests = Table(
    "handled",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("until", Float, nullable=False),
    Index(None, "until"),
)

#: the rate of each person: asking is free again when `paid_until` is not too far ahead (`rate.py`)
rate_limits = Table(
    "asked",
    METADATA,
    Column("team", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("paid_until", Float, nullable=False),
)

#: "this looks wrong": what was asked, and the words of the article that the disputed line shows
feedback = Table(
    "feedback",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("team", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("channel", Text),
    Column("asked", Text, nullable=False),
    Column("article", Text, nullable=False),
    #: half-open code points into the article's text
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("state", Text, nullable=False),
    Index(None, "team", "state"),
)

#: who did what; outlives what it tells of
audit = Table(
    "audit",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("team", Text, nullable=False),
    #: null when Slack itself said so
    Column("person", Text),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", JSON, nullable=False),
    Index(None, "team", "at"),
)

#: what was shared where, so that it can be found, updated, taken back
shares = Table(
    "shares",
    METADATA,
    Column("team", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    #: the message's id
    Column("ts", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    #: what was asked, as a command could ask it again
    Column("asked", Text, nullable=False),
)

# slack_sdk's tables, for an app that many workspaces install
bots = SQLAlchemyInstallationStore.build_bots_table(METADATA, SQLAlchemyInstallationStore.default_bots_table_name)
installations = SQLAlchemyInstallationStore.build_installations_table(
    METADATA, SQLAlchemyInstallationStore.default_installations_table_name
)
oauth_states = SQLAlchemyOAuthStateStore.build_oauth_states_table(
    METADATA, SQLAlchemyOAuthStateStore.default_table_name
)

#: the digests; those that are stopped stay, so that their numbers and what they told are not used again
digests = Table(
    "digests",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("team", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("owner", Text, nullable=False),
    Column("ask", Text, nullable=False),
    #: `Schedule.written`, by the clocks of `zone` (IANA)
    Column("schedule", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("when_nothing", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("why", Text),
    Column("created_at", UtcDateTime, nullable=False),
    #: every run due until then has its row, or never will
    Column("reached", UtcDateTime, nullable=False),
    #: the first one due after that, by the rules of the zone as they were known last; null unless active
    Column("next_due", UtcDateTime),
    Index(None, "team", "channel", "number", unique=True),
    Index(None, "next_due"),
)

#: each time that a digest was due, once
digest_runs = Table(
    "digest_runs",
    METADATA,
    Column("digest", Integer, primary_key=True, autoincrement=False),
    Column("due", UtcDateTime, primary_key=True),
    Column("state", Text, nullable=False),
    Column("late", Boolean, nullable=False),
    #: the messages as they are posted, and what the channel has had then (`bot.digests.frozen`)
    Column("content", JSON(none_as_null=True)),
    #: when it was first about to be posted
    Column("tried_at", UtcDateTime),
    Column("message_ts", Text),
    Column("why", Text),
    #: nobody else takes it up until then; null when it is over
    Column("lease_until", UtcDateTime),
    #: who has taken it up
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

#: what channels have had, so that they do not have it twice
digest_history = Table(
    "digest_told",
    METADATA,
    Column("team", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("fingerprint", Text, primary_key=True),
    Column("detail", JSON, nullable=False),
    Column("digest", Integer, nullable=False),
    Column("due", UtcDateTime, nullable=False),
    #: its place among what that run told
    Column("place", Integer, nullable=False),
    Column("message_ts", Text, nullable=False),
)

#: what owners are still to be told of trouble; a row is gone as soon as somebody sets out to tell it
digest_notices = Table(
    "digest_notices",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("team", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    #: not before
    Column("next_try", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Index(None, "next_try"),
)
