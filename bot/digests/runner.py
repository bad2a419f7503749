"""Sends what is due: one pass at a time, or all the time.

Rule: a pass takes up runs due longest first, a few at once, and forgets each when it is done, so that ten thousand
take no more memory than ten. It never waits for the clock; `Scheduler` does.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from bot.blocks.message import Message
from bot.digests import trouble
from bot.digests.model import Source
from bot.digests.pace import Pace
from bot.digests.sending import ClientOf, OnThread, Poster, Sending
from bot.digests.trouble import Concerns
from bot.logs import logger, place
from bot.posting import NotPosted, Unsure
from bot.store.notices import Notice, Notices
from bot.store.runs import Claim, Runs
from bot.store.store import Store
from briefings.errors import RecordUnavailable

T = TypeVar("T")
#: between two looks at whether the clock or the zones' rules have changed
_REFRESH = timedelta(hours=1)
#: an owner who cannot be told for so long is not told any more
_TOLD_WITHIN = timedelta(days=7)
#: passes at once: one that waits for a slow channel does not keep the next minute's digests waiting
_PASSES = 3


class Runner:
    """Sends what is due. `clock` gives the moment with its zone."""

    def __init__(
        self,
        store: Store,
        source: Source,
        posting: Poster,
        client_of: ClientOf,
        clock: Callable[[], datetime],
        pace: Pace | None = None,
    ) -> None:
        self._pace = pace or Pace()
        # one: several would only wait for each other's transactions
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="digests")
        self._runs = Runs(store.database, store.audit, self._pace)
        self._notices = Notices(store.database)
        self._posting = posting
        self._client_of = client_of
        self._clock = clock
        self._sending = Sending(self._runs, source, posting, client_of, clock, self._pace, self._at_work)
        self._refreshed: datetime | None = None
        #: nothing more is taken up
        self.stopping = False

    async def run_due(self, until: datetime | None = None) -> int:
        """One pass: sends what is due until then (now, unless told); how many runs it took up.

        Raises RecordUnavailable when it cannot begin; what goes wrong with one run is logged, and tried again.
        """
        now = self._clock()
        until = until or now
        if self._refreshed is None or not timedelta(0) <= now - self._refreshed < _REFRESH:
            await self._at_work(self._runs.refresh, now)
            self._refreshed = now
        one_pass = _Pass(self._runs, self._clock, until, self._pace.at_once, self._at_work)
        try:
            ends = await asyncio.gather(
                *(self._work(one_pass) for _ in range(self._pace.at_once)), return_exceptions=True
            )
        finally:
            await one_pass.give_back()
        for error in ends:
            if error is not None:
                raise error
        await self._tell()
        return one_pass.taken

    def close(self) -> None:
        """Ends its thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _at_work(self, work: Callable[..., T], *arguments: object, **named: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(work, *arguments, **named))

    async def _work(self, one_pass: "_Pass") -> None:
        while not self.stopping and (claim := await one_pass.next()):
            try:
                await self._sending.send(claim)
            except Exception as error:  # noqa: BLE001  # its lease runs out; the others go on
                logger().error("digest", digest=claim.digest.id, error=type(error).__name__, place=place(error))
            one_pass.done += 1

    async def _tell(self) -> None:
        """Tells owners of trouble."""
        while notices := await self._at_work(self._notices.take, self._clock()):
            for notice in notices:
                try:
                    await self._told(notice)
                except RecordUnavailable:
                    raise
                except Exception as error:  # noqa: BLE001  # the next owner is told all the same
                    logger().error("owner not told", error=type(error).__name__, place=place(error))

    async def _told(self, notice: Notice) -> None:
        """Sends a notice; what Slack refuses for now comes again, and what it may have taken does not."""
        client = await self._client_of(notice.team)
        if client is None:
            await self._refused(notice, trouble.NOT_INSTALLED)
            return
        try:
            async with asyncio.timeout(self._pace.sending.total_seconds()):
                await self._posting.post(client, notice.person, Message(notice.text))
        except (Unsure, TimeoutError) as error:
            logger().warning("owner perhaps not told", error=type(error).__name__)
        except NotPosted as error:
            await self._refused(notice, error.code)

    async def _refused(self, notice: Notice, code: str) -> None:
        whom, now = trouble.concerns(code), self._clock()
        logger().warning("owner not told", error=code)
        if whom in (Concerns.NOBODY, Concerns.TEAM) and now - notice.at < _TOLD_WITHIN:
            wait = self._pace.wait(notice.attempts + 1) if whom is Concerns.NOBODY else _REFRESH
            await self._at_work(self._notices.put_back, notice, now + wait)


class _Pass:
    """The runs of one pass, a handful at a time."""

    def __init__(
        self, runs: Runs, clock: Callable[[], datetime], until: datetime, at_once: int, at_work: OnThread
    ) -> None:
        self._runs, self._clock, self._until, self._at_once, self._at_work = runs, clock, until, at_once, at_work
        self._holder = secrets.token_hex(8)
        self._claims: deque[Claim] = deque()
        self._turn = asyncio.Lock()
        #: runs that were taken up; and those whose attempt has ended, which may have kept others of their channel back
        self.taken = self.done = 0
        #: how many had ended when nothing was found
        self._nothing_at = -1

    async def next(self) -> Claim | None:
        """The next run, taken up; None when there is none for now."""
        async with self._turn:
            while not self._claims:
                if self._nothing_at == self.done:
                    return None
                done = self.done
                self._claims.extend(await self._at_work(self._take))
                if not self._claims and not await self._at_work(self._runs.plan, self._until):
                    self._nothing_at = done
            self.taken += 1
            return self._claims.popleft()

    async def give_back(self) -> None:
        """Leaves to others what was taken up and not begun."""
        while self._claims:
            claim = self._claims.popleft()
            await self._at_work(self._runs.later, claim, self._clock(), claim.run.why)

    def _take(self) -> list[Claim]:
        return self._runs.take(self._until, self._clock(), self._holder, self._at_once)


class Scheduler:
    """Has `runner` pass every `interval` seconds while it is opened."""

    def __init__(
        self, runner: Runner, interval: float = 10.0, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._runner = runner
        self._interval = interval
        self._sleep = sleep
        self._passes: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def opened(self, drain: float = 20.0) -> AsyncIterator[None]:
        """Passes until the block ends; what is then under way has `drain` seconds to come to its end.

        What does not is left to its lease: whoever takes it up then looks first whether it was posted.
        """
        turning = asyncio.create_task(self._turn())
        try:
            yield
        finally:
            self._runner.stopping = True
            turning.cancel()
            if self._passes:
                await asyncio.wait(self._passes, timeout=drain)
            for one in self._passes:
                one.cancel()
            await asyncio.gather(turning, *self._passes, return_exceptions=True)

    async def _turn(self) -> None:
        while True:
            if len(self._passes) < _PASSES:
                one = asyncio.create_task(self._pass())
                self._passes.add(one)
                one.add_done_callback(self._passes.discard)
            await self._sleep(self._interval)

    async def _pass(self) -> None:
        try:
            await self._runner.run_due()
        except Exception as error:  # noqa: BLE001  # the next pass comes whatever became of this one
            logger().error("no digests for now", error=type(error).__name__, place=place(error))
