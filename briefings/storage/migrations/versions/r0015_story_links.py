"""Add the links between articles of one story, and link the stored articles."""

import sqlalchemy as sa
from alembic import op

from briefings.storage.writes.stories import rebuild_stories

revision = "0015"
down_revision = "0014"

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the tables, and fill them from the stored articles, quotes and names, some at a time."""
    op.create_table(
        "story_names",
        sa.Column("surname", sa.Text, nullable=False),
        sa.Column("article", _NUMBER, nullable=False),
        sa.Column("quoted", sa.Boolean, nullable=False),
        sa.Column("named", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("surname", "article", name="pk_story_names"),
        _refer_to_article("story_names", "article"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_story_names_article", "story_names", ["article"])
    op.create_table(
        "story_terms",
        sa.Column("article", _NUMBER, nullable=False),
        sa.Column("terms", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("article", name="pk_story_terms"),
        _refer_to_article("story_terms", "article"),
    )
    op.create_table(
        "story_links",
        sa.Column("article", _NUMBER, nullable=False),
        sa.Column("other", _NUMBER, nullable=False),
        sa.Column("likeness", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("article", "other", name="pk_story_links"),
        _refer_to_article("story_links", "article"),
        _refer_to_article("story_links", "other"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_story_links_other", "story_links", ["other"])
    rebuild_stories(op.get_bind())


def downgrade() -> None:
    """Drop the tables."""
    for table in ("story_links", "story_terms", "story_names"):
        op.drop_table(table)


def _refer_to_article(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["articles.number"], name=f"fk_{table}_{column}", ondelete="CASCADE", onupdate="CASCADE"
    )
