"""Creates the table of links that wait for an admin."""

import sqlalchemy as sa
from alembic import op

from bot.storage.team_scope import create_row_security
from briefings.storage.db import UtcDateTime

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create the table. No link waits."""
    op.create_table(
        "waiting_links",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("asked_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_waiting_links"),
    )
    op.create_index("ix_waiting_links_team", "waiting_links", ["team"])
    create_row_security(op.get_bind(), ["waiting_links"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("waiting_links")
