"""Read a key of what is stored about an article: it differs if the article, a quote or a name differs.

Rule: a key consists of the checksums of the rows, which cover every column that readers get, and of their counts.
"""

from collections.abc import Iterable

from sqlalchemy import Connection

from briefings.storage.db.raw_rows import RawRow, fetch_listed
from briefings.storage.search.queries import split_ids

_SELECT_KEYS = (
    "SELECT articles.id, articles.checksum, articles.quotes, articles.named, "
    "(SELECT {checksums} FROM quotes WHERE quotes.article = articles.id), "
    "(SELECT {checksums} FROM names WHERE names.article = articles.id) FROM articles WHERE articles.id {{}}"
)
_ON_SQLITE = _SELECT_KEYS.format(checksums="GROUP_CONCAT(checksum)")
#: the order of the rows is not fixed without ORDER BY
_ON_POSTGRESQL = _SELECT_KEYS.format(checksums="STRING_AGG(CAST(checksum AS TEXT), ',' ORDER BY checksum)")

#: checksum and counts of an article, and the checksums of its quotes and names
RowKey = RawRow


def read_row_keys(db: Connection, ids: Iterable[str]) -> dict[str, RowKey]:
    """Return the key of each stored article of `ids`."""
    statement = _ON_SQLITE if db.dialect.name == "sqlite" else _ON_POSTGRESQL
    return {row[0]: row[1:] for chunk in split_ids(ids) for row in fetch_listed(db, statement, chunk)}
