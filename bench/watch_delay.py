"""Measure the delay from the arrival of an article to its last message, with 1,000 watches and the running scheduler.

Reference: posting the same number of messages with the same client, without watches.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from bench.figures import Figure
from bot.core.tenancy import use_team
from bot.delivery.scheduler import PassScheduler
from bot.server.server import WATCH_SECONDS
from bot.slack.blocks.message import Message
from bot.slack.transport import clients
from bot.slack.transport.channel_posts import QueuedChannelPoster
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from bot.watches.delivery.runner import WatchRunner
from bot.watches.delivery.stored_articles import StoredArticles
from bot.watches.delivery.watch_repository import open_watch_repository
from bot.watches.model import WatchConfig
from briefings.model import Article
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository
from briefings.watches import WatchQuery

_WATCHES, _ROUNDS = 1_000, 3
#: numbers of watches that one article matches, each in another channel; in all rounds, fewer than the limit of an hour
_MATCHES = (1, 100, _WATCHES)
_NOUNS = (
    "fishing ferries parking rowing schools clinics markets gardens theatres trams bridges lamps roofs bakeries wells "
    "orchards libraries kites tunnels chimneys fountains stables hedges mills quarries dunes meadows lanterns barrels "
    "carts drums fences gates halls islands jetties kilns lanes moors nets ovens pumps quilts ropes sheds towers"
)


def measure() -> Iterator[Figure]:
    """Yield the seconds from the arrival to the last message, for each number of matches."""
    yield from asyncio.run(_measure_all())


async def _measure_all() -> list[Figure]:
    slack = _CountingSlack()
    async with TestServer(slack.app) as server:
        client = clients.make_web_client(str(server.make_url("/api/")), "xoxb-bench")
        with TemporaryDirectory() as folder:
            address = f"sqlite:///{Path(folder) / 'record.db'}"
            with (
                closing(open_repository(address, _now)) as repository,
                closing(open_store(address, RateLimit(60), time.time)) as store,
            ):
                return await _measure(BriefingService(repository), store, slack, client)


async def _measure(
    service: BriefingService, store: Store, slack: "_CountingSlack", client: AsyncWebClient
) -> list[Figure]:
    watch_repository = open_watch_repository(store)
    for number in range(_WATCHES):
        words = [f"harbour{size}" for size in _MATCHES if number < size]
        query = WatchQuery(words=words[0])
        with use_team("T1"):
            await watch_repository.add(WatchConfig("T1", f"C{number}", "U1", query))

    async def find_client(_: str) -> AsyncWebClient:
        return client

    runner = WatchRunner(store, StoredArticles(service), QueuedChannelPoster(), find_client, _now)
    figures = []
    async with PassScheduler(runner, WATCH_SECONDS).run():
        for count in _MATCHES:
            delays = [await _measure_delay(service, slack, count, round_number) for round_number in range(_ROUNDS)]
            raw = await _measure_posts(slack, client, count)
            figures.append(Figure(f"watch_delay.{_WATCHES}_watches.{count}_matches.max_s", max(delays), raw))
    runner.close()
    return figures


async def _measure_delay(service: BriefingService, slack: "_CountingSlack", count: int, round_number: int) -> float:
    sizes = [size for size in _MATCHES if size <= count]
    words = " and ".join(f"harbour{size}" for size in sizes)
    # another statement in each round, because further reports of one are gathered
    nouns = Random(count * _ROUNDS + round_number).sample(_NOUNS.split(), 30)  # noqa: S311 - no secrets
    first, second, third = (" and ".join(nouns[start : start + 10]) for start in (0, 10, 20))
    text = (
        f"On Monday the committee for {first} heard the residents.\n\n"
        f"“Before we give up {words}, think of {second},” said Jane Roe, the mayor of Easton.\n\n"
        f"Plans for {third} follow in spring."
    )
    article = Article(f"a{count}-{round_number}", text, "The Tribune", date(2031, 3, 3))
    expected_count = slack.count + count
    started_at = time.perf_counter()
    await asyncio.to_thread(service.add, [article])
    await slack.wait_for(expected_count)
    delay = time.perf_counter() - started_at
    await asyncio.sleep(1.1 + (round_number * 0.37) % WATCH_SECONDS)  # the channels are free, at another moment
    return delay


async def _measure_posts(slack: "_CountingSlack", client: AsyncWebClient, count: int) -> float:
    poster, expected_count = QueuedChannelPoster(), slack.count + count
    started_at = time.perf_counter()
    for start in range(0, count, 8):
        channels = [f"R{number}" for number in range(start, min(start + 8, count))]
        await asyncio.gather(*(poster.post(client, channel, Message("Hello")) for channel in channels))
    await slack.wait_for(expected_count)
    return time.perf_counter() - started_at


class _CountingSlack:
    """Stand-in for Slack that counts messages."""

    def __init__(self) -> None:
        self.count = 0
        self._arrival = asyncio.Condition()
        self.app = web.Application()
        self.app.router.add_post("/api/chat.postMessage", self._post)

    async def _post(self, _: web.Request) -> web.Response:
        async with self._arrival:
            self.count += 1
            self._arrival.notify_all()
        return web.json_response({"ok": True, "ts": f"{time.time():.3f}{self.count % 1000:03}"})

    async def wait_for(self, count: int) -> None:
        """Wait until this many messages have arrived."""
        async with self._arrival:
            await self._arrival.wait_for(lambda: self.count >= count)


def _now() -> datetime:
    return datetime.now(UTC)
