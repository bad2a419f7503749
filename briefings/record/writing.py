"""Writes quotes into their table, many at a time.

Rule: the rows come ready, in the order of the columns; a driver is handed them as it takes them fastest.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from briefings.record.schema import quotes

_COLUMNS = ", ".join(quotes.columns.keys())
#: what PostgreSQL calls the columns that are no text
_TYPES = {
    "id": "bigint",
    **dict.fromkeys(("source_start", "source_end", "cue_start", "cue_end"), "integer"),
    "content": "json",
    "anonymous": "boolean",
    "confidence": "double precision",
}
_ONE_BY_ONE = f"INSERT INTO quotes ({_COLUMNS}) VALUES ({', '.join('?' * len(quotes.columns))})"  # noqa: S608 - constants
_BY_COLUMN = (
    f"INSERT INTO quotes ({_COLUMNS}) SELECT * FROM unnest("  # noqa: S608 - constants
    + ", ".join(f"%s::{_TYPES.get(name, 'text')}[]" for name in map(str, quotes.columns.keys()))
    + ")"
)


def write_quotes(db: Connection, rows: Sequence[tuple[object, ...]]) -> None:
    """Inserts rows of `rows.quote_rows`."""
    if rows and db.dialect.name == "postgresql":
        db.exec_driver_sql(_BY_COLUMN, tuple(map(list, zip(*rows, strict=True))))
    elif rows:
        db.exec_driver_sql(_ONE_BY_ONE, list(rows))
