"""Add totals of articles and quotes, kept by triggers, and an index that covers counts per speaker."""

from alembic import op

from briefings.storage.db.counters import POSTGRESQL, SQLITE

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Count the existing rows, and create the triggers that keep the counts."""
    op.drop_index("ix_quotes_speaker", "quotes")
    op.create_index("ix_quotes_speaker", "quotes", ["speaker", "anonymous", "role"], postgresql_include=["id"])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Drop the totals and restore the old index."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION count_totals() CASCADE")
    else:
        for name in ("totals_came", "totals_gone", "totals_changed"):
            op.execute(f"DROP TRIGGER {name}")
    op.drop_table("totals")
    op.drop_index("ix_quotes_speaker", "quotes")
    op.create_index("ix_quotes_speaker", "quotes", ["speaker", "anonymous", "article"])
