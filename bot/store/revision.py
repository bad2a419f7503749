"""Brings the bot's tables to the newest revision when the store is opened.

Rule: tables that are there already cost two queries; Alembic is imported only to migrate. Several processes may start
at once: one migrates, the others wait. Tables newer than the program are left alone.
"""

from sqlalchemy import Connection, Engine, inspect, text

from bot.store.schema import HEAD, VERSION_TABLE
from briefings.errors import RecordUnavailable
from briefings.record.engine import writing

#: the advisory lock taken on PostgreSQL while migrating; any number that nobody else uses
_LOCK = 0x0B07_5701


def bring_to_head(engine: Engine, place: str) -> None:
    """Migrates in one transaction, which others wait for. Raises RecordUnavailable when the tables are newer.

    What the database itself refuses is raised as SQLAlchemy's own error.
    """
    with engine.connect() as db:
        if current(db) == HEAD:
            return
    with writing(engine).begin() as db:
        if db.dialect.name == "postgresql":  # SQLite's BEGIN IMMEDIATE is such a lock already
            db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if current(db) != HEAD:  # another process may have been first
            _upgrade(db, place)


def current(db: Connection) -> str | None:
    """The revision the tables are at; None when there are none."""
    if not inspect(db).has_table(VERSION_TABLE):
        return None
    found: str | None = db.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608 - our constant
    return found


def _upgrade(db: Connection, place: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": db})
    config.set_main_option("script_location", "bot.store:migrations")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    found = current(db)
    if found is not None and found not in known:
        raise RecordUnavailable(
            f"The bot's tables at {place} were made by a newer version of this program (its revision is {found!r}): "
            "update the program, or point DATABASE_URL at another database."
        )
    command.upgrade(config, "head")
