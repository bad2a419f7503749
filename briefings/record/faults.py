"""What goes wrong with a database, in one sentence each: what is wrong, and what to do.

Rule: no exception of the database leaves this package, and no part of an address that may be secret is ever told.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from briefings.errors import DatabaseUnavailable

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
