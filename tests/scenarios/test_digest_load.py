"""Ten thousand digests due in one minute over two thousand channels, by a clock that nobody waits for."""

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

from bot.digests.delivery.runner import DigestRunner
from bot.digests.delivery.slack_errors import RetryPolicy
from bot.digests.model import Content, Digest
from bot.digests.schedule import EVERY_DAY, Schedule
from bot.slack.blocks.message import Message
from bot.slack.transport.channel_posts import QueuedChannelPoster
from bot.storage.request_log import RateLimit
from bot.storage.schema import digest_runs
from bot.storage.store import open_store
from tests.stand_ins.digest_world import Slack, many, wish
from tests.support.clock import Hurried

DIGESTS, CHANNELS = 10_000, 2_000
BEFORE = datetime(2026, 6, 24, 7, 29, tzinfo=UTC)
#: seconds that Slack takes for an answer, and posts after which it asks the whole workspace to wait
ANSWERS, WAITS_AFTER = 0.02, 997


class OneLineSource:
    """One line for each."""

    async def fetch_content(self, digest: Digest, now: datetime) -> Content | None:
        return Content(Message(f"{digest.id} {now:%H}"))


class BusySlack(Slack):
    """Counts what comes too fast, and keeps nothing but the order of what it took."""

    def __init__(self, clock: Hurried) -> None:
        super().__init__(clock)
        self.clock = clock
        self.order = array("l")
        self.too_fast = self.put_off = 0
        self.blocks: list[int] = []
        self._last: dict[str, float] = {}

    async def chat_postMessage(self, **arguments: Any) -> Any:  # noqa: N802 - as slack_sdk has it
        channel, now = arguments["channel"], self.clock.at
        self.too_fast += now - self._last.get(channel, 0.0) < 1.0
        self._last[channel] = now
        self.clock.at += ANSWERS
        if len(self.order) % WAITS_AFTER == WAITS_AFTER - 1 and self.put_off <= len(self.order) // WAITS_AFTER:
            self.put_off += 1
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
            self.blocks.append(sys.getallocatedblocks())
        return {"ok": True, "ts": f"{now:.6f}"}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


async def test_ten_thousand_in_a_minute(tmp_path: Path) -> None:
    """In the order in which they were due, none too fast, none twice, and no more memory at the end."""
    clock = Hurried(BEFORE.timestamp())
    slack, pace = BusySlack(clock), RetryPolicy()
    early, late = Schedule(EVERY_DAY, (time(7, 30),)), Schedule(EVERY_DAY, (time(7, 31),))
    # the digests that are due first were made last
    wishes = [
        wish(f"C{n % CHANNELS}", ask=f"a{n}", zone="UTC", schedule=late if n < DIGESTS // 2 else early)
        for n in range(DIGESTS)
    ]

    async def get_client(_: str) -> Slack:
        return slack

    def now() -> datetime:
        return datetime.fromtimestamp(clock.at, UTC)

    with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(20), clock)) as store:
        many(store, wishes, BEFORE)
        clock.at += 120
        runner = DigestRunner(
            store, OneLineSource(), QueuedChannelPoster(now=clock, sleep=clock.sleep), get_client, now, pace
        )
        assert await runner.run_due() == DIGESTS
        count_by_state = select(digest_runs.c.state, func.count()).group_by(digest_runs.c.state)
        assert store.database.read(lambda db: [tuple(row) for row in db.execute(count_by_state)]) == [("sent", DIGESTS)]
    assert sorted(slack.order) == list(range(1, DIGESTS + 1))
    due_early = [number > DIGESTS // 2 for number in slack.order]
    # within a handful that are on their way at once, one may overtake another
    assert all(due_early[: DIGESTS // 2 - pace.max_concurrency])
    assert not any(due_early[DIGESTS // 2 + pace.max_concurrency :])
    assert all(
        abs(place - (number - 1 + DIGESTS // 2) % DIGESTS) <= 4 * pace.max_concurrency
        for place, number in enumerate(slack.order)
    )
    assert slack.too_fast == 0
    assert slack.put_off >= DIGESTS // WAITS_AFTER - 1
    assert now() - BEFORE < timedelta(hours=1)
    blocks_early, blocks_late = slack.blocks
    assert blocks_late - blocks_early < 20_000, "memory grows with every digest"
