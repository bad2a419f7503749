"""Whoever sends digests may be killed at any moment, and Slack may take a message and say nothing: each comes once."""

import asyncio
import itertools
import random
import signal
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from sqlalchemy import select

from bot.digests.delivery.digest_repository import open_digest_repository
from bot.digests.schedule import EVERY_DAY, Schedule
from bot.storage.request_log import RateLimit
from bot.storage.schema import digest_runs
from bot.storage.store import open_store
from tests.stand_ins.digest_workers import Killer, started
from tests.stand_ins.digest_world import many, wish
from tests.support.postgresql import Server

DIGESTS, KILLS = 80, 32
#: what multiprocessing says of a process whose end it did not hear of, as may be when several are killed at once
UNKNOWN_EXIT = 255


async def run_with_kills(address: str, workers: int) -> None:
    """The kills fall on random calls of the seed that the run was given."""
    slack = Killer(random.Random(random.randrange(2**32)), KILLS)  # noqa: S311 - no secrets
    now = datetime.now(UTC)
    due = now - timedelta(minutes=1)
    schedule = Schedule(EVERY_DAY, (time(due.hour, due.minute),))
    with closing(open_store(address, RateLimit(20), now.timestamp)) as store:
        many(store, [wish(f"C{n}", zone="UTC", schedule=schedule) for n in range(DIGESTS)], now - timedelta(minutes=3))
        async with TestServer(slack.app) as server:
            api = str(server.make_url("/api/"))
            starting = asyncio.Lock()
            kill_counts = await asyncio.gather(*(_restart_until_done(address, api, starting) for _ in range(workers)))
        rows = store.database.read(lambda db: db.execute(select(digest_runs)).mappings().all())
        history = await open_digest_repository(store).list_history("T1", "C0")
    assert sum(kill_counts) == sum(slack.killed.values()) >= 30
    assert all(slack.killed[when] for when in ("before", "after"))
    assert slack.dropped
    assert len(rows) == DIGESTS
    assert {row["state"] for row in rows} == {"sent"}, [dict(row) for row in rows if row["state"] != "sent"]
    messages = [message for message in slack.posted if not message.get("thread_ts")]
    assert Counter(message["channel"] for message in messages) == Counter(f"C{n}" for n in range(DIGESTS))
    replies = [message for message in slack.posted if message.get("thread_ts")]
    assert {message["channel"]: message["ts"] for message in messages} == {
        message["channel"]: message["thread_ts"] for message in replies
    }
    assert len(replies) == DIGESTS
    assert [message.message_ts for message in history] == [
        messages[[message["channel"] for message in messages].index("C0")]["ts"]
    ]


async def _restart_until_done(address: str, api: str, starting: asyncio.Lock) -> int:
    """A worker, and another in its place each time it is killed; how many were."""
    for killed in itertools.count():
        async with starting:
            process = await asyncio.to_thread(started, address, api, DIGESTS)
        await asyncio.to_thread(process.join)
        if process.exitcode not in (-signal.SIGKILL, UNKNOWN_EXIT):
            assert process.exitcode == 0
            return killed
    raise AssertionError


async def test_one_worker_on_sqlite_started_again_after_each_kill(tmp_path: Path) -> None:
    await asyncio.wait_for(run_with_kills(f"sqlite:///{tmp_path}/record.db", 1), 110)


@pytest.mark.postgresql
async def test_four_workers_on_postgresql(durable_postgresql: Server) -> None:
    with durable_postgresql.database() as name:
        await asyncio.wait_for(run_with_kills(durable_postgresql.address(name), 4), 110)
