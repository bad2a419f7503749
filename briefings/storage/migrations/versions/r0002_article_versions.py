"""Add the table of older article versions, with the times they were added and replaced."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the empty table; versions replaced before were not stored."""
    op.create_table(
        "article_versions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("article", sa.Text, nullable=False),
        sa.Column("outlet", sa.Text),
        sa.Column("published", sa.Date),
        sa.Column("url", sa.Text),
        sa.Column("title", sa.Text),
        sa.Column("byline", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("boilerplate", sa.JSON, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_article_versions"),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_article_versions_article", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["outlet"], ["outlets.name"], name="fk_article_versions_outlet"),
    )
    op.create_index("ix_article_versions_article", "article_versions", ["article"])


def downgrade() -> None:
    """Drop the older versions; the articles stay."""
    op.drop_table("article_versions")
