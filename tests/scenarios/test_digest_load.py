"""Thousands of digests due within one minute in hundreds of channels, run with a simulated clock."""

import gc
import logging
import sys
from array import array
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlalchemy import func, select

from bot.delivery.slack_errors import RetryPolicy
from bot.digests.delivery.runner import DigestRunner
from bot.digests.model import Content, Digest
from bot.digests.schedule import build_weekly_schedule
from bot.digests.scheduling.rule import EVERY_DAY
from bot.slack.blocks.message import Message
from bot.slack.transport.channel_posts import QueuedChannelPoster
from bot.storage.request_log import RateLimit
from bot.storage.schema import digest_runs
from bot.storage.store import open_store
from tests.stand_ins.digest_world import InMemorySlack, add_digests, make_config
from tests.support.clock import InstantClock
from tests.support.depth import choose

DIGESTS, CHANNELS = choose((2_000, 400), (10_000, 2_000))
BEFORE = datetime(2026, 6, 24, 7, 29, tzinfo=UTC)
#: seconds that Slack needs for a reply, and the number of posts between two rate limits
REPLY_SECONDS, POSTS_PER_LIMIT = 0.02, 997


class OneLineSource:
    """Source with one line of content per digest."""

    async def fetch_content(self, digest: Digest, now: datetime) -> Content | None:
        return Content(Message(f"{digest.id} {now:%H}"))


class BusySlack(InMemorySlack):
    """Slack client that counts posts above the rate limit and records only the order of posts."""

    def __init__(self, clock: InstantClock) -> None:
        super().__init__(clock)
        self.clock = clock
        self.order = array("l")
        self.too_fast = self.limited = 0
        self.blocks: list[int] = []
        self._last: dict[str, float] = {}

    async def chat_postMessage(self, **arguments: Any) -> Any:  # noqa: N802 - as slack_sdk has it
        channel, now = arguments["channel"], self.clock.now
        self.too_fast += now - self._last.get(channel, 0.0) < 1.0
        self._last[channel] = now
        self.clock.now += REPLY_SECONDS
        if (
            len(self.order) % POSTS_PER_LIMIT == POSTS_PER_LIMIT - 1
            and self.limited <= len(self.order) // POSTS_PER_LIMIT
        ):
            self.limited += 1
            answer = AsyncSlackResponse(
                client=None,
                http_verb="POST",
                api_url="",
                req_args={},
                data={"ok": False, "error": "ratelimited"},
                headers={"Retry-After": "5"},
                status_code=429,
            )
            raise SlackApiError("slower", answer)
        self.order.append(int(arguments["text"].split()[0]))
        if len(self.order) in (DIGESTS // 4, DIGESTS):
            gc.collect()  # garbage of cycles waits longer, the more objects earlier tests have left
            self.blocks.append(sys.getallocatedblocks())
        return {"ok": True, "ts": f"{now:.6f}"}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


async def test_thousands_of_digests_due_in_one_minute_are_sent_once(tmp_path: Path) -> None:
    """Posts follow the due order and the rate limit. None is repeated, and memory does not grow."""
    clock = InstantClock(BEFORE.timestamp())
    slack, pace = BusySlack(clock), RetryPolicy()
    early, late = build_weekly_schedule(EVERY_DAY, (time(7, 30),)), build_weekly_schedule(EVERY_DAY, (time(7, 31),))
    # the digests due first are created last
    configs = [
        make_config(f"C{n % CHANNELS}", query=f"a{n}", zone="UTC", schedule=late if n < DIGESTS // 2 else early)
        for n in range(DIGESTS)
    ]

    async def get_client(_: str) -> InMemorySlack:
        return slack

    def now() -> datetime:
        return datetime.fromtimestamp(clock.now, UTC)

    with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(20), clock)) as store:
        add_digests(store, configs, BEFORE)
        clock.now += 120
        runner = DigestRunner(
            store, OneLineSource(), QueuedChannelPoster(now=clock, sleep=clock.sleep), get_client, now, pace
        )
        assert await runner.run_due() == DIGESTS
        count_by_state = select(digest_runs.c.state, func.count()).group_by(digest_runs.c.state)
        assert store.database.read(lambda db: [tuple(row) for row in db.execute(count_by_state)]) == [("sent", DIGESTS)]
    assert sorted(slack.order) == list(range(1, DIGESTS + 1))
    due_early = [number > DIGESTS // 2 for number in slack.order]
    # concurrent posts may overtake each other
    assert all(due_early[: DIGESTS // 2 - pace.max_concurrency])
    assert not any(due_early[DIGESTS // 2 + pace.max_concurrency :])
    assert all(
        abs(place - (number - 1 + DIGESTS // 2) % DIGESTS) <= 4 * pace.max_concurrency
        for place, number in enumerate(slack.order)
    )
    assert slack.too_fast == 0
    assert slack.limited >= DIGESTS // POSTS_PER_LIMIT - 1
    assert now() - BEFORE < timedelta(hours=1)
    blocks_early, blocks_late = slack.blocks
    assert blocks_late - blocks_early < 20_000, "memory grows with every digest"
