"""Answers a question after its acknowledgement: asks the desk off the event loop, delivers what comes of it.

Rule: every question gets an answer. A BriefingsError is its one sentence; anything else is logged under a reference
that the asker is shown; and what is under way when the bot is told to stop is finished first.
"""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import structlog

from bot.blocks import notices
from bot.blocks.message import Message
from bot.courier import Asker, Courier
from bot.logs import logger, place
from bot.metrics import Metrics
from briefings.desk import Desk
from briefings.errors import BriefingsError, NothingFound, RecordUnavailable

T = TypeVar("T")

#: questions the desk works on at once: more threads answer no faster, and delay acknowledgements (`bench slack`)
WORKERS = 1
#: questions that may wait, seconds until one is given up
MOST_WAITING, PATIENCE = 500, 60


class Busy(BriefingsError):
    """More is asked than the bot can answer."""


class Answering:
    """Everything under way. `courier` delivers; `reference` makes the name under which an error is logged."""

    def __init__(
        self,
        desk: Desk,
        courier: Courier,
        metrics: Metrics | None = None,
        reference: Callable[[], str] = lambda: secrets.token_hex(4),
    ) -> None:
        self._desk = desk
        self._courier = courier
        self._metrics = metrics or Metrics()
        self._reference = reference
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="desk")
        self._under_way = 0
        #: of those, what waits for the desk: an answer that was composed a moment ago does not
        self._waiting = 0
        self._open = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def under_way(self) -> int:
        """How many questions are acknowledged and not yet answered."""
        return self._under_way

    @property
    def waiting(self) -> int:
        """How many calls the desk has not begun with."""
        return max(0, self._waiting - WORKERS)

    async def answer(
        self, asker: Asker, make: Callable[[], Awaitable[Message]], *, door: str, replace: bool = False
    ) -> None:
        """Delivers what `make` gives. `door` names what was used, for the log."""
        reference, begun = self._reference(), time.perf_counter()
        with self._counted(), structlog.contextvars.bound_contextvars(request=reference, door=door):
            message, outcome = await self._made(make, reference)
            # a sentence that says why there is nothing takes the place of no answer
            delivered = await self._courier.deliver(asker, message, replace=replace and outcome == "answered")
            self._told(door, outcome if delivered else "undelivered", time.perf_counter() - begun)

    async def message(self, make: Callable[[], Awaitable[Message]], *, door: str) -> Message:
        """What `make` gives, or the sentence that says why there is nothing, for doors that deliver it themselves."""
        reference = self._reference()
        with self._counted(), structlog.contextvars.bound_contextvars(request=reference, door=door):
            return (await self._made(make, reference))[0]

    async def drained(self, seconds: float) -> int:
        """Waits until nothing is under way, at most `seconds`; gives how many questions are left unanswered."""
        try:
            await asyncio.wait_for(self._idle.wait(), seconds)
        except TimeoutError:
            logger().error("stopped with questions unanswered", left=self._open)
        return self._open

    def begin(self) -> None:
        """Something begins that `drained` waits for, until as many things end."""
        self._open += 1
        self._idle.clear()

    def end(self) -> None:
        """It has ended, one way or the other."""
        self._open -= 1
        if not self._open:
            self._idle.set()

    def close(self) -> None:
        """Ends the desk's threads; a question that none of them has begun is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def call(self, work: Callable[[Desk], T]) -> T:
        """What `work` makes of the desk, on a thread of its own. Raises what it raises, Busy, TimeoutError."""
        if self._waiting >= MOST_WAITING:
            raise Busy("Many people are asking right now: please try again in a minute.")
        loop = asyncio.get_running_loop()
        self._waiting += 1
        try:
            return await asyncio.wait_for(loop.run_in_executor(self._pool, work, self._desk), PATIENCE)
        finally:
            self._waiting -= 1

    async def _made(self, make: Callable[[], Awaitable[Message]], reference: str) -> tuple[Message, str]:
        """What `make` gives, or a sentence, and the outcome in a word of `metrics.answered`. Never raises."""
        try:
            return await make(), "answered"
        except NothingFound as error:
            return notices.nothing_found(str(error), error.nearest), "refused"
        except RecordUnavailable as error:
            logger().error("record unavailable", place=place(error))
            return notices.sentence(str(error)), "failed"
        except BriefingsError as error:
            return notices.sentence(str(error)), "refused"
        except Exception as error:  # noqa: BLE001  # whatever breaks, the asker is told; it is logged, without its text
            logger().error("failed", error=type(error).__name__, place=place(error))
            return notices.failure(reference), "failed"

    def _told(self, door: str, outcome: str, seconds: float) -> None:
        logger().info("answered", outcome=outcome, ms=round(seconds * 1000))
        self._metrics.answered(door, outcome, seconds)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self._under_way += 1
        self.begin()
        try:
            yield
        finally:
            self._under_way -= 1
            self.end()
