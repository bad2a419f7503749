"""The tables of muted sources and of mails are added to databases of every earlier version, and what is there stays."""

from contextlib import closing
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, insert, inspect, select, text

from bot.storage.database import MIGRATION_HISTORY
from bot.storage.request_log import RateLimit
from bot.storage.schema import (
    METADATA,
    VERSION_TABLE,
    digest_mail_recipients,
    digest_mails,
    digests,
    mail_sends,
    mutes,
)
from bot.storage.store import open_store
from briefings.storage.db.database import connect, get_writer
from tests.unit.bot.storage.conftest import Clock

NEW_TABLES = ("mutes", "digest_mail_recipients", "digest_mails", "mail_sends")
OLD_VERSIONS = ("0004", "0005", "0006", "0007")
NOW = datetime(2026, 6, 24, 12, tzinfo=UTC)
DIGEST = (
    "INSERT INTO digests (team, number, owner, channel, ask, schedule, zone, when_nothing, state, created_at, reached) "
    "VALUES ('T1', 3, 'U1', 'C1', 'ferries', '{}', 'UTC', 'silent', 'paused', "
    "'2026-06-24 12:00:00', '2026-06-24 12:00:00')"
)
MUTE = (
    "INSERT INTO mutes (team, channel, source, kind, label, person, at) "
    "VALUES ('T1', 'C1', 'outlet:tribune', 'outlet', 'The Tribune', 'U1', '2026-06-24 12:00:00')"
)


def make_config(db: Connection) -> Config:
    config = Config(attributes={"connection": db})
    config.set_main_option("script_location", MIGRATION_HISTORY.scripts)
    return config


def make_rows() -> list[tuple[object, dict[str, object]]]:
    recipient = {"digest": 1, "team": "T1", "address": "desk@example.com", "key": "k", "state": "pending"}
    mail = {"digest": 1, "due": NOW, "recipient": 1, "kind": "digest", "team": "T1", "state": "waiting"}
    return [
        (digest_mail_recipients, recipient | {"person": "U1", "added_at": NOW}),
        (digest_mails, mail | {"message": "x", "next_try": NOW, "deadline": NOW, "attempts": 0}),
        (mail_sends, {"team": "T1", "key": "k", "kind": "digest", "at": NOW}),
    ]


@pytest.mark.parametrize("version", OLD_VERSIONS)
def test_an_older_database_keeps_its_rows_and_gets_the_new_tables(
    empty_address: str, clock: Clock, version: str
) -> None:
    engine = connect(empty_address)
    with get_writer(engine).begin() as db:
        command.upgrade(make_config(db), version)
        old_tables = set(NEW_TABLES) & set(inspect(db).get_table_names())
        assert old_tables == ({"mutes"} if version == "0007" else set())
        db.execute(text(DIGEST))
        if version == "0007":
            db.execute(text(MUTE))
    engine.dispose()
    for _ in range(2):  # a second start changes nothing
        with closing(open_store(empty_address, RateLimit(20), clock)) as store:
            rows = store.database.read(lambda db: db.execute(select(digests)).all())
            assert [(row.number, row.ask, row.state) for row in rows] == [(3, "ferries", "paused")]
            labels = store.database.read(lambda db: db.execute(select(mutes.c.label)).scalars().all())
            assert labels == (["The Tribune"] if version == "0007" else [])
    with closing(open_store(empty_address, RateLimit(20), clock)) as store:
        for table, row in make_rows():
            store.database.write(lambda db, table=table, row=row: db.execute(insert(table).values(row)))  # type: ignore[misc]  # the loop's
            assert len(store.database.read(lambda db, table=table: db.execute(select(table)).all())) == 1  # type: ignore[misc]  # the loop's


def test_the_steps_can_be_undone_and_done_again(empty_address: str) -> None:
    engine = connect(empty_address)
    with get_writer(engine).begin() as db:
        command.upgrade(make_config(db), "0008")
        db.execute(text(DIGEST))
        command.downgrade(make_config(db), "0006")
        assert not set(NEW_TABLES) & set(inspect(db).get_table_names())
        assert db.execute(text("SELECT number FROM digests")).scalars().all() == [3]
        command.upgrade(make_config(db), "0008")
        assert set(NEW_TABLES) <= set(inspect(db).get_table_names())
    engine.dispose()


def test_migrated_tables_are_those_of_the_schema(empty_address: str, clock: Clock) -> None:
    with closing(open_store(empty_address, RateLimit(20), clock)) as store, store.database.engine.connect() as db:
        context = MigrationContext.configure(db, opts={"version_table": VERSION_TABLE})
        differences = [
            difference
            for difference in compare_metadata(context, METADATA)
            if any(name in str(difference) for name in ("mute", "mail"))
        ]
    assert differences == []
