"""Add how certain each article's outlet is, and the hosts of outlets that an admin confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_TABLES = ("articles", "article_versions")


def upgrade() -> None:
    """Add the columns and tables. Only pages say of the stored fetched articles who published them.

    They are unconfirmed until the program judges them by the list of outlets, which it does when it opens the record.
    """
    for table in _TABLES:
        op.add_column(table, sa.Column("provenance", sa.Text, nullable=False, server_default="stated"))
        op.add_column(table, sa.Column("claimed_outlet", sa.Text))
    op.create_table(
        "confirmed_outlets",
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("confirmed_by", sa.Text, nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("host", name="pk_confirmed_outlets"),
    )
    op.create_table(
        "outlet_lists",
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_outlet_lists"),
    )
    op.execute(
        "UPDATE articles SET provenance = 'unconfirmed', claimed_outlet = outlet "
        "WHERE id IN (SELECT article FROM pages WHERE article IS NOT NULL)"
    )


def downgrade() -> None:
    """Drop the columns and tables; the articles keep the names that are shown."""
    op.drop_table("outlet_lists")
    op.drop_table("confirmed_outlets")
    for table in _TABLES:
        op.drop_column(table, "claimed_outlet")
        op.drop_column(table, "provenance")
