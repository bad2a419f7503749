"""Creates the tables of digests by e-mail: recipients, mails, and how many were sent."""

import sqlalchemy as sa
from alembic import op

from briefings.storage.db import UtcDateTime

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the tables. No digest has an address."""
    op.create_table(
        "digest_mail_recipients",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("digest", sa.Integer, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("added_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_digest_mail_recipients"),
    )
    op.create_index("ix_digest_mail_recipients_digest", "digest_mail_recipients", ["digest", "key"], unique=True)
    op.create_index("ix_digest_mail_recipients_team", "digest_mail_recipients", ["team"])
    op.create_table(
        "digest_mails",
        sa.Column("digest", sa.Integer, nullable=False),
        sa.Column("due", UtcDateTime, nullable=False),
        sa.Column("recipient", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("message", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("why", sa.Text),
        sa.Column("next_try", UtcDateTime),
        sa.Column("deadline", UtcDateTime, nullable=False),
        sa.Column("holder", sa.Text),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("digest", "due", "recipient", "kind", name="pk_digest_mails"),
    )
    op.create_index("ix_digest_mails_next_try", "digest_mails", ["next_try"])
    op.create_index("ix_digest_mails_team", "digest_mails", ["team"])
    op.create_table(
        "mail_sends",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mail_sends"),
    )
    op.create_index("ix_mail_sends_team", "mail_sends", ["team", "at"])
    op.create_index("ix_mail_sends_key", "mail_sends", ["key", "at"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("mail_sends", "digest_mails", "digest_mail_recipients"):
        op.drop_table(table)
