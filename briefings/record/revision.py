"""Brings tables to their newest revision when a database is opened: the record's, or those of whoever keeps more there.

Rule: tables that are there already cost two queries; Alembic is imported only to migrate. Several processes may start
at once: one migrates, the others wait. Tables newer than the program are left alone.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, column, inspect, select, table, text

from briefings.errors import RecordUnavailable
from briefings.record.engine import writing
from briefings.record.schema import HEAD

#: what processes that migrate one PostgreSQL wait for: a number that stands for this program there
_LOCK = int.from_bytes(b"briefing")


@dataclass(frozen=True, slots=True)
class History:
    """Tables with revisions of their own. `whose` begins a sentence: "The record at ... was made by ..."."""

    whose: str
    #: the package of Alembic's scripts, as "package:folder"
    scripts: str
    #: the table that holds the revision
    table: str
    #: the newest revision that this program knows
    head: str


RECORD = History("The record", "briefings.record:migrations", "alembic_version", HEAD)


def bring_to_head(engine: Engine, place: str, history: History = RECORD) -> None:
    """Migrates in one transaction, which others wait for. Raises RecordUnavailable when the tables are newer.

    What the database itself refuses is raised as SQLAlchemy's own error.
    """
    with engine.connect() as db:
        if current(db, history) == history.head:
            return
    with writing(engine).begin() as db:
        if db.dialect.name == "postgresql":  # SQLite's writers stand in line anyhow
            db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if current(db, history) != history.head:  # another process may have been first
            _upgrade(db, place, history)


def current(db: Connection, history: History = RECORD) -> str | None:
    """The revision the tables are at; None when there are none."""
    if not inspect(db).has_table(history.table):
        return None
    found: str | None = db.execute(select(column("version_num")).select_from(table(history.table))).scalar()
    return found


def _upgrade(db: Connection, place: str, history: History) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": db})
    config.set_main_option("script_location", history.scripts)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    found = current(db, history)
    if found is not None and found not in known:
        raise RecordUnavailable(
            f"{history.whose} at {place} was made by a newer version of this program (its revision is {found!r}): "
            "update the program, or point DATABASE_URL at another database."
        )
    command.upgrade(config, "head")
