"""The bot's tables are created and migrated automatically, in the same database as the articles."""

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
from bot.storage.store import open_store
from briefings.errors import DatabaseUnavailable
from briefings.storage.repository import open_repository
from tests.unit.bot.storage.conftest import Clock


def test_migrations_produce_the_schema(empty_address: str, clock: Clock) -> None:
    with closing(open_store(empty_address, RateLimit(20), clock)) as store, store.database.engine.connect() as db:
        context = MigrationContext.configure(db, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, METADATA) == []
        assert get_bot_revision(db) == HEAD


def test_head_is_the_last_revision() -> None:
    config = Config()
    config.set_main_option("script_location", "bot.storage:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


@pytest.mark.parametrize("articles_first", [True, False])
def test_articles_and_bot_tables_share_a_database(empty_address: str, clock: Clock, articles_first: bool) -> None:
    """Each side migrates its own tables, in either order, and can be reopened."""
    for opens_articles in (articles_first, not articles_first) * 2:
        if opens_articles:
            open_repository(empty_address, lambda: datetime.now(UTC)).close()
        else:
            open_store(empty_address, RateLimit(20), clock).close()
    with closing(open_store(empty_address, RateLimit(20), clock)) as store:
        names = set(inspect(store.database.engine).get_table_names())
    assert {"articles", "alembic_version", "handled", VERSION_TABLE} <= names


def test_concurrent_starts_migrate_once(empty_address: str, clock: Clock) -> None:
    with ThreadPoolExecutor(4) as executor:
        stores = list(executor.map(lambda _: open_store(empty_address, RateLimit(20), clock), range(4)))
    for store in stores:
        with store.database.engine.connect() as db:
            assert get_bot_revision(db) == HEAD
        store.close()


def test_tables_of_a_newer_version_are_refused(address: str, clock: Clock) -> None:
    with closing(open_store(address, RateLimit(20), clock)) as store:
        store.database.write(lambda db: db.exec_driver_sql("UPDATE alembic_version_bot SET version_num = '9999'"))
    with pytest.raises(DatabaseUnavailable, match="newer version of this program"):
        open_store(address, RateLimit(20), clock)


def test_file_that_is_not_a_database_raises_one_sentence(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "record.db").write_bytes(b"not a database, but long enough to be checked" * 50)
    with pytest.raises(DatabaseUnavailable, match="is not a database"):
        open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(20), clock)
