"""Add links between duplicate articles, and the sketches that find duplicates."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from alembic import op

from briefings.model import Article
from briefings.storage.writes.duplicates import link_duplicates

revision = "0006"
down_revision = "0005"

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
#: articles read at a time
_BATCH = 200
_IN_ORDER = sa.text("SELECT number FROM articles ORDER BY added_at, id")
_READ = sa.text("SELECT number, id, url, text FROM articles WHERE number IN :numbers").bindparams(
    sa.bindparam("numbers", expanding=True)
)


def upgrade() -> None:
    """Create the tables, and link duplicates among the stored articles in order of arrival."""
    op.create_table(
        "copies",
        sa.Column("article", sa.Text, nullable=False),
        sa.Column("of", sa.Text, nullable=False),
        sa.Column("likeness", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("article", "of", name="pk_copies"),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_copies_article", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["of"], ["articles.id"], name="fk_copies_of", ondelete="CASCADE"),
    )
    op.create_index("ix_copies_of", "copies", ["of"])
    op.create_table(
        "sketches",
        sa.Column("hash", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("article", _NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("hash", "article", name="pk_sketches"),
        sa.ForeignKeyConstraint(
            ["article"], ["articles.number"], name="fk_sketches_article", ondelete="CASCADE", onupdate="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sketches_article", "sketches", ["article"])
    db = op.get_bind()
    for batch in _read_batches(db):
        link_duplicates(db, batch)


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("sketches")
    op.drop_table("copies")


def _read_batches(db: sa.Connection) -> Iterator[list[tuple[Article, int]]]:
    numbers: Sequence[int] = db.execute(_IN_ORDER).scalars().all()
    for start in range(0, len(numbers), _BATCH):
        some = numbers[start : start + _BATCH]
        rows = {row.number: row for row in db.execute(_READ, {"numbers": list(some)})}
        yield [(Article(rows[key].id, rows[key].text, url=rows[key].url), key) for key in some]
