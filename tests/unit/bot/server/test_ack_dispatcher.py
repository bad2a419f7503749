"""Requests are acknowledged at once and dispatched in turn."""

import asyncio
import json

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.answers.executor import Executor
from bot.core.settings import Settings
from bot.server.ack_dispatcher import MAX_CONCURRENT_DISPATCHES, AckDispatcher
from bot.server.wiring import build
from bot.slack.transport.response_url import ResponseUrlClient
from tests.stand_ins.briefing_service import FakeBriefingService


class SlowBolt:
    """Bolt app whose dispatches wait until `gate` is set; counts concurrent dispatches."""

    def __init__(self) -> None:
        self.listener_runner = build(Settings(bot_token="x"), FakeBriefingService()).bolt.listener_runner
        self.gate = asyncio.Event()
        self.active_count = self.max_active_count = 0

    async def async_dispatch(self, _: AsyncBoltRequest) -> BoltResponse:
        self.active_count += 1
        self.max_active_count = max(self.max_active_count, self.active_count)
        await self.gate.wait()
        self.active_count -= 1
        return BoltResponse(status=200, body="")


def make_request() -> AsyncBoltRequest:
    return AsyncBoltRequest(mode="socket_mode", body=json.dumps({"command": "/briefing"}))


async def dispatch_thirty(turn_timeout_seconds: float, expected_count: int) -> SlowBolt:
    """Send 30 requests to a slow app, and let it continue when `expected_count` dispatches are active."""
    bolt, executor = SlowBolt(), Executor(FakeBriefingService(), ResponseUrlClient())
    dispatcher = AckDispatcher(bolt, executor, turn_timeout_seconds)  # type: ignore[arg-type]  # has all it uses
    for _ in range(30):
        assert (await dispatcher.dispatch(make_request())).status == 200
    async with asyncio.timeout(10):
        while bolt.active_count < expected_count:  # noqa: ASYNC110  # no event to wait for
            await asyncio.sleep(0)
    bolt.gate.set()
    assert await executor.drain(10) == 0
    executor.close()
    return bolt


async def test_only_a_few_requests_are_dispatched_in_parallel() -> None:
    """More would delay the acknowledgements of later requests."""
    bolt = await dispatch_thirty(60, MAX_CONCURRENT_DISPATCHES)
    assert bolt.max_active_count == MAX_CONCURRENT_DISPATCHES


async def test_a_request_stops_waiting_for_its_turn_after_the_timeout() -> None:
    """Requests behind blocked ones are dispatched after the timeout."""
    assert (await dispatch_thirty(0, 30)).max_active_count == 30
