"""Creates the tables of sent greetings and of each channel's setting for digest details."""

import sqlalchemy as sa
from alembic import op

from briefings.storage.db import UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables. Channels without a row keep the details in the thread."""
    op.create_table(
        "greetings",
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("team", "subject", name="pk_greetings"),
    )
    op.create_table(
        "digest_channels",
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("team", "channel", name="pk_digest_channels"),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("digest_channels", "greetings"):
        op.drop_table(table)
