"""The bot's tables at the newest revision. `migrations/` brings older databases to it.

Rule: only plain types that SQLite and PostgreSQL share. A team is a workspace id (T…), or an organisation id (E…) if
all of the organisation installed the bot. Seconds are since 1970.
"""

from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import JSON, Boolean, Column, Float, Index, Integer, MetaData, Table, Text

from briefings.storage.db import METADATA as ARTICLE_METADATA
from briefings.storage.db import UtcDateTime

#: revision of these tables: the last one in `migrations/versions`
HEAD = "0004"
VERSION_TABLE = "alembic_version_bot"

METADATA = MetaData(naming_convention=ARTICLE_METADATA.naming_convention)

#: handled requests; a repeated one is ignored until then
handled_requests = Table(
    "handled",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("until", Float, nullable=False),
    Index(None, "until"),
)

#: rate limit of each user: questions are allowed while `paid_until` is not too far ahead (`request_log.py`)
rate_limits = Table(
    "asked",
    METADATA,
    Column("team", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("paid_until", Float, nullable=False),
)

#: "This looks wrong": the question, and the passage of the article that was reported
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
    #: half-open character offsets into the article's text
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("state", Text, nullable=False),
    Index(None, "team", "state"),
)

#: who did what; entries are kept after their objects are deleted
audit = Table(
    "audit",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("team", Text, nullable=False),
    #: null if Slack caused the action
    Column("person", Text),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", JSON, nullable=False),
    Index(None, "team", "at"),
)

#: shared answers and their messages, so that they can be found, updated and deleted
shares = Table(
    "shares",
    METADATA,
    Column("team", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    #: the message's id
    Column("ts", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    #: the question, as command text
    Column("asked", Text, nullable=False),
)

#: sent greetings; `subject` is a channel, or "" for the workspace
greetings = Table(
    "greetings",
    METADATA,
    Column("team", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

# slack_sdk's tables, for an app that many workspaces install
bots = SQLAlchemyInstallationStore.build_bots_table(METADATA, SQLAlchemyInstallationStore.default_bots_table_name)
installations = SQLAlchemyInstallationStore.build_installations_table(
    METADATA, SQLAlchemyInstallationStore.default_installations_table_name
)
oauth_states = SQLAlchemyOAuthStateStore.build_oauth_states_table(
    METADATA, SQLAlchemyOAuthStateStore.default_table_name
)

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

#: notices of problems for owners of digests; a row is deleted just before its notice is sent
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
    Index(None, "next_try"),
)
