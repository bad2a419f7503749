"""Creates the tables of digests: schedules, runs, posted content and notices to owners."""

import sqlalchemy as sa
from alembic import op

from briefings.storage.db import UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "digests",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("ask", sa.Text, nullable=False),
        sa.Column("schedule", sa.Text, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("when_nothing", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("why", sa.Text),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("reached", UtcDateTime, nullable=False),
        sa.Column("next_due", UtcDateTime),
        sa.PrimaryKeyConstraint("id", name="pk_digests"),
    )
    op.create_index("ix_digests_team", "digests", ["team", "channel", "number"], unique=True)
    op.create_index("ix_digests_next_due", "digests", ["next_due"])
    op.create_table(
        "digest_runs",
        sa.Column("digest", sa.Integer, nullable=False),
        sa.Column("due", UtcDateTime, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("late", sa.Boolean, nullable=False),
        sa.Column("content", sa.JSON),
        sa.Column("tried_at", UtcDateTime),
        sa.Column("message_ts", sa.Text),
        sa.Column("why", sa.Text),
        sa.Column("lease_until", UtcDateTime),
        sa.Column("holder", sa.Text),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("digest", "due", name="pk_digest_runs"),
    )
    open_ones = sa.text("lease_until IS NOT NULL")
    op.create_index(
        "ix_digest_runs_due", "digest_runs", ["due", "digest"], sqlite_where=open_ones, postgresql_where=open_ones
    )
    is_leased = sa.text("holder IS NOT NULL")
    op.create_index(
        "ix_digest_runs_holder", "digest_runs", ["holder"], sqlite_where=is_leased, postgresql_where=is_leased
    )
    op.create_table(
        "digest_told",
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Column("digest", sa.Integer, nullable=False),
        sa.Column("due", UtcDateTime, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("message_ts", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("team", "channel", "fingerprint", name="pk_digest_told"),
    )
    op.create_table(
        "digest_notices",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("next_try", UtcDateTime, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_digest_notices"),
    )
    op.create_index("ix_digest_notices_next_try", "digest_notices", ["next_try"])


def downgrade() -> None:
    """Drop the tables and all digests."""
    for table in ("digest_notices", "digest_told", "digest_runs", "digests"):
        op.drop_table(table)
