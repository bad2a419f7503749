"""Digests are posted exactly once, even if workers are killed or Slack drops its replies."""

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
from bot.digests.schedule import build_weekly_schedule
from bot.digests.scheduling.rule import EVERY_DAY
from bot.storage.request_log import RateLimit
from bot.storage.schema import digest_runs
from bot.storage.store import open_store
from tests.stand_ins.digest_workers import KillerSlack, start_worker
from tests.stand_ins.digest_world import add_digests, make_config
from tests.support.depth import choose
from tests.support.postgresql import Server

DIGESTS, KILLS = 80, choose(8, 32)
#: exit code that multiprocessing reports when it missed a process's end, for example after several kills at once
UNKNOWN_EXIT = 255


async def run_with_kills(address: str, workers: int) -> None:
    """Send all digests while workers are killed at random calls. The run's seed decides which."""
    slack = KillerSlack(random.Random(random.randrange(2**32)), KILLS)  # noqa: S311 - no secrets
    now = datetime.now(UTC)
    due = now - timedelta(minutes=1)
    schedule = build_weekly_schedule(EVERY_DAY, (time(due.hour, due.minute),))
    with closing(open_store(address, RateLimit(20), now.timestamp)) as store:
        add_digests(
            store,
            [make_config(f"C{n}", zone="UTC", schedule=schedule) for n in range(DIGESTS)],
            now - timedelta(minutes=3),
        )
        async with TestServer(slack.app) as server:
            api = str(server.make_url("/api/"))
            starting = asyncio.Lock()
            kill_counts = await asyncio.gather(*(_restart_until_done(address, api, starting) for _ in range(workers)))
        rows = store.database.read(lambda db: db.execute(select(digest_runs)).mappings().all())
        history = await open_digest_repository(store).list_history("T1", "C0")
    assert sum(kill_counts) == sum(slack.kill_counts.values()) >= KILLS - 2
    assert all(slack.kill_counts[moment] for moment in ("before", "after"))
    assert slack.drop_count
    assert len(rows) == DIGESTS
    assert {row["state"] for row in rows} == {"sent"}, [dict(row) for row in rows if row["state"] != "sent"]
    details = [message for message in slack.messages if message["text"].startswith("detail")]
    messages = [message for message in slack.messages if message not in details]
    for posts in (messages, details):
        assert Counter(message["channel"] for message in posts) == Counter(f"C{n}" for n in range(DIGESTS))
    ts_by_channel = {message["channel"]: message["ts"] for message in messages}
    places = Counter(message.get("thread_ts") == ts_by_channel[message["channel"]] for message in details)
    assert places == {True: DIGESTS // 2, False: DIGESTS // 2}, "half of the digests have their details in the channel"
    assert not any(message.get("thread_ts") for message in messages)
    assert [entry.message_ts for entry in history] == [ts_by_channel["C0"]]


async def _restart_until_done(address: str, api: str, starting: asyncio.Lock) -> int:
    """Run a worker, restart it after each kill, and return the number of kills."""
    for killed in itertools.count():
        async with starting:
            process = await asyncio.to_thread(start_worker, address, api, DIGESTS)
        await asyncio.to_thread(process.join)
        if process.exitcode not in (-signal.SIGKILL, UNKNOWN_EXIT):
            assert process.exitcode == 0
            return killed
    raise AssertionError


async def test_one_worker_on_sqlite_survives_kills(tmp_path: Path) -> None:
    await asyncio.wait_for(run_with_kills(f"sqlite:///{tmp_path}/record.db", 1), 110)


@pytest.mark.postgresql
async def test_four_workers_on_postgresql_survive_kills(durable_postgresql: Server) -> None:
    with durable_postgresql.temporary_database() as name:
        await asyncio.wait_for(run_with_kills(durable_postgresql.build_url(name), 4), 110)
