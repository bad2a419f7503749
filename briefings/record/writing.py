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

from briefings.record.schema import articles, quotes

Row = Sequence[object]


def write_articles(db: Connection, rows: Iterable[Mapping[str, object]]) -> None:
    """Inserts rows that hold every column of `articles`."""
    ready = _processors(articles, db.dialect)
    _write_all(db, articles, [tuple(prepare(row[name]) for name, prepare in ready) for row in rows])


def write_quotes(db: Connection, rows: Iterable[Row]) -> None:
    """Inserts rows of `rows.quote_rows`."""
    _write_all(db, quotes, rows)


def write(db: Connection, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Inserts rows of these columns. Raises SQLAlchemy's errors, as a statement of its own would."""
    if db.dialect.name == "postgresql":
        _copy(db, table, columns, rows)
    elif ready := list(rows):
        places = ", ".join("?" * len(columns))
        db.exec_driver_sql(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", ready)  # noqa: S608 - names of ours


def _write_all(db: Connection, table: Table, rows: Iterable[Row]) -> None:
    write(db, table.name, table.columns.keys(), rows)


def _copy(db: Connection, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
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
def _processors(table: Table, dialect: Dialect) -> list[tuple[str, Callable[[object], object]]]:
    """What makes a value of each column one that the driver takes."""
    found = ((column.name, column.type.dialect_impl(dialect).bind_processor(dialect)) for column in table.columns)
    return [(name, process or _as_it_is) for name, process in found]


def _as_it_is(value: object) -> object:
    return value
