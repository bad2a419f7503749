"""Reads names that begin with a prefix, for completion on a command line.

Rule: nothing is written, not even a missing database or a migration, and no call waits for long. Every problem means no
names. An SQLite file is read without SQLAlchemy, which takes longer to import than the names take to read.
"""

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from pathlib import Path

_MAX_NAMES = 50
#: names that are looked through for last words
_MAX_SCANNED_NAMES = 5_000
_LOCK_SECONDS = 0.2
_CONNECT_SECONDS, _STATEMENT_MILLISECONDS = 1, 500
_LAST_CHARACTER = "\U0010ffff"
_SQLITE_URL = re.compile(r"sqlite(?:\+pysqlite)?:///(?P<path>[^?]+)")


@dataclass(frozen=True, slots=True)
class _Column:
    """Where names are: a table and its column, with an index, and a condition."""

    table: str
    name: str
    condition: str = "TRUE"


class NameTable(Enum):
    """Kinds of names in the database."""

    PEOPLE = _Column("quotes", "speaker", "NOT anonymous")
    OUTLETS = _Column("outlets", "name")
    ARTICLES = _Column("articles", "id")
    FEEDS = _Column("feeds", "address")


#: returns the first value of a statement with the parameters `after` and `end`
_ReadValue = Callable[[str, dict[str, str]], str | None]


def read_names(database_url: str, table: NameTable, prefix: str) -> list[str]:
    """Return up to 50 names that begin with `prefix` in any case, or for people, last names that do."""
    try:
        if match := _SQLITE_URL.fullmatch(database_url):
            return _read_sqlite(Path(match["path"]), table, prefix)
        if database_url.startswith("postgresql"):
            return _read_postgresql(database_url, table, prefix)
    except (OSError, ValueError, sqlite3.Error):
        return []
    return []


def _read_sqlite(path: Path, table: NameTable, prefix: str) -> list[str]:
    path = path.absolute()
    if not path.is_file():
        return []
    # without a write-ahead log no one writes, and opening the file would create one
    has_log = path.with_name(f"{path.name}-wal").exists()
    address = f"{path.as_uri()}?{'mode=ro' if has_log else 'immutable=1'}"
    with closing(sqlite3.connect(address, uri=True, timeout=_LOCK_SECONDS)) as db:

        def read_value(statement: str, parameters: dict[str, str]) -> str | None:
            row = db.execute(statement, parameters).fetchone()
            return str(row[0]) if row else None

        return _find_names(read_value, table, prefix)


def _read_postgresql(database_url: str, table: NameTable, prefix: str) -> list[str]:
    from sqlalchemy import create_engine, text
    from sqlalchemy.exc import SQLAlchemyError

    options = f"-c default_transaction_read_only=on -c statement_timeout={_STATEMENT_MILLISECONDS}"
    try:
        engine = create_engine(database_url, connect_args={"connect_timeout": _CONNECT_SECONDS, "options": options})
        column = table.value
        # the order of the index depends on the server's language, so a range of it cannot be used
        statement = text(
            f"SELECT DISTINCT {column.name} FROM {column.table} "  # noqa: S608  # the names are those of `NameTable`
            f"WHERE {column.name} ILIKE :pattern AND {column.condition} ORDER BY 1 LIMIT {_MAX_NAMES}"
        )
        escaped_prefix = re.sub(r"([\\%_])", r"\\\1", prefix)
        try:
            with engine.connect() as db:
                names = db.scalars(statement, {"pattern": f"{escaped_prefix}%"}).all()
                if not names and table is NameTable.PEOPLE and prefix:
                    full_names = db.scalars(statement, {"pattern": f"% {escaped_prefix}%"}).all()
                    return _list_last_names(full_names, prefix)
                return list(names)
        finally:
            engine.dispose()
    except (SQLAlchemyError, ImportError):
        return []


def _find_names(read_value: _ReadValue, table: NameTable, prefix: str) -> list[str]:
    names: dict[str, None] = {}
    # the index is in the order of code points, so each way to write the beginning is a range of its own
    for start in dict.fromkeys((prefix, prefix.lower(), prefix.title(), prefix.upper())):
        names.update(dict.fromkeys(islice(_generate_names(read_value, table.value, start), _MAX_NAMES)))
    if names or table is not NameTable.PEOPLE or not prefix:
        return list(names)[:_MAX_NAMES]
    all_names = islice(_generate_names(read_value, table.value, ""), _MAX_SCANNED_NAMES)
    return _list_last_names(all_names, prefix)


def _list_last_names(names: Iterable[str], prefix: str) -> list[str]:
    """Return the last words of names, each once, that begin with `prefix`."""
    last_names = dict.fromkeys(name.rpartition(" ")[2] for name in names)
    return [name for name in last_names if name.casefold().startswith(prefix.casefold())][:_MAX_NAMES]


def _generate_names(read_value: _ReadValue, column: _Column, start: str) -> Iterator[str]:
    """Yield each name once. Each is one search in the index, so a name that occurs a million times costs no more."""
    statement = (
        f"SELECT {column.name} FROM {column.table} "  # noqa: S608  # the names are those of `NameTable`
        f"WHERE {column.name} {{comparison}} :after AND {column.name} < :end AND {column.condition} "
        f"ORDER BY {column.name} LIMIT 1"
    )
    name = read_value(statement.format(comparison=">="), {"after": start, "end": start + _LAST_CHARACTER})
    while name is not None:
        yield name
        name = read_value(statement.format(comparison=">"), {"after": name, "end": start + _LAST_CHARACTER})
