"""Admits requests for every replica, off the event loop: whatever comes while a transaction runs goes into the next.

Rule: nobody is refused because the database is slow or gone: it is logged, and what this process remembers decides.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from bot import limits
from bot.logs import logger
from bot.store.admission import Admission, Came, Person, Verdict
from bot.store.rate import Rate
from briefings.errors import RecordUnavailable

T = TypeVar("T")

#: seconds that one request waits for the database
PATIENCE = 1.0
#: requests in one transaction, and let go at once
_TOGETHER = 50
#: seconds between two sweeps of what need not be remembered
_SWEEP_SECONDS = 60.0

_Waiting = tuple[Came, asyncio.Future[Verdict]]


class Here:
    """The memory of one process: at most `most` keys and people, the oldest forgotten first."""

    def __init__(self, rate: Rate, now: Callable[[], float], most: int = 100_000) -> None:
        self._rate = rate
        self._now = now
        self._most = most
        self._until: OrderedDict[str, float] = OrderedDict()
        self._paid: OrderedDict[Person, float] = OrderedDict()

    def admit(self, came: Came) -> Verdict:
        """The verdict as far as this process knows."""
        now = self._now()
        self._forget(self._until, now)
        if came.key in self._until:
            return Verdict(new=False)
        self._until[came.key] = now + limits.REMEMBER_SECONDS
        return Verdict(True, self.pay(came.who) if came.who else 0)

    def release(self, key: str) -> None:
        """Forgets a key, so that it may come again."""
        self._until.pop(key, None)

    def pay(self, who: Person) -> int:
        """Pays for one question; the seconds to wait when that is too much (0: welcome)."""
        now = self._now()
        self._forget(self._paid, now)
        paid_until = max(self._paid.get(who, now), now)
        if not self._rate.allowed(paid_until, now, 1):
            return self._rate.wait(paid_until, now)
        self._paid[who] = paid_until + self._rate.interval
        self._paid.move_to_end(who)
        return 0

    def _forget(self, kept: "OrderedDict[str, float] | OrderedDict[Person, float]", now: float) -> None:
        while kept and (next(iter(kept.values())) <= now or len(kept) > self._most):
            kept.popitem(last=False)


class Gate:
    """What `here` remembers, and what `admission` does for all replicas, if there is a database."""

    def __init__(self, here: Here, admission: Admission | None = None, patience: float = PATIENCE) -> None:
        self._here = here
        self._admission = admission
        self._patience = patience
        self._waiting: list[_Waiting] = []
        self._work: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="gate")
        self._swept = float("-inf")
        #: questions of people who asked too often
        self.limited = 0

    @property
    def waiting(self) -> int:
        """Requests that wait for the next transaction."""
        return len(self._waiting)

    async def admit(self, came: Came) -> Verdict:
        """The verdict on a request. Never raises, and waits `patience` seconds at most."""
        verdict = await self._verdict(came)
        self.limited += verdict.new and verdict.wait > 0
        return verdict

    async def _verdict(self, came: Came) -> Verdict:
        here = self._here.admit(came)
        if self._admission is None or not here.new:
            return here
        loop = asyncio.get_running_loop()
        verdict: asyncio.Future[Verdict] = loop.create_future()
        self._waiting.append((came, verdict))
        if self._work is None or self._work.done():
            self._work = loop.create_task(self._through(self._admission))
        try:
            return await asyncio.wait_for(verdict, self._patience)
        except Exception as error:  # noqa: BLE001  # whatever is wrong with the database, the request is served
            logger().error("request not noted in the database", error=type(error).__name__)
            return here

    async def release(self, key: str) -> None:
        """Forgets a key whose request had no effect, so that it may come again. Never raises."""
        self._here.release(key)
        if self._admission is not None:
            try:
                await self._on_thread(partial(self._admission.release, key))
            except RecordUnavailable as error:
                logger().error("a claim is not given back", error=type(error).__name__)

    def close(self) -> None:
        """Ends the thread, once nobody asks any more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _through(self, admission: Admission) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:_TOGETHER], self._waiting[_TOGETHER:]
            try:
                verdicts = await self._on_thread(partial(admission.admit, [came for came, _ in batch]))
            except Exception as error:  # noqa: BLE001  # it is told to each of those who wait
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
            else:
                for (_, future), verdict in zip(batch, verdicts, strict=True):
                    if not future.done():
                        future.set_result(verdict)
            if not self._waiting:
                await self._sweep(admission)  # and then whoever came meanwhile

    async def _sweep(self, admission: Admission) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._swept < _SWEEP_SECONDS:
            return
        self._swept = now
        try:
            await self._on_thread(admission.sweep)
        except RecordUnavailable as error:
            logger().error("what was handled is not swept", error=type(error).__name__)

    async def _on_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
