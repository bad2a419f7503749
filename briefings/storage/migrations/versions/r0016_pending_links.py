"""Add the queue of articles that a load has stored but not linked yet, and group all utterances again.

Before this revision, a sketch of a quote that ends in common words depended on the quote that was stored after it.
"""

import sqlalchemy as sa
from alembic import op

from briefings.storage.writes.duplicates import lock_writers
from briefings.storage.writes.utterances import rebuild_utterances

revision = "0016"
down_revision = "0015"

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the empty queue, and group the stored quotes."""
    op.create_table(
        "pending_links",
        sa.Column("id", _NUMBER, autoincrement=True),
        sa.Column("article", _NUMBER, nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_pending_links"),
        sa.ForeignKeyConstraint(
            ["article"], ["articles.number"], name="fk_pending_links_article", ondelete="CASCADE", onupdate="CASCADE"
        ),
        sa.UniqueConstraint("article", name="uq_pending_links_article"),
        sqlite_autoincrement=True,
    )
    lock_writers(op.get_bind())
    rebuild_utterances(op.get_bind())


def downgrade() -> None:
    """Drop the queue. Run `reindex` afterwards if it was not empty."""
    op.drop_table("pending_links")
