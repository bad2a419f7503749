"""Access to the bot's tables: migrations, and blocking work in one transaction, on a thread if awaited.

Rule: every statement sees only the rows of the current team (`bot.core.tenancy`, `bot.storage.team_scope`).
Rule: a database error is raised as DatabaseUnavailable, one sentence without secrets. A backup contains the bot's
lasting data, but no tokens and no short-lived rows (handled requests, rate limits).
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import Connection, Engine, Table, event, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.core.tenancy import use_all_teams
from bot.storage.schema import (
    HEAD,
    METADATA,
    VERSION_TABLE,
    audit,
    audit_head,
    bots,
    handled_requests,
    installations,
    oauth_states,
    rate_limits,
)
from bot.storage.schema.append_only import without_triggers
from bot.storage.team_scope import create_row_security, limit_to_team, use_all_rows
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


def _create_tables(db: Connection) -> None:
    METADATA.create_all(db, checkfirst=False)
    create_row_security(db)


MIGRATION_HISTORY = MigrationHistory(
    "The bot's database",
    "bot.storage:migrations",
    VERSION_TABLE,
    HEAD,
    _create_tables,
)


def migrate_bot_tables(engine: Engine, location: str) -> None:
    """Migrate in one transaction; other processes wait for it. Raises DatabaseUnavailable if the tables are newer."""
    with use_all_teams("a migration changes the rows of every team"):
        migrate_to_head(engine, location, MIGRATION_HISTORY)


def get_bot_revision(db: Connection) -> str | None:
    """Return the revision of the tables, or None if there are no tables."""
    return get_revision(db, MIGRATION_HISTORY)


T = TypeVar("T")


def open_database(url: str) -> "Database":
    """Open the database at an SQLAlchemy URL, and create or migrate the bot's tables. Raises DatabaseUnavailable."""
    engine = connect(url)
    limit_to_team(engine)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_connection)
    try:
        with translate_database_errors(describe_location(engine.url)):
            migrate_bot_tables(engine, describe_location(engine.url))
    except BaseException:  # an interrupt too leaves nothing open
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

    def move_changes_into_file(self) -> None:
        """Write what SQLite keeps beside the database into it, so that overwritten values are in neither. Blocks.

        If someone is reading, some may stay until later. PostgreSQL has no such call.
        """
        if self.engine.dialect.name == "sqlite":
            with translate_database_errors(self._location), self.engine.connect() as db:
                db.rollback()  # a checkpoint needs no transaction to be open
                cursor = db.connection.cursor()
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.close()

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()


def _prepare_connection(connection: object, _connection_record: object) -> None:
    # In WAL mode this cannot corrupt the file. A power cut may lose the last moments, which is acceptable here.
    connection.execute("PRAGMA synchronous = NORMAL")  # type: ignore[attr-defined]  # sqlite3's connection
    # a deleted or newly encrypted token leaves nothing in free pages of the file
    connection.execute("PRAGMA secure_delete = ON")  # type: ignore[attr-defined]  # as above


def _list_kept_tables(db: Connection) -> Sequence[Table]:
    """Keep the audit log of a database that has one, because it grows only. `db` must see the rows of all teams."""
    has_entries = db.execute(select(audit.c.id).limit(1)).first() is not None
    return (audit, audit_head) if has_entries else ()


BOT_TABLES = ExternalTables(
    METADATA,
    (handled_requests, rate_limits, bots, installations, oauth_states),
    get_bot_revision,
    migrate_bot_tables,
    VERSION_TABLE,
    use_all_rows,
    _list_kept_tables,
    without_triggers,
)
