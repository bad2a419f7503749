"""Creates the tables of watches: queries, channel settings, messages and matches; notices get a subject."""

import sqlalchemy as sa
from alembic import op

from briefings.storage.db import UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the tables. Stored notices are about digests."""
    op.add_column("digest_notices", sa.Column("subject", sa.Text, nullable=False, server_default="digest"))
    op.create_table(
        "watches",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("query", sa.JSON, nullable=False),
        sa.Column("thread", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("why", sa.Text),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_watches"),
    )
    op.create_index("ix_watches_team", "watches", ["team", "channel", "number"], unique=True)
    op.create_index("ix_watches_version", "watches", ["version"])
    op.create_table(
        "watch_changes",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_watch_changes"),
    )
    op.create_table(
        "watch_channels",
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("hourly_limit", sa.Integer),
        sa.Column("quiet", sa.Text, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("team", "channel", name="pk_watch_channels"),
    )
    _create_notices()
    op.create_table(
        "watch_matches",
        sa.Column("watch", sa.Integer, nullable=False),
        sa.Column("article", sa.Text, nullable=False),
        sa.Column("notice", sa.Integer, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("watch", "article", name="pk_watch_matches"),
    )
    op.create_index("ix_watch_matches_notice", "watch_matches", ["notice"])
    op.create_index("ix_watch_matches_at", "watch_matches", ["at"])


def _create_notices() -> None:
    op.create_table(
        "watch_notices",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("watch", sa.Integer),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("parent", sa.Integer),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("due", UtcDateTime, nullable=False),
        sa.Column("content", sa.JSON),
        sa.Column("content_version", sa.Integer, nullable=False),
        sa.Column("posted_version", sa.Integer, nullable=False),
        sa.Column("tried_at", UtcDateTime),
        sa.Column("message_ts", sa.Text),
        sa.Column("why", sa.Text),
        sa.Column("lease_until", UtcDateTime),
        sa.Column("holder", sa.Text),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_watch_notices"),
    )
    op.create_index("ix_watch_notices_team", "watch_notices", ["team", "channel", "created_at"])
    op.create_index("ix_watch_notices_watch", "watch_notices", ["watch", "created_at"])
    open_ones = sa.text("lease_until IS NOT NULL")
    op.create_index(
        "ix_watch_notices_due", "watch_notices", ["due", "id"], sqlite_where=open_ones, postgresql_where=open_ones
    )


def downgrade() -> None:
    """Drop the tables and all watches."""
    for table in ("watch_matches", "watch_notices", "watch_channels", "watch_changes", "watches"):
        op.drop_table(table)
    op.drop_column("digest_notices", "subject")
