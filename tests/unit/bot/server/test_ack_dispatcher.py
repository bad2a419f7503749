"""Acknowledged at once, dispatched in turn."""

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


class Slow:
    """Dispatches for as long as `gate` is shut."""

    def __init__(self) -> None:
        self.listener_runner = build(Settings(bot_token="x"), FakeBriefingService()).bolt.listener_runner
        self.gate = asyncio.Event()
        self.entered = self.most = 0

    async def async_dispatch(self, _: AsyncBoltRequest) -> BoltResponse:
        self.entered += 1
        self.most = max(self.most, self.entered)
        await self.gate.wait()
        self.entered -= 1
        return BoltResponse(status=200, body="")


def question() -> AsyncBoltRequest:
    return AsyncBoltRequest(mode="socket_mode", body=json.dumps({"command": "/briefing"}))


async def entered(turn_seconds: float, wanted: int) -> Slow:
    """Thirty requests to a bot that is slow, acknowledged; let go once `wanted` are inside."""
    bolt, answering = Slow(), Executor(FakeBriefingService(), ResponseUrlClient())
    door = AckDispatcher(bolt, answering, turn_seconds)  # type: ignore[arg-type]  # all that it uses of one
    for _ in range(30):
        assert (await door.dispatch(question())).status == 200
    async with asyncio.timeout(10):
        while bolt.entered < wanted:  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0)
    bolt.gate.set()
    assert await answering.drain(10) == 0
    answering.close()
    return bolt


async def test_a_few_are_dispatched_at_once() -> None:
    """So that the acknowledgements of those who come next are not behind all of them."""
    assert (await entered(60, MAX_CONCURRENT_DISPATCHES)).most == MAX_CONCURRENT_DISPATCHES


async def test_nobody_waits_for_a_turn_that_does_not_come() -> None:
    """Those before it hang: after a while the others go in all the same."""
    assert (await entered(0, 30)).most == 30
