"""Backups contain the bot's lasting data, and no token of a workspace."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert, select

from bot.storage.database import BOT_TABLES
from bot.storage.request_log import RateLimit
from bot.storage.schema import (
    audit,
    bots,
    digest_channels,
    digest_history,
    digest_notices,
    digest_runs,
    digests,
    feedback,
    greetings,
    handled_requests,
    installations,
    oauth_states,
    rate_limits,
    shares,
)
from bot.storage.store import Store, open_store
from briefings.storage.db.database import connect, get_writer
from briefings.storage.maintenance.backup import write_backup
from briefings.storage.maintenance.restore import restore_backup

NOON = datetime(2016, 7, 1, 12, 0, tzinfo=UTC)
LASTING: dict[Table, dict[str, Any]] = {
    feedback: {
        "at": NOON,
        "team": "T1",
        "person": "U1",
        "asked": "lynch-mob",
        "article": "a",
        "start": 0,
        "end": 3,
        "kind": "wrong",
        "comment": "No.",
        "state": "open",
    },
    audit: {"at": NOON, "team": "T1", "action": "shared", "subject": "C1", "detail": {"ts": "1"}},
    shares: {"team": "T1", "channel": "C1", "ts": "1", "person": "U1", "at": NOON, "asked": "briefing labour-crisis"},
    digests: {
        "team": "T1",
        "channel": "C1",
        "number": 1,
        "owner": "U1",
        "ask": "labour-crisis",
        "schedule": "daily at 08:30",
        "zone": "Europe/London",
        "when_nothing": "silent",
        "state": "active",
        "created_at": NOON,
        "reached": NOON,
    },
    digest_runs: {"digest": 1, "due": NOON, "state": "sent", "late": False, "attempts": 1},
    digest_history: {
        "team": "T1",
        "channel": "C1",
        "fingerprint": "f",
        "detail": {},
        "digest": 1,
        "due": NOON,
        "place": 0,
        "message_ts": "1",
    },
    digest_channels: {"team": "T1", "channel": "C1", "details": "none"},
    greetings: {"team": "T1", "subject": "C1", "at": NOON},
    digest_notices: {"team": "T1", "person": "U1", "text": "Paused.", "at": NOON, "next_try": NOON, "attempts": 0},
}
SHORT_LIVED: dict[Table, dict[str, Any]] = {
    handled_requests: {"key": "e1", "until": 1.0},
    rate_limits: {"team": "T1", "person": "U1", "paid_until": 1.0},
}
BOT = {
    "client_id": "1.1",
    "app_id": "A1",
    "team_id": "T1",
    "bot_token": "a-secret-token",
    "bot_id": "B1",
    "bot_user_id": "U0",
    "installed_at": NOON,
}
SECRET: dict[Table, dict[str, Any]] = {
    bots: BOT,
    installations: {**BOT, "user_id": "U1"},
    oauth_states: {"state": "a-secret-token", "expire_at": NOON},
}


def count_rows(address: str) -> dict[str, int]:
    """Return the number of rows of each of the bot's tables."""
    engine = connect(address)
    with engine.connect() as db:
        counts = {
            table.name: len(db.execute(select(table.primary_key.columns)).all())
            for table in BOT_TABLES.metadata.sorted_tables
        }
    engine.dispose()
    return counts


def fill(address: str) -> None:
    """Add one row to every table."""
    engine = connect(address)
    with get_writer(engine).begin() as db:
        for table, row in {**LASTING, **SHORT_LIVED, **SECRET}.items():
            db.execute(insert(table).values(row))
    engine.dispose()


def test_every_table_is_listed_here() -> None:
    assert {*LASTING, *SHORT_LIVED, *SECRET} == set(BOT_TABLES.metadata.sorted_tables)
    assert set(BOT_TABLES.list_lasting_tables()) == set(LASTING)


def test_backup_contains_lasting_data_and_no_token(store: Store, address: str, tmp_path: Path) -> None:
    assert store
    fill(address)
    file, other_address = tmp_path / "backup.db", f"sqlite:///{tmp_path}/other.db"
    write_backup(address, file, external_tables=BOT_TABLES)
    assert b"a-secret-token" not in file.read_bytes()
    restore_backup(other_address, file, external_tables=BOT_TABLES)
    lasting_names = {table.name for table in LASTING}
    assert count_rows(other_address) == {name: int(name in lasting_names) for name in count_rows(address)}
    with closing(open_store(other_address, RateLimit(20), lambda: 0.0)):
        pass  # the restored tables are at the newest revision


def test_restore_keeps_the_tokens_of_the_running_bot(store: Store, address: str, tmp_path: Path) -> None:
    assert store
    write_backup(address, tmp_path / "backup.db", external_tables=BOT_TABLES)
    fill(address)
    restore_backup(address, tmp_path / "backup.db", external_tables=BOT_TABLES, replace=True)
    lasting_names = {table.name for table in LASTING}
    assert count_rows(address) == {name: int(name not in lasting_names) for name in count_rows(address)}
