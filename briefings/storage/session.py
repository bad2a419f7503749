"""Open the database at the newest revision, and run transactions in it.

Rule: database errors inside the block become DatabaseUnavailable, unless inner code translates them first.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import local
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from briefings.storage.db.creation.migrator import migrate_to_head
from briefings.storage.db.database import (
    connect,
    describe_location,
    get_reader,
    get_writer,
    is_write_conflict,
    translate_database_errors,
)
from briefings.storage.db.full_text import FullTextIndex
from briefings.storage.search.postgres_tsearch import TSearchIndex
from briefings.storage.search.sqlite_fts5 import Fts5Index

Result = TypeVar("Result")


@contextmanager
def open_database(address: str) -> Iterator[Engine]:
    """Yield an engine for an SQLAlchemy URL, after creating or migrating the database. Raises DatabaseUnavailable."""
    engine = connect_and_migrate(address)
    try:
        with translate_database_errors(describe_location(engine.url)):
            yield engine
    finally:
        engine.dispose()


def connect_and_migrate(address: str) -> Engine:
    """Return an engine as `open_database` does; the caller disposes of it. Raises DatabaseUnavailable."""
    engine = connect(address)
    location = describe_location(engine.url)
    try:
        with translate_database_errors(location):
            migrate_to_head(engine, location)
    except BaseException:
        engine.dispose()
        raise
    return engine


def get_index(database: Engine | Connection) -> FullTextIndex:
    """Return the full-text index for this kind of database."""
    return TSearchIndex() if database.dialect.name == "postgresql" else Fts5Index()


def run_in_transaction(engine: Engine, work: Callable[[Connection], Result], max_retries: int = 1) -> Result:
    """Run `work` in one transaction and return its result; retry after conflicts with other writers."""
    writer = get_writer(engine)
    for _ in range(max_retries):
        try:
            with writer.begin() as db:
                return work(db)
        except DBAPIError as error:
            if not is_write_conflict(error):
                raise
    with writer.begin() as db:
        return work(db)


class SnapshotReader:
    """Connections for reading. Threads may share it: each has its own connection. Raises DatabaseUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._reader = get_reader(engine)
        self._location = describe_location(engine.url)
        #: the connection that a thread holds for several reads
        self._thread = local()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection with one snapshot (on PostgreSQL, one per statement): the one that the thread holds."""
        held_connection: Connection | None = getattr(self._thread, "connection", None)
        with translate_database_errors(self._location):
            if held_connection is not None:
                yield held_connection
                return
            with self._reader.connect() as db:
                yield db

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Let all reads of this thread in the block share one connection, and on SQLite one snapshot."""
        if getattr(self._thread, "connection", None) is not None:
            yield
            return
        with self.read() as db:
            self._thread.connection, self._thread.results = db, {}
            try:
                yield
            finally:
                self._thread.connection = self._thread.results = None

    def read_once(self, query: Callable[[Connection], Result]) -> Result:
        """Return the result of `query`; while the thread holds a connection, it is read once."""
        results: dict[Callable[[Connection], Result], Result] | None = getattr(self._thread, "results", None)
        if results is not None and query in results:
            return results[query]
        with self.read() as db:
            result = query(db)
        if results is not None:
            results[query] = result
        return result
