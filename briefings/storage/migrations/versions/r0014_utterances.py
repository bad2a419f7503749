"""Add which quotes report one utterance, and the sketches that find them, and compute both for the stored quotes."""

import sqlalchemy as sa
from alembic import op

from briefings.storage.writes.utterances import rebuild_utterances

revision = "0014"
down_revision = "0013"

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_IS_SHARED = sa.text("utterance IS NOT NULL")


def upgrade() -> None:
    """Create the tables, and group the stored quotes."""
    op.create_table(
        "utterances",
        sa.Column("quote", _NUMBER, nullable=False, autoincrement=False),
        sa.Column("wording", sa.BigInteger, nullable=False),
        sa.Column("utterance", _NUMBER),
        sa.PrimaryKeyConstraint("quote", name="pk_utterances"),
        sa.ForeignKeyConstraint(["quote"], ["quotes.id"], name="fk_utterances_quote", ondelete="CASCADE"),
    )
    op.create_index("ix_utterances_wording", "utterances", ["wording"])
    op.create_index(
        "ix_utterances_utterance",
        "utterances",
        ["utterance", "quote"],
        sqlite_where=_IS_SHARED,
        postgresql_where=_IS_SHARED,
    )
    op.create_table(
        "utterance_sketches",
        sa.Column("hash", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("wording", sa.BigInteger, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("hash", "wording", name="pk_utterance_sketches"),
        sqlite_with_rowid=False,
    )
    rebuild_utterances(op.get_bind())


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("utterance_sketches")
    op.drop_table("utterances")
