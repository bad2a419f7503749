"""The scheduler: regular passes, at most three at once, and a clean shutdown."""

import asyncio
from typing import Any

from bot.delivery.scheduler import PassScheduler
from tests.support.clock import Clock


class FakeRunner:
    """Counts passes. Each pass waits until `can_finish` is set."""

    def __init__(self, *, fails: bool = False) -> None:
        self.started_count = self.finished_count = 0
        self.is_stopping = False
        self.can_finish = asyncio.Event()
        self._fails = fails

    async def run_due(self) -> int:
        self.started_count += 1
        if self._fails:
            raise RuntimeError("broken")
        await self.can_finish.wait()
        self.finished_count += 1
        return 0


async def run_intervals(clock: Clock, count: int) -> None:
    for _ in range(count):
        await run_tasks()
        clock.advance(10)
    await run_tasks()


async def run_tasks() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def make_scheduler(runner: Any, clock: Clock) -> PassScheduler:
    return PassScheduler(runner, 10, clock.sleep)


async def test_slow_pass_does_not_block_the_next_and_at_most_three_run_at_once() -> None:
    clock, runner = Clock(), FakeRunner()
    async with make_scheduler(runner, clock).run():
        await run_intervals(clock, 6)
        assert (runner.started_count, runner.finished_count) == (3, 0)
        runner.can_finish.set()
        await run_intervals(clock, 2)
        assert runner.started_count == 5
    assert runner.is_stopping
    assert runner.finished_count == 5


async def test_one_pass_at_a_time_waits_for_the_earlier_one() -> None:
    """E-mails are sent so."""
    clock, runner = Clock(), FakeRunner()
    async with PassScheduler(runner, 10, clock.sleep, max_passes=1).run():
        await run_intervals(clock, 3)
        assert runner.started_count == 1
        runner.can_finish.set()
        await run_intervals(clock, 2)
        assert runner.started_count == 3


async def test_failing_pass_does_not_stop_later_passes() -> None:
    clock, runner = Clock(), FakeRunner(fails=True)
    async with make_scheduler(runner, clock).run():
        await run_intervals(clock, 3)
    assert runner.started_count == 4


async def test_unfinished_pass_is_cancelled_after_the_drain_time() -> None:
    clock, runner = Clock(), FakeRunner()
    async with make_scheduler(runner, clock).run(drain_seconds=0.01):
        await run_tasks()
    assert (runner.started_count, runner.finished_count) == (1, 0)
