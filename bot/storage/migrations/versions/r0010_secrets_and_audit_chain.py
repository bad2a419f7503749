"""Makes room for encrypted tokens, seals the entries of the audit log from now on, and lets the log grow only."""

import sqlalchemy as sa
from alembic import op

from bot.storage.schema.append_only import create_triggers, drop_triggers

revision = "0010"
down_revision = "0009"

_TOKENS = ("bot_token", "bot_refresh_token", "user_token", "user_refresh_token", "incoming_webhook_url")


def upgrade() -> None:
    """Tokens in clear are encrypted when the bot starts, because that needs a key. Older entries have no seal."""
    db = op.get_bind()
    columns = {table: {column["name"] for column in sa.inspect(db).get_columns(table)} for table in _list_tables()}
    for table, names in columns.items():
        with op.batch_alter_table(table) as batch:
            for name in _TOKENS:
                if name in names:
                    batch.alter_column(name, type_=sa.Text)
    op.add_column("audit", sa.Column("seal", sa.Text))
    op.add_column("audit", sa.Column("key_id", sa.Text))
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("entry_count", sa.Integer, nullable=False),
        sa.Column("seal", sa.Text, nullable=False),
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("proof", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )
    create_triggers(db)


def downgrade() -> None:
    """Drop the triggers, the head and the seals. Columns of tokens stay as long as they are."""
    db = op.get_bind()
    drop_triggers(db)
    op.drop_table("audit_head")
    for name in ("seal", "key_id"):
        op.drop_column("audit", name)


def _list_tables() -> tuple[str, str]:
    return "slack_bots", "slack_installations"
