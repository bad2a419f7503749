"""Create the first tables: outlets, articles and quotes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "outlets", sa.Column("name", sa.Text, nullable=False), sa.PrimaryKeyConstraint("name", name="pk_outlets")
    )
    op.create_table(
        "articles",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("outlet", sa.Text),
        sa.Column("published", sa.Date),
        sa.Column("url", sa.Text),
        sa.Column("title", sa.Text),
        sa.Column("byline", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("boilerplate", sa.JSON, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text_key", sa.Text, nullable=False),
        sa.Column("title_key", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sa.ForeignKeyConstraint(["outlet"], ["outlets.name"], name="fk_articles_outlet"),
    )
    op.create_index("ix_articles_published", "articles", ["published"])
    op.create_index("ix_articles_content_hash", "articles", ["content_hash"])
    op.create_table(
        "quotes",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("article", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("source_start", sa.Integer),
        sa.Column("source_end", sa.Integer),
        sa.Column("cue_start", sa.Integer),
        sa.Column("cue_end", sa.Integer),
        sa.Column("speaker", sa.Text),
        sa.Column("role", sa.Text),
        sa.Column("anonymous", sa.Boolean, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("content_key", sa.Text, nullable=False),
        sa.Column("speaker_key", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_quotes"),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_quotes_article", ondelete="CASCADE"),
        sa.UniqueConstraint("article", "position", name="uq_quotes_article"),
    )
    op.create_index("ix_quotes_speaker", "quotes", ["speaker"])


def downgrade() -> None:
    """Drop the tables with all articles."""
    op.drop_table("quotes")
    op.drop_table("articles")
    op.drop_table("outlets")
