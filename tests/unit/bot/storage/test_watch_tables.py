"""The tables of watches are added to older databases, and what is stored there stays."""

from contextlib import closing

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text

from bot.storage.database import MIGRATION_HISTORY
from bot.storage.request_log import RateLimit
from bot.storage.schema import METADATA, VERSION_TABLE, digest_notices
from bot.storage.store import open_store
from briefings.storage.db.database import connect, get_writer
from tests.unit.bot.storage.conftest import Clock

INSERT = (
    "INSERT INTO digest_notices (team, person, text, at, next_try, attempts) "
    "VALUES ('T1', 'U1 C1', 'Paused.', '2026-06-24 12:00:00', '2026-06-24 12:00:00', 0)"
)


def test_notices_of_an_older_database_are_about_digests(empty_address: str, clock: Clock) -> None:
    engine = connect(empty_address)
    with get_writer(engine).begin() as db:
        config = Config(attributes={"connection": db})
        config.set_main_option("script_location", MIGRATION_HISTORY.scripts)
        command.upgrade(config, "0004")
        assert not inspect(db).has_table("watches")
        db.execute(text(INSERT))
    engine.dispose()
    with closing(open_store(empty_address, RateLimit(20), clock)) as store:
        rows = store.database.read(lambda db: db.execute(select(digest_notices)).all())
        assert [(row.person, row.subject) for row in rows] == [("U1 C1", "digest")]


def test_migrated_tables_are_those_of_the_schema(empty_address: str, clock: Clock) -> None:
    with closing(open_store(empty_address, RateLimit(20), clock)) as store, store.database.engine.connect() as db:
        context = MigrationContext.configure(db, opts={"version_table": VERSION_TABLE})
        differences = [
            difference
            for difference in compare_metadata(context, METADATA)
            if "watch" in str(difference) or "digest_notices" in str(difference)
        ]
    assert differences == []
