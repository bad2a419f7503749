"""Brings a record to the newest revision when it is opened.

Rule: a record that is there already costs two queries; Alembic is imported only to migrate. A record newer than the
program is left alone.
"""

from sqlalchemy import Connection, Engine, inspect, text

from briefings.errors import RecordUnavailable
from briefings.record.engine import writing
from briefings.record.schema import HEAD

#: what processes that migrate one PostgreSQL wait for: a number that stands for this program there
_LOCK = int.from_bytes(b"briefing")


def bring_to_head(engine: Engine, place: str) -> None:
    """Migrates in one transaction, which others wait for. Raises RecordUnavailable when the record is newer.

    What the database itself refuses is raised as SQLAlchemy's own error.
    """
    with engine.connect() as db:
        if current(db) == HEAD:
            return
    with writing(engine).begin() as db:
        if engine.dialect.name == "postgresql":  # SQLite's writers stand in line anyhow
            db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if current(db) != HEAD:  # another process may have been first
            _upgrade(db, place)


def current(db: Connection) -> str | None:
    """The revision a record is at; None for an empty database."""
    if not inspect(db).has_table("alembic_version"):
        return None
    found: str | None = db.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _upgrade(db: Connection, place: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": db})
    config.set_main_option("script_location", "briefings.record:migrations")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    found = current(db)
    if found is not None and found not in known:
        raise RecordUnavailable(
            f"The record at {place} was made by a newer version of this program (its revision is {found!r}): "
            "update the program, or point DATABASE_URL at another record."
        )
    command.upgrade(config, "head")
