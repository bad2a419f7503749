"""Add the words that a page quotes by an element, <q> or <blockquote>, to articles and their older versions."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_TABLES = ("articles", "article_versions")


def upgrade() -> None:
    """Add the column; stored articles have none until their page is read again."""
    for table in _TABLES:
        op.add_column(table, sa.Column("quotation_elements", sa.JSON, nullable=False, server_default="[]"))


def downgrade() -> None:
    """Drop the column; the text stays."""
    for table in _TABLES:
        op.drop_column(table, "quotation_elements")
