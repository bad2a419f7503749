"""Creates the table of muted sources."""

import sqlalchemy as sa
from alembic import op

from briefings.storage.db import UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the table. No channel mutes a source."""
    op.create_table(
        "mutes",
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("team", "channel", "source", name="pk_mutes"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("mutes")
