"""Lets PostgreSQL show a transaction only the rows of its team. SQLite has no such thing."""

from alembic import op

from bot.storage.team_scope import create_row_security, drop_row_security

revision = "0009"
down_revision = "0008"

_TABLES = (
    "asked",
    "audit",
    "digest_channels",
    "digest_mail_recipients",
    "digest_mails",
    "digest_notices",
    "digest_runs",
    "digest_told",
    "digests",
    "feedback",
    "greetings",
    "mail_sends",
    "mutes",
    "shares",
    "slack_bots",
    "slack_installations",
    "watch_channels",
    "watch_matches",
    "watch_notices",
    "watches",
    "workspace_topic_versions",
    "workspace_topics",
)


def upgrade() -> None:
    """Protect the tables."""
    create_row_security(op.get_bind(), _TABLES)


def downgrade() -> None:
    """Remove the protection."""
    drop_row_security(op.get_bind(), _TABLES)
