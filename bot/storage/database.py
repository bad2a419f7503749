"""The bot's way to its tables: blocking work, done on a thread, in one transaction.

Rule: what the database refuses is raised as RecordUnavailable, one sentence without a secret.

Brings the bot's tables to the newest revision when the store is opened, as the record brings its own.

What a backup of the record takes along of the bot's tables.

Rule: what people told the bot and what it must answer for is kept. No backup holds a token, and what was handled or
asked a moment ago means nothing in another place or time.
"""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, Engine, event

from bot.storage.schema import (
    HEAD,
    METADATA,
    VERSION_TABLE,
    bots,
    handled_requests,
    installations,
    oauth_states,
    rate_limits,
)
from briefings.storage.db import (
    MigrationHistory,
    connect,
    describe_location,
    get_revision,
    get_writer,
    migrate_to_head,
    translate_database_errors,
)
from briefings.storage.maintenance import ExternalTables

MIGRATION_HISTORY = MigrationHistory("What the bot keeps", "bot.storage:migrations", VERSION_TABLE, HEAD)


def migrate_bot_tables(engine: Engine, location: str) -> None:
    """Migrates in one transaction, which others wait for. Raises RecordUnavailable when the tables are newer."""
    migrate_to_head(engine, location, MIGRATION_HISTORY)


def get_bot_revision(db: Connection) -> str | None:
    """The revision the tables are at; None when there are none."""
    return get_revision(db, MIGRATION_HISTORY)


T = TypeVar("T")


def open_database(url: str) -> "Database":
    """The database at an SQLAlchemy address, with the bot's tables made or migrated. Raises RecordUnavailable."""
    engine = connect(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_synchronous_normal)
    try:
        with translate_database_errors(describe_location(engine.url)):
            migrate_bot_tables(engine, describe_location(engine.url))
    except BaseException:
        engine.dispose()
        raise
    return Database(engine)


class Database:
    """The bot's tables behind `engine`; may be shared by threads and by tasks."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        #: the same connections, for transactions that write
        self.write_engine = get_writer(engine)
        self._location = describe_location(engine.url)

    def read(self, work: Callable[[Connection], T]) -> T:
        """`work` in a transaction that only reads. Blocking. Raises RecordUnavailable."""
        with translate_database_errors(self._location), self.engine.connect() as db:
            return work(db)

    def write(self, work: Callable[[Connection], T]) -> T:
        """`work` in a transaction that writes, whole or not at all. Blocking. Raises RecordUnavailable."""
        with translate_database_errors(self._location), self.write_engine.begin() as db:
            return work(db)

    def run(self, work: Callable[[], T]) -> T:
        """`work` that opens transactions of its own. Blocking. Raises RecordUnavailable."""
        with translate_database_errors(self._location):
            return work()

    async def read_async(self, work: Callable[[Connection], T]) -> T:
        """`read` on a thread."""
        return await asyncio.to_thread(self.read, work)

    async def write_async(self, work: Callable[[Connection], T]) -> T:
        """`write` on a thread."""
        return await asyncio.to_thread(self.write, work)

    def close(self) -> None:
        """Gives the connections back."""
        self.engine.dispose()


def _set_synchronous_normal(connection: object, _connection_record: object) -> None:
    # In WAL mode this never damages the file; a power cut may take back the last moments, which these tables can bear.
    connection.execute("PRAGMA synchronous = NORMAL")  # type: ignore[attr-defined]  # sqlite3's connection


BOT_TABLES = ExternalTables(
    METADATA, (handled_requests, rate_limits, bots, installations, oauth_states), get_bot_revision, migrate_bot_tables
)
