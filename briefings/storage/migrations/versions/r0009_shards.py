"""Add the ledger of archive shards with the counts of their articles."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_COUNT_COLUMNS = ("new", "changed", "held", "older", "failed")


def upgrade() -> None:
    """Create the empty table."""
    op.create_table(
        "shards",
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stamp", sa.Text, nullable=False),
        sa.Column("engine", sa.Text, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in _COUNT_COLUMNS),
        sa.PrimaryKeyConstraint("address", "added_at", name="pk_shards"),
    )
    op.create_index("ix_shards_added_at", "shards", ["added_at"], unique=True)


def downgrade() -> None:
    """Drop the table; the articles stay, and the next run reads every shard again."""
    op.drop_table("shards")
