"""Passes come one after another while the bot is up; a slow one keeps nobody waiting, and all end with it."""

import asyncio
from typing import Any

from bot.digests.delivery.runner import DigestScheduler
from tests.support.clock import Clock


class Runner:
    """Counts passes; each waits until it is let go."""

    def __init__(self, *, fails: bool = False) -> None:
        self.begun = self.ended = 0
        self.is_stopping = False
        self.go = asyncio.Event()
        self._fails = fails

    async def run_due(self) -> int:
        self.begun += 1
        if self._fails:
            raise RuntimeError("broken")
        await self.go.wait()
        self.ended += 1
        return 0


async def turns(clock: Clock, count: int) -> None:
    for _ in range(count):
        await turn()
        clock.move(10)
    await turn()


async def turn() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def scheduler(runner: Any, clock: Clock) -> DigestScheduler:
    return DigestScheduler(runner, 10, clock.sleep)


async def test_a_slow_pass_does_not_keep_the_next_waiting_and_there_are_few_at_once() -> None:
    clock, runner = Clock(), Runner()
    async with scheduler(runner, clock).run():
        await turns(clock, 6)
        assert (runner.begun, runner.ended) == (3, 0)
        runner.go.set()
        await turns(clock, 2)
        assert runner.begun == 5
    assert runner.is_stopping
    assert runner.ended == 5


async def test_a_pass_that_fails_does_not_end_the_others() -> None:
    clock, runner = Clock(), Runner(fails=True)
    async with scheduler(runner, clock).run():
        await turns(clock, 3)
    assert runner.begun == 4


async def test_a_pass_that_does_not_end_is_left_after_a_while() -> None:
    clock, runner = Clock(), Runner()
    async with scheduler(runner, clock).run(drain_seconds=0.01):
        await turn()
    assert (runner.begun, runner.ended) == (1, 0)
