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
    audit_head,
    bots,
    digest_channels,
    digest_history,
    digest_mail_recipients,
    digest_mails,
    digest_notices,
    digest_runs,
    digests,
    feedback,
    greetings,
    handled_requests,
    installations,
    mail_sends,
    mutes,
    oauth_states,
    rate_limits,
    shares,
    waiting_links,
    watch_changes,
    watch_channels,
    watch_matches,
    watch_notices,
    watches,
    workspace_topic_versions,
    workspace_topics,
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
    audit_head: {"id": 1, "entry_count": 0, "seal": "", "key_id": "", "proof": ""},
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
    digest_mail_recipients: {
        "digest": 1,
        "team": "T1",
        "address": "desk@example.com",
        "key": "k",
        "state": "confirmed",
        "person": "U1",
        "added_at": NOON,
    },
    digest_mails: {
        "digest": 1,
        "due": NOON,
        "recipient": 1,
        "kind": "digest",
        "team": "T1",
        "state": "sent",
        "deadline": NOON,
        "attempts": 1,
    },
    mail_sends: {"team": "T1", "key": "k", "kind": "digest", "at": NOON},
    digest_channels: {"team": "T1", "channel": "C1", "details": "none"},
    waiting_links: {"team": "T1", "person": "U1", "link": "https://tribune.example/a", "asked_at": NOON},
    mutes: {
        "team": "T1",
        "channel": "C1",
        "source": "outlet:tribune",
        "kind": "outlet",
        "label": "The Tribune",
        "person": "U1",
        "at": NOON,
    },
    greetings: {"team": "T1", "subject": "C1", "at": NOON},
    watches: {
        "team": "T1",
        "channel": "C1",
        "number": 1,
        "owner": "U1",
        "query": {"phrase": "lynch-mob"},
        "thread": "",
        "state": "active",
        "created_at": NOON,
        "version": 1,
    },
    watch_changes: {"id": 1, "version": 1},
    watch_channels: {"team": "T1", "channel": "C1", "hourly_limit": 10, "quiet": "", "zone": "Europe/London"},
    watch_notices: {
        "team": "T1",
        "channel": "C1",
        "watch": 1,
        "kind": "match",
        "state": "sent",
        "created_at": NOON,
        "due": NOON,
        "content_version": 1,
        "posted_version": 1,
        "attempts": 1,
    },
    watch_matches: {"watch": 1, "article": "a", "notice": 1, "at": NOON, "detail": {}},
    workspace_topics: {
        "team": "T1",
        "slug": "floods",
        "title": "Floods",
        "words": ["flood"],
        "former_names": [],
        "state": "listed",
        "at": NOON,
    },
    workspace_topic_versions: {"team": "T1", "version": 1},
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
    # the audit log grows only, so its entries stay too
    replaced_names = {table.name for table in LASTING} - {"audit", "audit_head"}
    assert count_rows(address) == {name: int(name not in replaced_names) for name in count_rows(address)}
