"""Create database engines, and translate database errors into one sentence each.

Rule: SQLite runs in WAL mode with foreign keys on, and waits for other writers. A transaction that will write declares
it at the start (`get_writer`): SQLite refuses at once to upgrade a read transaction that is out of date.
Rule: database exceptions never leave this package, and messages never contain secret parts of an address.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from briefings.distribution import Extra, explain_missing
from briefings.errors import DatabaseUnavailable
from briefings.storage.db.private_files import create_private_file, create_private_folder

#: seconds to wait for another writer, or for a free connection, before giving up
TIMEOUT_SECONDS = 15.0
#: kilobytes of an SQLite file that a connection caches, at most
_CACHE_KILOBYTES = 32 * 1024
#: connections that an engine keeps open, and one for a single schema
_POOL_SIZE, _SCHEMA_POOL_SIZE = 5, 1
#: the schema of a PostgreSQL URL, in its `options`
_SEARCH_PATH = re.compile(r"-c\s*search_path=([a-z_][a-z0-9_]*)(?:\s|$)")

_DAMAGED = "is damaged: see what is wrong with `ontherecord doctor`, and mend it with `ontherecord doctor --repair`"
_DISK_FULL = "cannot grow because the disk is full: free some space and try again"
#: part of the database's message, and the rest of a sentence that begins with "The database at ..."
_KNOWN_ERRORS = (
    ("readonly database", "is read-only: give this user write permission on the file and its folder"),
    ("unable to open", "cannot be opened: check that it is a file, and that this user can read and write it"),
    ("not a database", "is not a database: move the file away, or change DATABASE_URL"),
    ("malformed", _DAMAGED),
    ("could not decode", _DAMAGED),
    ("invalid page", _DAMAGED),  # PostgreSQL
    ("corrupt", _DAMAGED),
    ("disk is full", _DISK_FULL),
    ("no space left", _DISK_FULL),  # PostgreSQL passes on the operating system's message
    ("is locked", "is locked by another program: try again in a moment"),
    ("i/o error", "cannot be read or written because of a disk error: check the disk, then try again"),
)
_OTHER_ERROR = "cannot be used: check DATABASE_URL, and that the database is running and intact"


def connect(address: str) -> Engine:
    """Return an engine for an SQLAlchemy URL, after creating the folder of an SQLite file if it is missing.

    A `search_path` in the URL's options is the only schema that its connections see. Raises DatabaseUnavailable for an
    invalid URL, a driver that is not installed, or a folder that cannot be created.
    """
    try:
        url = make_url(address)
        return _create_sqlite_engine(url) if url.get_backend_name() == "sqlite" else _create_server_engine(url)
    except (ArgumentError, ValueError) as error:  # ValueError: the port is not a number
        raise DatabaseUnavailable("Invalid DATABASE_URL: write it as, for example, sqlite:///var/record.db.") from error
    except ImportError as error:
        if "postgresql" in address:
            raise DatabaseUnavailable(explain_missing("PostgreSQL databases", Extra.POSTGRES)) from error
        raise DatabaseUnavailable(f"DATABASE_URL needs the package {error.name}: install it.") from error


def get_writer(engine: Engine) -> Engine:
    """Return the engine with the option that makes its transactions writing ones."""
    return engine.execution_options(writing=True)


def get_reader(engine: Engine) -> Engine:
    """Return the engine for reading: one snapshot per connection on SQLite, one per statement on PostgreSQL.

    On PostgreSQL a transaction would cost two more round trips to the server.
    """
    return engine.execution_options(isolation_level="AUTOCOMMIT") if engine.dialect.name == "postgresql" else engine


def get_sqlite_connection(db: Connection) -> sqlite3.Connection:
    """Return the sqlite3 connection, for operations that SQL lacks. Raises TypeError for other databases."""
    connection = db.connection.driver_connection
    if not isinstance(connection, sqlite3.Connection):
        raise TypeError("expected an SQLite database")
    return connection


def describe_location(url: URL) -> str:
    """Return a printable location: the file, or "host/database"; never the user, password or options."""
    if url.get_backend_name() == "sqlite":
        return url.database or "memory"
    return f"{url.host or 'this machine'}/{url.database or ''}"


@contextmanager
def translate_database_errors(location: str) -> Iterator[None]:
    """Turn database errors inside the block into DatabaseUnavailable; `location` comes from `describe_location`."""
    with translate_errors(f"The database at {location}"):
        yield


@contextmanager
def translate_errors(subject: str) -> Iterator[None]:
    """Turn database errors inside the block into DatabaseUnavailable, with `subject` as the start of the sentence."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, UnicodeDecodeError) as error:  # the last from a damaged schema
        raise DatabaseUnavailable(f"{subject} {_describe_error(error)}.") from error


def is_write_conflict(error: DBAPIError) -> bool:
    """Tell whether another writer caused the error, so that a retry of the transaction may succeed."""
    # PostgreSQL's codes for a deadlock and for a serialization failure
    return isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", None) in {"40P01", "40001"}


def is_damage(error: Exception) -> bool:
    """Tell whether a database error comes from damage of the database's files."""
    return _describe_error(error) == _DAMAGED


def _create_server_engine(url: URL) -> Engine:
    # No prepared statements: the best plan of a search depends on how rare its words are.
    # Without a connect timeout, a server that never answers would block for ever.
    connect_args = (
        {"prepare_threshold": None, "connect_timeout": int(TIMEOUT_SECONDS)}
        if url.get_driver_name() == "psycopg"
        else {}
    )
    schema = _find_schema(url)
    # there can be many schemas, each with an engine, and the server's connections are limited
    pool_size = _SCHEMA_POOL_SIZE if schema else _POOL_SIZE
    engine = create_engine(
        url,
        connect_args=connect_args,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_timeout=TIMEOUT_SECONDS,
        pool_size=pool_size,
    )
    if engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _prepare_postgresql)
        if schema:
            event.listen(engine, "connect", partial(_check_schema, schema))
    return engine


def _find_schema(url: URL) -> str | None:
    """Return the schema in the URL's options, if they name exactly one."""
    options = url.query.get("options", "")
    schemas = _SEARCH_PATH.findall(options if isinstance(options, str) else " ".join(options))
    return schemas[-1] if schemas else None


def _create_sqlite_engine(url: URL) -> Engine:
    connect_args = {"timeout": TIMEOUT_SECONDS, "check_same_thread": False}
    if url.database in {None, "", ":memory:"}:
        # An in-memory database is its one connection: threads take turns.
        engine = create_engine(
            url, connect_args=connect_args, hide_parameters=True, poolclass=QueuePool, pool_size=1, max_overflow=0
        )
    else:
        _create_file(url)
        engine = create_engine(url, connect_args=connect_args, hide_parameters=True, pool_timeout=TIMEOUT_SECONDS)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_transaction)
    return engine


def _create_file(url: URL) -> None:
    """Create the file of a database and its folder for their owner only: SQLite would let everyone read them."""
    if str(url.database).startswith("file:"):  # an SQLite URI says itself whether the file may be created
        return
    file = Path(str(url.database))
    try:
        create_private_folder(file.parent)
    except OSError as error:
        reason = (error.strerror or "no reason given").lower()
        raise DatabaseUnavailable(f"Can't create the database folder {file.parent}: {reason}.") from error
    with suppress(OSError):  # SQLite says itself why it can't open the file
        create_private_file(file)


def _prepare_sqlite(connection: sqlite3.Connection, _pool_entry: object) -> None:
    # A damaged text must not stop the answer that reads it: its checksum fails later.
    connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    # The driver begins transactions before writes only, not before reads or DDL: `_begin_transaction` covers all.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KILOBYTES}")


def _prepare_postgresql(connection: DBAPIConnection, _pool_entry: object) -> None:
    # JIT compilation of a search takes far longer than the search.
    cursor = connection.cursor()
    cursor.execute("SET jit = off")
    cursor.close()
    connection.commit()


def _check_schema(schema: str, connection: DBAPIConnection, _pool_entry: object) -> None:
    """Refuse a connection that sees another schema: a pooler between us and the server may drop the option."""
    cursor = connection.cursor()
    cursor.execute("SELECT current_schemas(false)")
    row = cursor.fetchone()
    cursor.close()
    connection.commit()
    if row is None or list(row[0]) != [schema]:
        raise DatabaseUnavailable(
            f"The schema {schema} cannot be selected: connect to PostgreSQL directly, or let the pooler pass options."
        )


def _begin_transaction(connection: Connection) -> None:
    wants_to_write = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if wants_to_write else "BEGIN")


def _describe_error(error: Exception) -> str:
    if isinstance(error, PoolTimeout):
        return "is overloaded: try again in a moment"
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, UnicodeDecodeError):
        return _DAMAGED
    message = "" if isinstance(cause, SQLAlchemyError) else str(cause).lower()
    return next((description for pattern, description in _KNOWN_ERRORS if pattern in message), _OTHER_ERROR)
