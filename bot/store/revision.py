"""Brings the bot's tables to the newest revision when the store is opened, as the record brings its own."""

from sqlalchemy import Connection, Engine

from bot.store.schema import HEAD, VERSION_TABLE
from briefings.storage.db import migrator

MIGRATION_HISTORY = migrator.MigrationHistory("What the bot keeps", "bot.store:migrations", VERSION_TABLE, HEAD)


def migrate_to_head(engine: Engine, location: str) -> None:
    """Migrates in one transaction, which others wait for. Raises RecordUnavailable when the tables are newer."""
    migrator.migrate_to_head(engine, location, MIGRATION_HISTORY)


def get_revision(db: Connection) -> str | None:
    """The revision the tables are at; None when there are none."""
    return migrator.get_revision(db, MIGRATION_HISTORY)
