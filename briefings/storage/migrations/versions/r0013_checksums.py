"""Add checksums to articles, their older versions, quotes and names, and compute those of the stored rows."""

from collections.abc import Callable, Sequence

import sqlalchemy as sa
from alembic import op

from briefings.storage.integrity.checksums import (
    compute_article_checksum,
    compute_name_checksum,
    compute_quote_checksum,
)
from briefings.storage.integrity.column_types import parse_spans

revision = "0013"
down_revision = "0012"

#: rows read and written at a time
_BATCH = 1_000
_SOURCE = (
    "outlet, published, url, title, byline, content_hash, provenance, claimed_outlet, boilerplate, quotation_elements"
)
_QUOTE = (
    "article, content, source_start, source_end, cue_start, cue_end, speaker, role, anonymous, kind, confidence, reason"
)
_Values = Sequence[object]


def upgrade() -> None:
    """Add the columns, and trust the rows as they are now."""
    for table in ("articles", "article_versions", "quotes", "names"):
        op.add_column(table, sa.Column("checksum", sa.BigInteger))
    db = op.get_bind()
    _fill(db, "articles", "number", f"id, {_SOURCE}", lambda _, values: _compute_article(values))
    _fill(db, "article_versions", "id", f"article, {_SOURCE}", lambda _, values: _compute_article(values))
    _fill(db, "quotes", "id", _QUOTE, _compute_quote)
    _fill_names(db)


def downgrade() -> None:
    """Drop the columns."""
    for table in ("articles", "article_versions", "quotes", "names"):
        op.drop_column(table, "checksum")


def _fill(db: sa.Connection, table: str, key: str, columns: str, compute: Callable[[object, _Values], int]) -> None:
    page = f"SELECT {key}, {columns} FROM {table} WHERE {key} > :after ORDER BY {key} LIMIT {_BATCH}"  # noqa: S608 - constant names
    after = -1  # numbers and ids are positive
    while rows := db.execute(sa.text(page), {"after": after}).all():
        db.execute(
            sa.text(f"UPDATE {table} SET checksum = :checksum WHERE {key} = :key"),  # noqa: S608 - constant names
            [{"key": row[0], "checksum": compute(row[0], row[1:])} for row in rows],
        )
        after = rows[-1][0]


def _fill_names(db: sa.Connection) -> None:
    page = sa.text(
        "SELECT article, position, person, CAST(roles AS TEXT) FROM names "
        "WHERE (article, position) > (:article, :place) ORDER BY article, position LIMIT 1000"
    )
    update = sa.text("UPDATE names SET checksum = :checksum WHERE article = :article AND position = :place")
    place: dict[str, object] = {"article": "", "place": -1}
    while rows := db.execute(page, place).all():
        db.execute(
            update,
            [{"article": row[0], "place": row[1], "checksum": compute_name_checksum(*row)} for row in rows],
        )
        place = {"article": rows[-1][0], "place": rows[-1][1]}


def _compute_article(values: _Values) -> int:
    *source, boilerplate, elements = values
    article_id, outlet, published, url, title, byline, content_hash, provenance, claimed_outlet = source
    return compute_article_checksum(
        article_id,
        outlet,
        published,
        url,
        title,
        byline,
        content_hash,
        provenance,
        claimed_outlet,
        parse_spans(boilerplate),
        parse_spans(elements),
    )


def _compute_quote(quote_id: object, values: _Values) -> int:
    article_id, content, *others = values
    speaker, role, anonymous, kind, confidence, reason = others[4:]
    return compute_quote_checksum(
        quote_id, article_id, parse_spans(content), others[:4], speaker, role, anonymous, kind, confidence, reason
    )
