"""Connections: an address becomes an engine whose transactions behave alike on both databases.

Rule: SQLite in WAL mode, foreign keys on, waiting for other writers; a transaction that is going to write says so when
it begins (`writing`), for one that finds out later can be refused at once, however patient it is.
"""

import sqlite3
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError

from briefings.errors import DatabaseUnavailable

#: seconds to wait for another writer, or for a free connection, before giving up
TIMEOUT_SECONDS = 15.0
#: kilobytes of an SQLite file that a connection keeps in memory, at most
_CACHE_KILOBYTES = 32 * 1024


def connect(address: str) -> Engine:
    """An engine for an SQLAlchemy address; the folder of an SQLite file is made when it is missing.

    Raises RecordUnavailable when the address is none, its driver is not installed, or the folder cannot be made.
    """
    try:
        url = make_url(address)
        return _create_sqlite_engine(url) if url.get_backend_name() == "sqlite" else _create_server_engine(url)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise DatabaseUnavailable(
            "DATABASE_URL is no database address: write it as sqlite:///var/record.db."
        ) from error
    except ImportError as error:
        raise DatabaseUnavailable(f"DATABASE_URL asks for {error.name}, which is not installed: install it.") from error


def get_writer(engine: Engine) -> Engine:
    """The same connections, for transactions that write."""
    return engine.execution_options(writing=True)


def get_reader(engine: Engine) -> Engine:
    """The same connections, for reading: one snapshot on SQLite; on PostgreSQL each statement has its own.

    There it would not be worth a transaction, which is two more times to the server and back.
    """
    return engine.execution_options(isolation_level="AUTOCOMMIT") if engine.dialect.name == "postgresql" else engine


def _create_server_engine(url: URL) -> Engine:
    # Statements are never prepared: how rare its words are decides how a search is best run.
    # One that never answers would be waited for without end.
    connect_args = (
        {"prepare_threshold": None, "connect_timeout": int(TIMEOUT_SECONDS)}
        if url.get_driver_name() == "psycopg"
        else {}
    )
    engine = create_engine(
        url, connect_args=connect_args, hide_parameters=True, pool_pre_ping=True, pool_timeout=TIMEOUT_SECONDS
    )
    if engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _create_sqlite_engine(url: URL) -> Engine:
    connect_args = {"timeout": TIMEOUT_SECONDS, "check_same_thread": False}
    if url.database in {None, "", ":memory:"}:
        # One connection is the whole database: threads take turns with it.
        engine = create_engine(
            url, connect_args=connect_args, hide_parameters=True, poolclass=QueuePool, pool_size=1, max_overflow=0
        )
    else:
        _make_folder(url)
        engine = create_engine(url, connect_args=connect_args, hide_parameters=True, pool_timeout=TIMEOUT_SECONDS)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_transaction)
    return engine


def _make_folder(url: URL) -> None:
    if str(url.database).startswith("file:"):  # an SQLite URI, whose author says whether it may be created
        return
    folder = Path(str(url.database)).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or "no reason given").lower()
        raise DatabaseUnavailable(f"The record's folder {folder} cannot be made: {reason}.") from error


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver would begin transactions itself, before writes but not before reads or DDL: `_begin` does it instead.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KILOBYTES}")


def _prepare_postgresql(connection: DBAPIConnection, _record: object) -> None:
    # Compiling a search takes far longer than running it.
    cursor = connection.cursor()
    cursor.execute("SET jit = off")
    cursor.close()
    connection.commit()


def _begin_transaction(connection: Connection) -> None:
    wants_to_write = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if wants_to_write else "BEGIN")


def get_sqlite_connection(db: Connection) -> sqlite3.Connection:
    """The driver's own connection to an SQLite database, for what SQL cannot say."""
    connection = db.connection.driver_connection
    if not isinstance(connection, sqlite3.Connection):
        raise TypeError("no SQLite database")
    return connection
