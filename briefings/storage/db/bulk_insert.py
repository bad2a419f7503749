"""Insert many rows at a time, by the fastest way of each driver.

Rule: rows are complete and in column order. SQLite gets one `executemany`, PostgreSQL one COPY stream. Rows may be made
one by one while they are inserted.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.exc import DBAPIError

from briefings.storage.db.database import get_sqlite_connection
from briefings.storage.db.schema import articles, quotes

Row = Sequence[object]


def insert_articles(db: Connection, rows: Iterable[Mapping[str, object]]) -> None:
    """Insert rows that have every column of `articles`, each a mapping from column name to value."""
    insert_mappings(db, articles, rows)


def insert_mappings(db: Connection, table: Table, rows: Iterable[Mapping[str, object]]) -> None:
    """Insert rows that have every column of a table that is not computed, each a mapping from column name to value."""
    processors = _list_processors(table, db.dialect)
    names = [name for name, _ in processors]
    insert_rows(db, table.name, names, ([prepare(row[name]) for name, prepare in processors] for row in rows))


def insert_quotes(db: Connection, rows: Iterable[Row]) -> None:
    """Insert rows built by `row_mapping.to_quote_rows`."""
    _insert_all(db, quotes, rows)


def insert_rows(db: Connection, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert rows with these columns. Raises the same SQLAlchemy errors as an ordinary statement."""
    if db.dialect.name == "postgresql":
        _copy_rows(db, table, columns, rows)
    else:
        placeholders = ", ".join("?" * len(columns))
        names = ", ".join(f'"{column}"' for column in columns)
        statement = f'INSERT INTO "{table}" ({names}) VALUES ({placeholders})'  # noqa: S608 - constant names
        try:  # SQLAlchemy would need a list; a row that is stored as soon as it is made stays in the processor's cache
            get_sqlite_connection(db).executemany(statement, rows)
        except sqlite3.Error as error:  # this bypasses SQLAlchemy, so errors are wrapped here
            raise DBAPIError.instance(statement, None, error, sqlite3.Error, hide_parameters=True) from error


def _insert_all(db: Connection, table: Table, rows: Iterable[Row]) -> None:
    insert_rows(db, table.name, table.columns.keys(), rows)


def _copy_rows(db: Connection, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    import psycopg  # a slow import, in the extra `postgres`
    from psycopg import sql

    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    driver = db.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("expected a psycopg connection")
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:  # COPY bypasses SQLAlchemy, so its errors are wrapped here
        raise DBAPIError.instance(f"COPY {table}", None, error, psycopg.Error, hide_parameters=True) from error


@cache
def _list_processors(table: Table, dialect: Dialect) -> list[tuple[str, Callable[[object], object]]]:
    """Return each column's name with the function that converts its values for the driver."""
    processors = (
        (column.name, column.type.dialect_impl(dialect).bind_processor(dialect))
        for column in table.columns
        if column.computed is None
    )
    return [(name, process or _pass_through) for name, process in processors]


def _pass_through(value: object) -> object:
    return value
