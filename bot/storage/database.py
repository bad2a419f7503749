"""Access to the bot's tables: migrations, and blocking work in one transaction, on a thread if awaited.

Rule: a database error is raised as DatabaseUnavailable, one sentence without secrets. A backup contains the bot's
lasting data, but no tokens and no short-lived rows (handled requests, rate limits).
"""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, Engine, Table, event
from sqlalchemy.dialects import postgresql, sqlite

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

MIGRATION_HISTORY = MigrationHistory("The bot's database", "bot.storage:migrations", VERSION_TABLE, HEAD)


def migrate_bot_tables(engine: Engine, location: str) -> None:
    """Migrate in one transaction; other processes wait for it. Raises DatabaseUnavailable if the tables are newer."""
    migrate_to_head(engine, location, MIGRATION_HISTORY)


def get_bot_revision(db: Connection) -> str | None:
    """Return the revision of the tables, or None if there are no tables."""
    return get_revision(db, MIGRATION_HISTORY)


T = TypeVar("T")


def open_database(url: str) -> "Database":
    """Open the database at an SQLAlchemy URL, and create or migrate the bot's tables. Raises DatabaseUnavailable."""
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


def build_insert(db: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an insert in the dialect of the database, which can say what to do if the row exists."""
    return postgresql.insert(table) if db.dialect.name == "postgresql" else sqlite.insert(table)


class Database:
    """Runs work on the bot's tables. Threads and tasks may share it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        #: the same connections, for write transactions
        self.write_engine = get_writer(engine)
        self._location = describe_location(engine.url)

    def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a read-only transaction. Blocks. Raises DatabaseUnavailable."""
        with translate_database_errors(self._location), self.engine.connect() as db:
            return work(db)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a write transaction, which commits or rolls back. Blocks. Raises DatabaseUnavailable."""
        with translate_database_errors(self._location), self.write_engine.begin() as db:
            return work(db)

    def run(self, work: Callable[[], T]) -> T:
        """Run `work` that opens its own transactions. Blocks. Raises DatabaseUnavailable."""
        with translate_database_errors(self._location):
            return work()

    async def read_async(self, work: Callable[[Connection], T]) -> T:
        """Run `read` on a thread."""
        return await asyncio.to_thread(self.read, work)

    async def write_async(self, work: Callable[[Connection], T]) -> T:
        """Run `write` on a thread."""
        return await asyncio.to_thread(self.write, work)

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()


def _set_synchronous_normal(connection: object, _connection_record: object) -> None:
    # In WAL mode this cannot corrupt the file. A power cut may lose the last moments, which is acceptable here.
    connection.execute("PRAGMA synchronous = NORMAL")  # type: ignore[attr-defined]  # sqlite3's connection


BOT_TABLES = ExternalTables(
    METADATA, (handled_requests, rate_limits, bots, installations, oauth_states), get_bot_revision, migrate_bot_tables
)
