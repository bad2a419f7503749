"""Tables of workspaces: requests, feedback, audit log, greetings, muted sources, installations and topics."""

from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import JSON, Column, Float, Index, Integer, Table, Text

from bot.storage.schema.append_only import make_append_only
from bot.storage.schema.metadata import METADATA
from briefings.storage.db import UtcDateTime

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
    #: HMAC over the entry and the seal before it (`audit_chain`); null for entries older than the chain
    Column("seal", Text),
    #: id of the key of the seal; "" for none
    Column("key_id", Text),
    Index(None, "team", "at"),
)
make_append_only(audit)

#: the end of the audit log's chain: one row with the id 1
audit_head = Table(
    "audit_head",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    #: sealed entries
    Column("entry_count", Integer, nullable=False),
    Column("seal", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    #: HMAC over the count and the seal
    Column("proof", Text, nullable=False),
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

#: sources that a channel does not want to read
mutes = Table(
    "mutes",
    METADATA,
    Column("team", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    #: key of the outlet or address, by which two spellings are equal
    Column("source", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    #: name or address as shown
    Column("label", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

#: links that people asked to add, until an admin adds or refuses them
waiting_links = Table(
    "waiting_links",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("team", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Index(None, "team"),
)

# slack_sdk's tables, for an app that many workspaces install
bots = SQLAlchemyInstallationStore.build_bots_table(METADATA, SQLAlchemyInstallationStore.default_bots_table_name)
installations = SQLAlchemyInstallationStore.build_installations_table(
    METADATA, SQLAlchemyInstallationStore.default_installations_table_name
)
for _column in (*bots.c, *installations.c):
    if _column.name.endswith("_token") or _column.name == "incoming_webhook_url":
        _column.type = Text()  # encrypted tokens are longer than slack_sdk's columns
oauth_states = SQLAlchemyOAuthStateStore.build_oauth_states_table(
    METADATA, SQLAlchemyOAuthStateStore.default_table_name
)

#: the topics of each workspace; removed ones stay, so that the topics file does not bring them back
workspace_topics = Table(
    "workspace_topics",
    METADATA,
    Column("team", Text, primary_key=True),
    Column("slug", Text, primary_key=True),
    Column("title", Text, nullable=False),
    #: phrases; one of them selects an article
    Column("words", JSON, nullable=False),
    #: slugs and titles that it had before, or that topics had that were merged into it
    Column("former_names", JSON, nullable=False),
    Column("state", Text, nullable=False),
    #: who changed it last; null if it was copied from the topics file
    Column("person", Text),
    Column("at", UtcDateTime, nullable=False),
)

#: counts the changes of a workspace's topics, so that every replica notices them
workspace_topic_versions = Table(
    "workspace_topic_versions",
    METADATA,
    Column("team", Text, primary_key=True),
    Column("version", Integer, nullable=False),
)
