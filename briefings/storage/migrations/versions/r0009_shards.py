"""Shards of archives that were added, and how their articles stood."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_COUNTED = ("new", "changed", "held", "older", "failed")


def upgrade() -> None:
    """Creates the table, empty."""
    op.create_table(
        "shards",
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stamp", sa.Text, nullable=False),
        sa.Column("engine", sa.Text, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in _COUNTED),
        sa.PrimaryKeyConstraint("address", "added_at", name="pk_shards"),
    )
    op.create_index("ix_shards_added_at", "shards", ["added_at"], unique=True)


def downgrade() -> None:
    """Drops it; the articles stay, and every shard is read again by the next run."""
    op.drop_table("shards")
