"""An index that tells when the last article came without reading the articles."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Adds it."""
    op.create_index("ix_articles_added_at", "articles", ["added_at"])


def downgrade() -> None:
    """Takes it away."""
    op.drop_index("ix_articles_added_at", "articles")
