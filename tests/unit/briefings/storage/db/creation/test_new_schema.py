"""Tables that are created at once equal those that all migrations make, in both databases and for both packages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, inspect, text

from bot.storage import database as bot_database
from bot.storage.database import migrate_bot_tables
from briefings.storage.db.creation.migrator import MIGRATION_HISTORY, MigrationHistory, get_revision, migrate_to_head
from briefings.storage.db.database import connect, get_writer

HISTORIES = (
    pytest.param(MIGRATION_HISTORY, migrate_to_head, id="briefings"),
    pytest.param(bot_database.MIGRATION_HISTORY, migrate_bot_tables, id="bot"),
)
#: what reflection does not say of an SQLite table
_TABLE_KINDS = ("WITHOUT ROWID", "AUTOINCREMENT")
Migrate = Callable[[Engine, str], None]


def migrate_from_nothing(db: Connection, history: MigrationHistory) -> None:
    config = Config(attributes={"connection": db})
    config.set_main_option("script_location", history.scripts)
    command.upgrade(config, "head")


def describe_tables(db: Connection) -> dict[str, object]:
    """Return all that a database knows of its tables, without the order of columns."""
    inspector = inspect(db)
    schema: dict[str, object] = {}
    for name in inspector.get_table_names():
        columns = {
            column["name"]: (
                str(column["type"]),
                column["nullable"],
                # a sequence that was created beside the one of an older table has another name
                (column["default"] or "").replace("_seq1", "_seq"),
            )
            for column in inspector.get_columns(name)
        }
        schema[name] = (
            columns,
            inspector.get_pk_constraint(name),
            sorted(map(str, inspector.get_foreign_keys(name))),
            sorted(map(str, inspector.get_unique_constraints(name))),
        )
    return schema | describe_other_objects(db)


def describe_other_objects(db: Connection) -> dict[str, object]:
    """Return indexes, triggers, functions, virtual tables and special kinds of tables, as their statements."""
    if db.dialect.name == "sqlite":
        rows = db.execute(text("SELECT type, name, sql FROM sqlite_master")).all()
        return {
            f"{kind} {name}": sql if kind != "table" or "VIRTUAL" in sql else [word in sql for word in _TABLE_KINDS]
            for kind, name, sql in rows
            if sql
        }
    statements = (
        "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
        "SELECT relname, relkind::text FROM pg_class WHERE relnamespace = 'public'::regnamespace",
        "SELECT attrelid::regclass || '.' || attname, attcollation::regcollation::text FROM pg_attribute "
        "WHERE attnum > 0 AND NOT attisdropped AND attrelid::regclass::text IN "
        "(SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace)",
    )
    return {
        f"{number} {name}".replace("_seq1", "_seq"): value
        for number, sql in enumerate(statements)
        for name, value in db.execute(text(sql))
    }


@contextmanager
def open_empty(address: str) -> Iterator[Engine]:
    engine = connect(address)
    if engine.dialect.name == "postgresql":
        with engine.begin() as db:
            db.execute(text("DROP SCHEMA public CASCADE"))
            db.execute(text("CREATE SCHEMA public"))
    try:
        yield engine
    finally:
        engine.dispose()


def compare(first: str, second: str, history: MigrationHistory, migrate: Migrate) -> None:
    with open_empty(first) as engine:
        migrate(engine, "here")
        with engine.connect() as db:
            created = describe_tables(db)
            assert get_revision(db, history) == history.head
            rows = {name: db.execute(text(f"SELECT * FROM {name}")).all() for name in created if name == "totals"}  # noqa: S608 - our tables
    with open_empty(second) as engine:
        with get_writer(engine).begin() as db:
            migrate_from_nothing(db, history)
        with engine.connect() as db:
            migrated = describe_tables(db)
            assert rows == {name: db.execute(text(f"SELECT * FROM {name}")).all() for name in rows}  # noqa: S608 - our tables
    names = created.keys() | migrated.keys()
    assert {
        name: (created.get(name), migrated.get(name)) for name in names if created.get(name) != migrated.get(name)
    } == {}


@pytest.mark.parametrize(("history", "migrate"), HISTORIES)
def test_new_sqlite_database_equals_a_migrated_one(history: MigrationHistory, migrate: Migrate) -> None:
    compare("sqlite://", "sqlite://", history, migrate)


@pytest.mark.postgresql
@pytest.mark.parametrize(("history", "migrate"), HISTORIES)
def test_new_postgresql_database_equals_a_migrated_one(
    history: MigrationHistory, migrate: Migrate, postgresql_address: str
) -> None:
    compare(postgresql_address, postgresql_address, history, migrate)


@pytest.mark.parametrize(("history", "migrate"), HISTORIES)
def test_empty_revision_table_of_a_downgraded_database_is_used_again(
    history: MigrationHistory, migrate: Migrate
) -> None:
    with open_empty("sqlite://") as engine:
        with get_writer(engine).begin() as db:
            db.execute(text(f"CREATE TABLE {history.table} (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        migrate(engine, "here")
        with engine.connect() as db:
            assert get_revision(db, history) == history.head
