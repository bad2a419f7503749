"""Makes passes of a runner while the bot runs. Only the scheduler waits for time to pass."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from bot.core.logs import format_traceback, get_logger

#: most passes at once; a pass in a slow channel must not delay the next one
DEFAULT_MAX_PASSES = 3


class PassRunner(Protocol):
    """Sends what is due."""

    #: set during shutdown, so that nothing more is claimed
    is_stopping: bool

    async def run_due(self) -> int:
        """Make one pass."""
        ...


class PassScheduler:
    """Starts a pass of the runner every `interval` seconds, unless `max_passes` are still running."""

    def __init__(
        self,
        runner: PassRunner,
        interval: float = 10.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        max_passes: int = DEFAULT_MAX_PASSES,
    ) -> None:
        self._runner = runner
        self._interval = interval
        self._sleep = sleep
        self._max_passes = max_passes
        self._passes: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def run(self, drain_seconds: float = 20.0) -> AsyncIterator[None]:
        """Make passes until the block ends. Then running passes get `drain_seconds` to finish.

        A run that is cut off keeps its lease. The next attempt after that first looks for its message.
        """
        loop_task = asyncio.create_task(self._loop())
        try:
            yield
        finally:
            self._runner.is_stopping = True
            loop_task.cancel()
            if self._passes:
                await asyncio.wait(self._passes, timeout=drain_seconds)
            for pass_task in self._passes:
                pass_task.cancel()
            await asyncio.gather(loop_task, *self._passes, return_exceptions=True)

    async def _loop(self) -> None:
        while True:
            if len(self._passes) < self._max_passes:
                pass_task = asyncio.create_task(self._run_pass())
                self._passes.add(pass_task)
                pass_task.add_done_callback(self._passes.discard)
            await self._sleep(self._interval)

    async def _run_pass(self) -> None:
        try:
            await self._runner.run_due()
        except Exception as error:  # noqa: BLE001  # the next pass must start anyway
            get_logger().error("delivery pass failed", error=type(error).__name__, place=format_traceback(error))
