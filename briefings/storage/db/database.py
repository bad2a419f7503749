"""Connections: an address becomes an engine whose transactions behave alike on both databases.

Rule: SQLite in WAL mode, foreign keys on, waiting for other writers; a transaction that is going to write says so when
it begins (`writing`), for one that finds out later can be refused at once, however patient it is.

What goes wrong with a database, in one sentence each: what is wrong, and what to do.

Rule: no exception of the database leaves this package, and no part of an address that may be secret is ever told.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

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


_DISK_FULL = "cannot grow, for the disk is full: make room and try again"
#: what the database's own message holds, and the rest of the sentence that begins with "The record at ..."
_KNOWN_ERRORS = (
    ("readonly database", "may only be read: give this user the right to write to the file and its folder"),
    ("unable to open", "cannot be opened: check that it is a file, and that this user may read and write there"),
    ("not a database", "is no database: move that file away, or point DATABASE_URL at another place"),
    ("malformed", "is damaged: restore a backup, or move the file away and add the articles again"),
    ("disk is full", _DISK_FULL),
    ("no space left", _DISK_FULL),  # what PostgreSQL passes on of the system's own words
    ("is locked", "is kept busy by another program: try again in a moment"),
    ("i/o error", "cannot be read or written, says the disk: check it, then try again"),
)
_OTHER_ERROR = "cannot be used: check DATABASE_URL, and that the database is running and in order"


def describe_location(url: URL) -> str:
    """Where a record is, for people: the file, or the server's name and database; never user, password or options."""
    if url.get_backend_name() == "sqlite":
        return url.database or "memory"
    return f"{url.host or 'this machine'}/{url.database or ''}"


@contextmanager
def translate_record_errors(location: str) -> Iterator[None]:
    """Turns what a database raises inside into RecordUnavailable; `place` is where the record is."""
    with translate_errors(f"The record at {location}"):
        yield


@contextmanager
def translate_errors(subject: str) -> Iterator[None]:
    """The same of any file or server; `what` begins the sentence."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise DatabaseUnavailable(f"{subject} {_describe_error(error)}.") from error


def is_write_conflict(error: DBAPIError) -> bool:
    """Whether another writer was in the way, so that the same transaction may succeed when it is tried again."""
    # PostgreSQL's codes: two that waited for each other, and what was read is no longer so
    return isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", None) in {"40P01", "40001"}


def _describe_error(error: Exception) -> str:
    if isinstance(error, PoolTimeout):
        return "is asked too much at once: try again in a moment"
    cause = error.orig if isinstance(error, DBAPIError) else error
    message = "" if isinstance(cause, SQLAlchemyError) else str(cause).lower()
    return next((description for pattern, description in _KNOWN_ERRORS if pattern in message), _OTHER_ERROR)
