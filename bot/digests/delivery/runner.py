"""Sends due digests, in one pass (`DigestRunner`) or continuously (`DigestScheduler`).

Rule: a pass claims a few runs at a time, oldest first, and releases each when it is finished. So ten thousand runs need
as little memory as ten. Only the scheduler waits for time to pass.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from bot.core.logs import format_traceback, get_logger
from bot.digests.delivery.delivery import ChannelPoster, FindClient, RunDelivery, RunOnThread
from bot.digests.delivery.notices import NoticeOutbox, NoticeSender
from bot.digests.delivery.run_repository import Claim, RunRepository
from bot.digests.delivery.slack_errors import RetryPolicy
from bot.digests.model import ContentSource
from bot.storage.store import Store

T = TypeVar("T")
#: interval between two checks for changes of the clock or of the time zone rules
_REFRESH_INTERVAL = timedelta(hours=1)
#: most passes at once; a pass in a slow channel must not delay the next minute's digests
_MAX_PASSES = 3


class DigestRunner:
    """Sends due digests. `clock` returns the current time with its time zone.

    `admins` get a notice if neither its owner nor the channel can be reached.
    """

    def __init__(
        self,
        store: Store,
        source: ContentSource,
        poster: ChannelPoster,
        find_client: FindClient,
        clock: Callable[[], datetime],
        policy: RetryPolicy | None = None,
        admins: Sequence[str] = (),
    ) -> None:
        self._policy = policy or RetryPolicy()
        # one thread: more would only wait for each other's transactions
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="digests")
        self._run_repository = RunRepository(store.database, store.audit_log, self._policy)
        self._clock = clock
        self._delivery = RunDelivery(
            self._run_repository, source, poster, find_client, clock, self._policy, self._run_on_thread
        )
        self._notice_sender = NoticeSender(
            NoticeOutbox(store), poster, find_client, clock, self._policy, self._run_on_thread, admins
        )
        self._last_refresh: datetime | None = None
        #: set during shutdown, so that further runs are not claimed
        self.is_stopping = False

    async def run_due(self, until: datetime | None = None) -> int:
        """Make one pass over the runs that are due by `until` (default: now). Return the number of claimed runs.

        Raises DatabaseUnavailable. The error of a single run is logged, and the run is retried.
        """
        now = self._clock()
        until = until or now
        if self._last_refresh is None or not timedelta(0) <= now - self._last_refresh < _REFRESH_INTERVAL:
            await self._run_on_thread(self._run_repository.refresh, now)
            self._last_refresh = now
        runner_pass = _RunnerPass(
            self._run_repository, self._clock, until, self._policy.max_concurrency, self._run_on_thread
        )
        try:
            results = await asyncio.gather(
                *(self._process_claims(runner_pass) for _ in range(self._policy.max_concurrency)),
                return_exceptions=True,
            )
        finally:
            await runner_pass.release_claims()
        for error in results:
            if error is not None:
                raise error
        await self._notice_sender.send_all()
        return runner_pass.claimed_count

    def close(self) -> None:
        """Stop the worker thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _run_on_thread(self, work: Callable[..., T], *arguments: object, **keywords: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(work, *arguments, **keywords))

    async def _process_claims(self, runner_pass: "_RunnerPass") -> None:
        while not self.is_stopping and (claim := await runner_pass.next_claim()):
            try:
                await self._delivery.send(claim)
            except Exception as error:  # noqa: BLE001  # its lease expires; the other runs continue
                get_logger().error(
                    "digest run failed",
                    digest=claim.digest.id,
                    error=type(error).__name__,
                    place=format_traceback(error),
                )
            runner_pass.finished_count += 1


class _RunnerPass:
    """Claims the runs of one pass, a few at a time."""

    def __init__(
        self,
        run_repository: RunRepository,
        clock: Callable[[], datetime],
        until: datetime,
        max_concurrency: int,
        run_on_thread: RunOnThread,
    ) -> None:
        self._run_repository, self._clock, self._until, self._max_concurrency, self._run_on_thread = (
            run_repository,
            clock,
            until,
            max_concurrency,
            run_on_thread,
        )
        self._holder = secrets.token_hex(8)
        self._claims: deque[Claim] = deque()
        self._lock = asyncio.Lock()
        #: number of claimed runs, and of finished attempts; a run in progress blocks others of its channel
        self.claimed_count = self.finished_count = 0
        #: value of `finished_count` when no run was available
        self._empty_at_count = -1

    async def next_claim(self) -> Claim | None:
        """Claim and return the next run, or None if none is available."""
        async with self._lock:
            while not self._claims:
                if self._empty_at_count == self.finished_count:
                    return None
                finished_count = self.finished_count
                self._claims.extend(await self._run_on_thread(self._claim_due))
                if not self._claims and not await self._run_on_thread(self._run_repository.plan_runs, self._until):
                    self._empty_at_count = finished_count
            self.claimed_count += 1
            return self._claims.popleft()

    async def release_claims(self) -> None:
        """Release the claimed runs that have not started."""
        while self._claims:
            claim = self._claims.popleft()
            await self._run_on_thread(self._run_repository.postpone, claim, self._clock(), claim.run.reason)

    def _claim_due(self) -> list[Claim]:
        return self._run_repository.claim_due(self._until, self._clock(), self._holder, self._max_concurrency)


class DigestScheduler:
    """Starts a pass of the runner every `interval` seconds."""

    def __init__(
        self, runner: DigestRunner, interval: float = 10.0, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._runner = runner
        self._interval = interval
        self._sleep = sleep
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
            if len(self._passes) < _MAX_PASSES:
                pass_task = asyncio.create_task(self._run_pass())
                self._passes.add(pass_task)
                pass_task.add_done_callback(self._passes.discard)
            await self._sleep(self._interval)

    async def _run_pass(self) -> None:
        try:
            await self._runner.run_due()
        except Exception as error:  # noqa: BLE001  # the next pass must start anyway
            get_logger().error("digest pass failed", error=type(error).__name__, place=format_traceback(error))
