"""Add feeds and pages that are polled, and the leases of the polling processes."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the three empty tables."""
    op.create_table(
        "feeds",
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("followed_by", sa.Text, nullable=False),
        sa.Column("followed_at", _MOMENT, nullable=False),
        sa.Column("minutes", sa.Integer),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("answered_at", _MOMENT),
        sa.Column("etag", sa.Text),
        sa.Column("modified", sa.Text),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("failure", sa.Text),
        sa.Column("unusable", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("address", name="pk_feeds"),
    )
    op.create_index("ix_feeds_due_at", "feeds", ["due_at"])
    op.create_table(
        "pages",
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("feed", sa.Text),
        sa.Column("told", sa.JSON, nullable=False),
        sa.Column("stamp", sa.Text, nullable=False),
        sa.Column("article", sa.Text),
        sa.Column("teaser", sa.Boolean, nullable=False),
        sa.Column("whole", sa.Boolean, nullable=False),
        sa.Column("found_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT),
        sa.Column("looks", sa.Integer, nullable=False),
        sa.Column("etag", sa.Text),
        sa.Column("modified", sa.Text),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text),
        sa.Column("failure", sa.Text),
        sa.Column("missing_at", _MOMENT),
        sa.Column("gone_at", _MOMENT),
        sa.PrimaryKeyConstraint("address", name="pk_pages"),
    )
    for column in ("due_at", "feed", "article", "gone_at"):
        op.create_index(f"ix_pages_{column}", "pages", [column])
    op.create_table(
        "leases",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )


def downgrade() -> None:
    """Drop the tables; the articles stay."""
    for table in ("leases", "pages", "feeds"):
        op.drop_table(table)
