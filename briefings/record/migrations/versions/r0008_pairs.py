"""The indexes find quotes by pairs of words: they are built anew."""

from alembic import op

from briefings.record.reindex import index_all

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Indexes everything anew."""
    index_all(op.get_bind())


def downgrade() -> None:
    """Refuses: older programs cannot read this index."""
    raise RuntimeError("a record does not go back before revision 0008: restore the backup made before it")
