"""A database from before there were keys: tokens and entries stay, longer tokens fit, and the log grows only."""

from contextlib import closing

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, select, text

from bot.storage.database import MIGRATION_HISTORY
from bot.storage.protection.token_cipher import TokenCipher
from bot.storage.protection.token_rotation import encrypt_stored_tokens
from bot.storage.request_log import RateLimit
from bot.storage.schema import METADATA, VERSION_TABLE, audit, bots
from bot.storage.store import open_store
from briefings import DatabaseUnavailable
from briefings.storage.db.database import connect, get_writer
from tests.support.keys import KEYS
from tests.unit.bot.storage.conftest import Clock

ENTRY = (
    "INSERT INTO audit (at, team, person, action, subject, detail) "
    "VALUES ('2026-06-24 12:00:00', 'T1', 'U1', 'added', 'a', '{}')"
)
LONG_TOKEN = f"xoxb-{'1' * 190}"
BOT = (
    "INSERT INTO slack_bots (client_id, app_id, team_id, bot_token, bot_id, bot_user_id, installed_at, "
    "is_enterprise_install) "
    "VALUES ('1.2', 'A1', 'T1', :token, 'B1', 'UBOT', '2026-06-24 12:00:00', false)"
)


def make_config(db: Connection) -> Config:
    config = Config(attributes={"connection": db})
    config.set_main_option("script_location", MIGRATION_HISTORY.scripts)
    return config


def test_an_older_database_keeps_its_rows_and_is_protected(empty_address: str, clock: Clock) -> None:
    engine = connect(empty_address)
    with get_writer(engine).begin() as db:
        command.upgrade(make_config(db), "0008")
        db.execute(text(ENTRY))
        db.execute(text(BOT), {"token": LONG_TOKEN})
    engine.dispose()
    with closing(open_store(empty_address, RateLimit(20), clock, KEYS)) as store:
        assert encrypt_stored_tokens(store.database, TokenCipher(KEYS)) == 1
        value = store.database.read(lambda db: db.execute(select(bots.c.bot_token)).scalar_one())
        assert TokenCipher(KEYS).decrypt(value, ("", "T1", "bot_token")) == LONG_TOKEN
        report = store.audit_log.check()
        assert (report.unsealed, report.sealed) == (1, 0)
        with pytest.raises(DatabaseUnavailable):
            store.database.write(lambda db: db.execute(audit.delete()))
        with store.database.engine.connect() as db:
            context = MigrationContext.configure(db, opts={"version_table": VERSION_TABLE})
            differences = compare_metadata(context, METADATA)
            names = ("audit", "slack") if db.dialect.name == "postgresql" else ("audit",)  # SQLite ignores lengths
    assert [difference for difference in differences if any(name in str(difference) for name in names)] == []


def test_the_step_can_be_undone_and_done_again(empty_address: str) -> None:
    engine = connect(empty_address)
    with get_writer(engine).begin() as db:
        command.upgrade(make_config(db), "0010")
        db.execute(text(ENTRY))
        command.downgrade(make_config(db), "0008")
        db.execute(text("DELETE FROM audit"))
        command.upgrade(make_config(db), "0010")
    engine.dispose()
