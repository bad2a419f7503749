"""The bot's tables are made and migrated by themselves, beside the record's, whoever comes first."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from bot.storage.database import get_bot_revision
from bot.storage.request_log import RateLimit
from bot.storage.schema import HEAD, METADATA, VERSION_TABLE
from bot.storage.store import Store, open_store
from briefings.errors import DatabaseUnavailable
from briefings.storage.repository import open_repository
from tests.unit.bot.storage.conftest import Clock


def test_migrations_end_where_the_schema_is(store: Store) -> None:
    with store.database.engine.connect() as db:
        context = MigrationContext.configure(db, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, METADATA) == []
        assert get_bot_revision(db) == HEAD


def test_head_is_the_last_revision() -> None:
    config = Config()
    config.set_main_option("script_location", "bot.storage:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


@pytest.mark.parametrize("record_first", [True, False])
def test_the_record_and_the_bot_share_a_database(address: str, clock: Clock, record_first: bool) -> None:
    """Each migrates its own tables, in either order, and opens again."""
    for turn in (record_first, not record_first, record_first, not record_first):
        if turn:
            open_repository(address, lambda: datetime.now(UTC)).close()
        else:
            open_store(address, RateLimit(20), clock).close()
    with closing(open_store(address, RateLimit(20), clock)) as store:
        names = set(inspect(store.database.engine).get_table_names())
    assert {"articles", "alembic_version", "handled", VERSION_TABLE} <= names


def test_processes_that_start_at_once_migrate_once(address: str, clock: Clock) -> None:
    with ThreadPoolExecutor(4) as together:
        stores = list(together.map(lambda _: open_store(address, RateLimit(20), clock), range(4)))
    for store in stores:
        with store.database.engine.connect() as db:
            assert get_bot_revision(db) == HEAD
        store.close()


def test_tables_of_a_newer_program_are_left_alone(address: str, clock: Clock) -> None:
    with closing(open_store(address, RateLimit(20), clock)) as store:
        store.database.write(lambda db: db.exec_driver_sql("UPDATE alembic_version_bot SET version_num = '9999'"))
    with pytest.raises(DatabaseUnavailable, match="newer version of this program"):
        open_store(address, RateLimit(20), clock)


def test_a_place_that_is_no_database_is_one_sentence(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "record.db").write_bytes(b"no database at all, but long enough to be looked at" * 50)
    with pytest.raises(DatabaseUnavailable, match="is no database"):
        open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(20), clock)
