"""Messages of watches are posted exactly once, even if replicas are killed or Slack drops its replies."""

import asyncio
import itertools
import random
import signal
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from sqlalchemy import select

from bot.storage.request_log import RateLimit
from bot.storage.schema import watch_notices
from bot.storage.store import open_store
from bot.watches.delivery.watch_repository import open_watch_repository
from bot.watches.model import WatchConfig
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository
from briefings.watches import WatchQuery
from tests.scenarios.test_digest_kills import UNKNOWN_EXIT
from tests.stand_ins.watch_workers import EditingKillerSlack, start_worker
from tests.stand_ins.watch_world import make_article
from tests.support.depth import choose
from tests.support.postgresql import Server

CHANNELS, STATEMENTS, KILLS = 60, 20, choose(8, 32)
DOCKS = [f"{first}{last}" for first in ("Arne", "Bolt", "Cray", "Dunn") for last in ("by", "ham", "ley", "ton", "wick")]
#: reports of each statement: outlet, and what its quotation has more
REPORTS = (("The Tribune", ""), ("The Courier", ""), ("The Harbour Post", " today"))


async def run_with_kills(address: str, workers: int) -> None:
    """Add articles while workers are killed at random calls. The run's seed decides which."""
    slack = EditingKillerSlack(random.Random(random.randrange(2**32)), KILLS)  # noqa: S311 - no secrets

    def now() -> datetime:
        return datetime.now(UTC)

    with (
        closing(open_repository(address, now)) as repository,
        closing(open_store(address, RateLimit(20), lambda: now().timestamp())) as store,
    ):
        service = BriefingService(repository)
        watch_repository = open_watch_repository(store)
        for number in range(CHANNELS):
            query = WatchQuery(f"{DOCKS[number % STATEMENTS]} dock")
            await watch_repository.add(WatchConfig("T1", f"C{number}", "U1", query))
        async with TestServer(slack.app) as server:
            api = str(server.make_url("/api/"))
            starting = asyncio.Lock()
            *kill_counts, _ = await asyncio.gather(
                *(_restart_until_done(address, api, starting) for _ in range(workers)),
                asyncio.to_thread(_add_articles, service),
            )
        rows = store.database.read(lambda db: db.execute(select(watch_notices)).mappings().all())
    assert sum(filter(None, kill_counts)) == sum(slack.kill_counts.values()) >= KILLS - 2
    assert all(slack.kill_counts[moment] for moment in ("before", "after"))
    assert slack.drop_count
    assert {row["state"] for row in rows} == {"sent"}, [dict(row) for row in rows if row["state"] != "sent"]
    assert Counter(row["kind"] for row in rows) == {"match": CHANNELS, "reports": CHANNELS}
    heads = [message for message in slack.messages if "thread_ts" not in message]
    gathered = [message for message in slack.messages if "thread_ts" in message]
    for posts in (heads, gathered):
        assert Counter(message["channel"] for message in posts) == Counter(f"C{n}" for n in range(CHANNELS))
    ts_by_channel = {message["channel"]: message["ts"] for message in heads}
    assert {message["channel"]: message["thread_ts"] for message in gathered} == ts_by_channel
    assert {message["text"].partition(":")[0] for message in gathered} == {"Also in two outlets, with two wordings"}


def _add_articles(service: BriefingService) -> None:
    """Add all reports of each statement, outlet by outlet."""
    for outlet, more in REPORTS:
        for number, dock in enumerate(DOCKS):
            words = f"We will never sell the {dock} dock to a speculator, not now and not ever{more}"
            service.add([make_article(f"{outlet.split()[-1]}-{number}", outlet, words)])


async def _restart_until_done(address: str, api: str, starting: asyncio.Lock) -> int:
    """Run a worker, restart it after each kill, and return the number of kills."""
    for killed in itertools.count():
        async with starting:
            process = await asyncio.to_thread(start_worker, address, api, CHANNELS * len(REPORTS))
        await asyncio.to_thread(process.join)
        if process.exitcode not in (-signal.SIGKILL, UNKNOWN_EXIT):
            assert process.exitcode == 0
            return killed
    raise AssertionError


async def test_two_replicas_on_sqlite_survive_kills(tmp_path: Path) -> None:
    await asyncio.wait_for(run_with_kills(f"sqlite:///{tmp_path}/record.db", 2), 480)


@pytest.mark.postgresql
async def test_two_replicas_on_postgresql_survive_kills(durable_postgresql: Server) -> None:
    with durable_postgresql.temporary_database() as name:
        await asyncio.wait_for(run_with_kills(durable_postgresql.build_url(name), 2), 480)
