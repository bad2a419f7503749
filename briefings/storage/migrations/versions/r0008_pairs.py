"""Rebuild the full-text indexes, which now have word pairs, and the sketches, which have new hashes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from briefings.model import Article
from briefings.storage.maintenance.rebuild import index_all
from briefings.storage.writes.duplicates import rebuild_sketches

revision = "0008"
down_revision = "0007"

#: articles read at a time
_BATCH = 200
_IN_ORDER = sa.text("SELECT number FROM articles ORDER BY added_at, id")
_READ = sa.text("SELECT number, id, url, text FROM articles WHERE number IN :numbers").bindparams(
    sa.bindparam("numbers", expanding=True)
)


def upgrade() -> None:
    """Rebuild indexes and sketches; the links between duplicates stay as they are."""
    db = op.get_bind()
    index_all(db)
    db.execute(sa.text("DELETE FROM sketches"))
    numbers: Sequence[int] = db.execute(_IN_ORDER).scalars().all()
    for start in range(0, len(numbers), _BATCH):
        rows = db.execute(_READ, {"numbers": list(numbers[start : start + _BATCH])})
        rebuild_sketches(db, [(Article(row.id, row.text, url=row.url), row.number) for row in rows])


def downgrade() -> None:
    """Refuse: older programs cannot read this index."""
    raise RuntimeError("a record does not go back before revision 0008: restore the backup made before it")
