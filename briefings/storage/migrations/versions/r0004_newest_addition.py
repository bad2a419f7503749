"""Add an index that finds the newest addition without reading articles."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the index."""
    op.create_index("ix_articles_added_at", "articles", ["added_at"])


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_articles_added_at", "articles")
