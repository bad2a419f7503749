"""Opens a record for its care: the database itself, at the newest revision, for as long as it takes.

Rule: whatever the database refuses meanwhile is told as the record's fault, unless somebody further in knows better.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from briefings.storage.db.database import (
    connect,
    describe_location,
    get_writer,
    is_write_conflict,
    translate_record_errors,
)
from briefings.storage.db.full_text import FullTextIndex
from briefings.storage.db.migrator import migrate_to_head
from briefings.storage.search.postgres_tsearch import TSearchIndex
from briefings.storage.search.sqlite_fts5 import Fts5Index

Result = TypeVar("Result")


@contextmanager
def open_database(address: str) -> Iterator[Engine]:
    """The database at an SQLAlchemy address, made or migrated first. Raises RecordUnavailable."""
    engine = connect_and_migrate(address)
    try:
        with translate_record_errors(describe_location(engine.url)):
            yield engine
    finally:
        engine.dispose()


def connect_and_migrate(address: str) -> Engine:
    """The same for whoever keeps it, and disposes of it. Raises RecordUnavailable."""
    engine = connect(address)
    location = describe_location(engine.url)
    try:
        with translate_record_errors(location):
            migrate_to_head(engine, location)
    except BaseException:
        engine.dispose()
        raise
    return engine


def get_index(database: Engine | Connection) -> FullTextIndex:
    """The search of this kind of database."""
    return TSearchIndex() if database.dialect.name == "postgresql" else Fts5Index()


def run_in_transaction(engine: Engine, work: Callable[[Connection], Result]) -> Result:
    """Does `work` whole or not at all, once more when another writer was in the way (on PostgreSQL)."""
    try:
        with get_writer(engine).begin() as db:
            return work(db)
    except DBAPIError as error:
        if not is_write_conflict(error):
            raise
    with get_writer(engine).begin() as db:
        return work(db)
