"""Opens a record for its care: the database itself, at the newest revision, for as long as it takes.

Rule: whatever the database refuses meanwhile is told as the record's fault, unless somebody further in knows better.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from briefings.record.engine import connect, writing
from briefings.record.faults import place_of, told, was_raced
from briefings.record.fts5 import Fts5
from briefings.record.index import Index
from briefings.record.revision import bring_to_head
from briefings.record.tsearch import TSearch

Answer = TypeVar("Answer")


@contextmanager
def opened(address: str) -> Iterator[Engine]:
    """The database at an SQLAlchemy address, made or migrated first. Raises RecordUnavailable."""
    engine = at_head(address)
    try:
        with told(place_of(engine.url)):
            yield engine
    finally:
        engine.dispose()


def at_head(address: str) -> Engine:
    """The same for whoever keeps it, and disposes of it. Raises RecordUnavailable."""
    engine = connect(address)
    place = place_of(engine.url)
    try:
        with told(place):
            bring_to_head(engine, place)
    except BaseException:
        engine.dispose()
        raise
    return engine


def index_of(database: Engine | Connection) -> Index:
    """The search of this kind of database."""
    return TSearch() if database.dialect.name == "postgresql" else Fts5()


def in_one_transaction(engine: Engine, work: Callable[[Connection], Answer]) -> Answer:
    """Does `work` whole or not at all, once more when another writer was in the way (on PostgreSQL)."""
    try:
        with writing(engine).begin() as db:
            return work(db)
    except DBAPIError as error:
        if not was_raced(error):
            raise
    with writing(engine).begin() as db:
        return work(db)
