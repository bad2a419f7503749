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

from bot.core.logs import format_traceback, get_logger
from bot.core.metrics import Metrics
from bot.slack.blocks.message import Message
from bot.slack.transport.response_url import Requester, ResponseUrlClient
from bot.slack.views import notices
from briefings import BriefingsError, BriefingService, DatabaseUnavailable, NothingFound

T = TypeVar("T")

#: questions the desk works on at once: more threads answer no faster, and delay acknowledgements (`bench slack`)
WORKERS = 1
#: questions that may wait, seconds until one is given up
MAX_WAITING, TIMEOUT_SECONDS = 500, 60


class Busy(BriefingsError):
    """More is asked than the bot can answer."""


class Executor:
    """Everything under way. `courier` delivers; `reference` makes the name under which an error is logged."""

    def __init__(
        self,
        service: BriefingService,
        response_url_client: ResponseUrlClient,
        metrics: Metrics | None = None,
        reference: Callable[[], str] = lambda: secrets.token_hex(4),
    ) -> None:
        self._service = service
        self._response_url_client = response_url_client
        self._metrics = metrics or Metrics()
        self._reference = reference
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="desk")
        self._in_progress_count = 0
        #: of those, what waits for the desk: an answer that was composed a moment ago does not
        self._waiting_count = 0
        self._open_count = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def in_progress_count(self) -> int:
        """How many questions are acknowledged and not yet answered."""
        return self._in_progress_count

    @property
    def waiting_count(self) -> int:
        """How many calls the desk has not begun with."""
        return max(0, self._waiting_count - WORKERS)

    async def answer(
        self, requester: Requester, make: Callable[[], Awaitable[Message]], *, source: str, replace: bool = False
    ) -> None:
        """Delivers what `make` gives. `door` names what was used, for the log."""
        reference, started_at = self._reference(), time.perf_counter()
        with self._track(), structlog.contextvars.bound_contextvars(request=reference, door=source):
            message, outcome = await self._try_make(make, reference)
            # a sentence that says why there is nothing takes the place of no answer
            should_replace = replace and outcome == "answered"
            is_delivered = await self._response_url_client.deliver(requester, message, replace=should_replace)
            self._record_outcome(source, outcome if is_delivered else "undelivered", time.perf_counter() - started_at)

    async def make_message(self, make: Callable[[], Awaitable[Message]], *, source: str) -> Message:
        """What `make` gives, or the sentence that says why there is nothing, for doors that deliver it themselves."""
        reference, started_at = self._reference(), time.perf_counter()
        with structlog.contextvars.bound_contextvars(request=reference, door=source):
            message, outcome = await self._try_make(make, reference)
            self._record_outcome(source, outcome, time.perf_counter() - started_at)
            return message

    async def drain(self, seconds: float) -> int:
        """Waits until nothing is under way, at most `seconds`; gives how many questions are left unanswered."""
        try:
            await asyncio.wait_for(self._idle.wait(), seconds)
        except TimeoutError:
            get_logger().error("stopped with questions unanswered", left=self._open_count)
        return self._open_count

    def begin(self) -> None:
        """Something begins that `drained` waits for, until as many things end."""
        self._open_count += 1
        self._idle.clear()

    def end(self) -> None:
        """It has ended, one way or the other."""
        self._open_count -= 1
        if not self._open_count:
            self._idle.set()

    def close(self) -> None:
        """Ends the desk's threads; a question that none of them has begun is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def call(self, work: Callable[[BriefingService], T]) -> T:
        """What `work` makes of the desk, on a thread of its own. Raises what it raises, Busy, TimeoutError."""
        if self._waiting_count >= MAX_WAITING:
            raise Busy("Many people are asking right now: please try again in a minute.")
        loop = asyncio.get_running_loop()
        self._waiting_count += 1
        try:
            return await asyncio.wait_for(loop.run_in_executor(self._pool, work, self._service), TIMEOUT_SECONDS)
        finally:
            self._waiting_count -= 1

    async def _try_make(self, make: Callable[[], Awaitable[Message]], reference: str) -> tuple[Message, str]:
        """What `make` gives, or a sentence, and the outcome in a word of `metrics.answered`. Never raises."""
        try:
            return await make(), "answered"
        except NothingFound as error:
            return notices.build_not_found(str(error), error.nearest), "refused"
        except DatabaseUnavailable as error:
            get_logger().error("record unavailable", place=format_traceback(error))
            return notices.build_notice(str(error)), "failed"
        except BriefingsError as error:
            return notices.build_notice(str(error)), "refused"
        except Exception as error:  # noqa: BLE001  # whatever breaks, the asker is told; it is logged, without its text
            get_logger().error("failed", error=type(error).__name__, place=format_traceback(error))
            return notices.build_failure(reference), "failed"

    def _record_outcome(self, source: str, outcome: str, seconds: float) -> None:
        get_logger().info("answered", outcome=outcome, ms=round(seconds * 1000))
        self._metrics.record_answer(source, outcome, seconds)

    @contextmanager
    def _track(self) -> Iterator[None]:
        self._in_progress_count += 1
        self.begin()
        try:
            yield
        finally:
            self._in_progress_count -= 1
            self.end()
