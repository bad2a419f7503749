"""Migrate a set of tables to its newest revision when a database is opened.

Rule: tables that are up to date cost two queries. Alembic, which is slow to import, migrates older tables; new ones are
created without it. If several processes start at once, one migrates and the others wait. Tables newer than the program
stay untouched.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    column,
    insert,
    inspect,
    select,
    table,
    text,
)

from briefings.errors import DatabaseUnavailable
from briefings.storage.db.creation.new_schema import create_tables
from briefings.storage.db.database import get_writer
from briefings.storage.db.schema import HEAD

#: key of the PostgreSQL advisory lock that only one migrating process holds
_LOCK = int.from_bytes(b"briefing")


@dataclass(frozen=True, slots=True)
class MigrationHistory:
    """Migration history of a set of tables. `owner` begins a sentence: "The database at ... was created by ..."."""

    owner: str
    #: location of the Alembic scripts, as "package:folder"
    scripts: str
    #: the table that stores the current revision
    table: str
    #: the newest revision that this program knows
    head: str
    #: creates the tables at that revision, all of them, in an empty database
    create_tables: Callable[[Connection], None]


MIGRATION_HISTORY = MigrationHistory(
    "The database", "briefings.storage:migrations", "alembic_version", HEAD, create_tables
)


def migrate_to_head(engine: Engine, location: str, history: MigrationHistory = MIGRATION_HISTORY) -> None:
    """Migrate in one transaction, while other processes wait.

    Raises DatabaseUnavailable if the tables are newer than the program. Errors of the database are SQLAlchemy's.
    """
    with engine.connect() as db:
        if get_revision(db, history) == history.head:
            return
    with get_writer(engine).begin() as db:
        if db.dialect.name == "postgresql":  # SQLite runs one writer at a time anyway
            db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        revision = get_revision(db, history)  # another process may have migrated meanwhile
        if revision is None:
            history.create_tables(db)
            _write_first_revision(db, history)
        elif revision != history.head:
            _upgrade(db, location, history)


def get_revision(db: Connection, history: MigrationHistory = MIGRATION_HISTORY) -> str | None:
    """Return the current revision of the tables, or None if they do not exist."""
    if not inspect(db).has_table(history.table):
        return None
    revision: str | None = db.execute(select(column("version_num")).select_from(table(history.table))).scalar()
    return revision


def _write_first_revision(db: Connection, history: MigrationHistory) -> None:
    """Write the revision as Alembic does, so that later versions can migrate the tables."""
    revisions = Table(
        history.table,
        MetaData(),
        Column("version_num", String(32), nullable=False),
        PrimaryKeyConstraint("version_num", name=f"{history.table}_pkc"),
    )
    revisions.create(db, checkfirst=True)  # an empty table may be left of a database that was migrated down
    db.execute(insert(revisions).values(version_num=history.head))


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
            f"{history.owner} at {location} was created by a newer version of this program (revision {revision!r}): "
            "update the program, or point DATABASE_URL at another database."
        )
    command.upgrade(config, "head")
