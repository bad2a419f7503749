"""Brings tables to their newest revision when a database is opened: the record's, or those of whoever keeps more there.

Rule: tables that are there already cost two queries; Alembic is imported only to migrate. Several processes may start
at once: one migrates, the others wait. Tables newer than the program are left alone.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, column, inspect, select, table, text

from briefings.errors import DatabaseUnavailable
from briefings.storage.db.database import get_writer
from briefings.storage.db.schema import HEAD

#: what processes that migrate one PostgreSQL wait for: a number that stands for this program there
_LOCK = int.from_bytes(b"briefing")


@dataclass(frozen=True, slots=True)
class MigrationHistory:
    """Tables with revisions of their own. `whose` begins a sentence: "The record at ... was made by ..."."""

    owner: str
    #: the package of Alembic's scripts, as "package:folder"
    scripts: str
    #: the table that holds the revision
    table: str
    #: the newest revision that this program knows
    head: str


RECORD_HISTORY = MigrationHistory("The record", "briefings.storage:migrations", "alembic_version", HEAD)


def migrate_to_head(engine: Engine, location: str, history: MigrationHistory = RECORD_HISTORY) -> None:
    """Migrates in one transaction, which others wait for. Raises RecordUnavailable when the tables are newer.

    What the database itself refuses is raised as SQLAlchemy's own error.
    """
    with engine.connect() as db:
        if get_revision(db, history) == history.head:
            return
    with get_writer(engine).begin() as db:
        if db.dialect.name == "postgresql":  # SQLite's writers stand in line anyhow
            db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if get_revision(db, history) != history.head:  # another process may have been first
            _upgrade(db, location, history)


def get_revision(db: Connection, history: MigrationHistory = RECORD_HISTORY) -> str | None:
    """The revision the tables are at; None when there are none."""
    if not inspect(db).has_table(history.table):
        return None
    revision: str | None = db.execute(select(column("version_num")).select_from(table(history.table))).scalar()
    return revision


def _upgrade(db: Connection, location: str, history: MigrationHistory) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": db})
    config.set_main_option("script_location", history.scripts)
    known_revisions = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    revision = get_revision(db, history)
    if revision is not None and revision not in known_revisions:
        raise DatabaseUnavailable(
            f"{history.owner} at {location} was made by a newer version of this program (its revision is {revision!r}): "
            "update the program, or point DATABASE_URL at another database."
        )
    command.upgrade(config, "head")
