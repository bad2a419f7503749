"""Read rows as the driver returns them, for statements whose rows are so many that each conversion counts.

Rule: the statement runs in the connection's transaction, and errors are those of SQLAlchemy.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from briefings.storage.db.database import get_sqlite_connection

RawRow = tuple[Any, ...]
#: part of SQLite's message about a text that is not UTF-8
_UNDECODABLE = "could not decode"


def fetch_all(db: Connection, statement: str, parameters: Sequence[object] = ()) -> list[RawRow]:
    """Return all rows of a statement, with the parameter marks of the driver, as tuples of unconverted values.

    JSON and days are text on SQLite, and parsed on PostgreSQL. A text that is not UTF-8 gets replacement characters.
    """
    if not db.in_transaction():
        db.begin()
    if db.dialect.name == "sqlite":
        connection = get_sqlite_connection(db)
        with _wrap_errors(statement, sqlite3.Error):
            return _fetch_from_sqlite(connection, statement, parameters)
    import psycopg  # a slow import, in the extra `postgres`

    driver = db.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("expected a psycopg connection")
    with _wrap_errors(statement, psycopg.Error):
        return driver.execute(statement.encode(), parameters).fetchall()


def fetch_listed(db: Connection, statement: str, values: Sequence[object]) -> list[RawRow]:
    """Return the rows whose column, in which the statement ends, has one of the values: "... WHERE id {}"."""
    if not values:
        return []
    if db.dialect.name == "sqlite":
        return fetch_all(db, statement.format("IN (SELECT value FROM json_each(?))"), (json.dumps(list(values)),))
    return fetch_all(db, statement.format("= ANY(%s)"), (list(values),))


def _fetch_from_sqlite(connection: sqlite3.Connection, statement: str, parameters: Sequence[object]) -> list[RawRow]:
    tolerant_factory = connection.text_factory
    # SQLite's own decoding takes half the time, but stops at a damaged text
    connection.text_factory = str
    try:
        return connection.execute(statement, parameters).fetchall()
    except sqlite3.OperationalError as error:
        if _UNDECODABLE not in str(error).lower():
            raise
    finally:
        connection.text_factory = tolerant_factory
    return connection.execute(statement, parameters).fetchall()


@contextmanager
def _wrap_errors(statement: str, error_class: type[Exception]) -> Iterator[None]:
    """Raise a driver's errors as SQLAlchemy does, which the callers translate."""
    try:
        yield
    except error_class as error:
        raise DBAPIError.instance(statement, None, error, error_class, hide_parameters=True) from error
