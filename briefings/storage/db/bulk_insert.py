"""Writes rows into their tables, many at a time.

Rule: the rows come ready, in the order of the columns; a driver is handed them as it takes them fastest, which is one
by one in SQLite, and as one stream (COPY) in PostgreSQL.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.exc import DBAPIError

from briefings.storage.db.schema import articles, quotes

Row = Sequence[object]


def insert_articles(db: Connection, rows: Iterable[Mapping[str, object]]) -> None:
    """Inserts rows that hold every column of `articles`."""
    processors = _list_processors(articles, db.dialect)
    _insert_all(db, articles, [tuple(prepare(row[name]) for name, prepare in processors) for row in rows])


def insert_quotes(db: Connection, rows: Iterable[Row]) -> None:
    """Inserts rows of `rows.quote_rows`."""
    _insert_all(db, quotes, rows)


def insert_rows(db: Connection, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Inserts rows of these columns. Raises SQLAlchemy's errors, as a statement of its own would."""
    if db.dialect.name == "postgresql":
        _copy_rows(db, table, columns, rows)
    elif ready_rows := list(rows):
        placeholders = ", ".join("?" * len(columns))
        db.exec_driver_sql(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({placeholders})", ready_rows)  # noqa: S608 - names of ours


def _insert_all(db: Connection, table: Table, rows: Iterable[Row]) -> None:
    insert_rows(db, table.name, table.columns.keys(), rows)


def _copy_rows(db: Connection, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    driver = db.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("no connection of psycopg's")
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:  # SQLAlchemy knows nothing of what is copied
        raise DBAPIError.instance(f"COPY {table}", None, error, psycopg.Error, hide_parameters=True) from error


@cache
def _list_processors(table: Table, dialect: Dialect) -> list[tuple[str, Callable[[object], object]]]:
    """What makes a value of each column one that the driver takes."""
    processors = ((column.name, column.type.dialect_impl(dialect).bind_processor(dialect)) for column in table.columns)
    return [(name, process or _pass_through) for name, process in processors]


def _pass_through(value: object) -> object:
    return value
