"""Add the queue of arrivals: articles that came or changed."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create the empty table: articles that are stored already do not arrive."""
    op.create_table(
        "arrivals",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=True),
        sa.Column("article", sa.Text, nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_new", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_arrivals"),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_arrivals_article_articles", ondelete="CASCADE"),
        sqlite_autoincrement=True,
    )
    for column in ("article", "arrived_at"):
        op.create_index(f"ix_arrivals_{column}", "arrivals", [column])


def downgrade() -> None:
    """Drop the table; the articles stay."""
    op.drop_table("arrivals")
