"""Brings the bot's tables to the newest revision when the store is opened, as the record brings its own."""

from sqlalchemy import Connection, Engine

from bot.store.schema import HEAD, VERSION_TABLE
from briefings.record import revision

HISTORY = revision.History("What the bot keeps", "bot.store:migrations", VERSION_TABLE, HEAD)


def bring_to_head(engine: Engine, place: str) -> None:
    """Migrates in one transaction, which others wait for. Raises RecordUnavailable when the tables are newer."""
    revision.bring_to_head(engine, place, HISTORY)


def current(db: Connection) -> str | None:
    """The revision the tables are at; None when there are none."""
    return revision.current(db, HISTORY)
