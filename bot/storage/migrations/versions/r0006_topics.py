"""Creates the tables of the topics of each workspace, and of the number of their changes."""

import sqlalchemy as sa
from alembic import op

from briefings.storage.db import UtcDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables. A workspace's topics are copied from the topics file when it first asks for them."""
    op.create_table(
        "workspace_topics",
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("words", sa.JSON, nullable=False),
        sa.Column("former_names", sa.JSON, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("person", sa.Text),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("team", "slug", name="pk_workspace_topics"),
    )
    op.create_table(
        "workspace_topic_versions",
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("team", name="pk_workspace_topic_versions"),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("workspace_topic_versions", "workspace_topics"):
        op.drop_table(table)
