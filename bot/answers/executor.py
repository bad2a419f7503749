"""Answers questions after their acknowledgement: runs the work on a thread and delivers the result.

Rule: every question gets an answer. A BriefingsError is shown as its sentence. Any other error is logged with a
reference that the user sees. Before the bot stops, it finishes the questions in progress.
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
from bot.core.public_errors import explain_publicly
from bot.records.record import Record, RecordLease, run_with_record
from bot.slack.blocks.message import Message
from bot.slack.transport.response_url import Requester, ResponseUrlClient
from bot.slack.views import notices
from briefings import BriefingsError, BriefingService, DatabaseUnavailable, NothingFound

T = TypeVar("T")

#: worker threads; more are not faster, and delay acknowledgements (`bench slack`)
WORKERS = 1
#: threads for draft checks, which wait for another process: they delay no other question
CHECK_WORKERS = 1
#: most waiting calls, and seconds until a call times out
MAX_WAITING, TIMEOUT_SECONDS = 500, 60


class Busy(BriefingsError):
    """Too many calls are waiting."""


class Executor:
    """Runs and delivers answers. `reference` creates the ID that connects an error message with its log lines.

    `borrow_service` lends the record for the request that asks (default: `service`).
    """

    def __init__(
        self,
        service: BriefingService,
        response_url_client: ResponseUrlClient,
        metrics: Metrics | None = None,
        reference: Callable[[], str] = lambda: secrets.token_hex(4),
        borrow_service: Callable[[], Awaitable[RecordLease]] | None = None,
    ) -> None:
        self._service = service
        self._borrow_service = borrow_service
        self._response_url_client = response_url_client
        self._metrics = metrics or Metrics()
        self._reference = reference
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="answers")
        self._check_pool = ThreadPoolExecutor(CHECK_WORKERS, thread_name_prefix="checks")
        self._in_progress_count = 0
        #: calls that wait for a worker thread or run on it; a cached answer needs none
        self._waiting_count = 0
        self._open_count = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def in_progress_count(self) -> int:
        """Number of questions that are acknowledged and not yet answered."""
        return self._in_progress_count

    @property
    def waiting_count(self) -> int:
        """Number of calls that wait for a worker thread."""
        return max(0, self._waiting_count - WORKERS)

    async def answer(
        self, requester: Requester, make: Callable[[], Awaitable[Message]], *, source: str, replace: bool = False
    ) -> None:
        """Deliver the message that `make` returns. `source` names the command or button, for logs and metrics."""
        reference, started_at = self._reference(), time.perf_counter()
        with self._track(), structlog.contextvars.bound_contextvars(request=reference, source=source):
            message, outcome = await self._try_make(make, reference)
            # an error message must not replace an earlier answer
            should_replace = replace and outcome == "answered"
            is_delivered = await self._response_url_client.deliver(requester, message, replace=should_replace)
            self._record_outcome(source, outcome if is_delivered else "undelivered", time.perf_counter() - started_at)

    async def make_message(self, make: Callable[[], Awaitable[Message]], *, source: str) -> Message:
        """Return the message of `make`, or its error message, for listeners that deliver it themselves."""
        reference, started_at = self._reference(), time.perf_counter()
        with structlog.contextvars.bound_contextvars(request=reference, source=source):
            message, outcome = await self._try_make(make, reference)
            self._record_outcome(source, outcome, time.perf_counter() - started_at)
            return message

    async def drain(self, seconds: float) -> int:
        """Wait until all work is finished, at most `seconds`. Return the number of unanswered questions."""
        try:
            await asyncio.wait_for(self._idle.wait(), seconds)
        except TimeoutError:
            get_logger().error("shutdown incomplete", unanswered=self._open_count)
        return self._open_count

    def begin(self) -> None:
        """Count one more piece of work that `drain` waits for. Each call needs a call of `end`."""
        self._open_count += 1
        self._idle.clear()

    def end(self) -> None:
        """Count one piece of work as finished, successful or not."""
        self._open_count -= 1
        if not self._open_count:
            self._idle.set()

    def close(self) -> None:
        """Stop the worker threads. Calls that have not started are dropped."""
        for pool in (self._pool, self._check_pool):
            pool.shutdown(wait=False, cancel_futures=True)

    async def call(self, work: Callable[[BriefingService], T], *, is_check: bool = False) -> T:
        """Return the result of `work`, run on a worker thread. Raises its errors, Busy or TimeoutError.

        A draft check (`is_check`) has threads of its own.
        """
        if self._waiting_count >= MAX_WAITING:
            raise Busy("Too many people are asking right now. Please try again in a minute.")
        self._waiting_count += 1
        try:
            lease = await self._borrow_service() if self._borrow_service else RecordLease(Record(self._service))
            pool = self._check_pool if is_check else self._pool
            return await asyncio.wait_for(run_with_record(pool, lease, work), TIMEOUT_SECONDS)
        finally:
            self._waiting_count -= 1

    async def _try_make(self, make: Callable[[], Awaitable[Message]], reference: str) -> tuple[Message, str]:
        """Return the message of `make` or an error message, with the outcome for the metrics. Never raises."""
        try:
            return await make(), "answered"
        except NothingFound as error:
            return notices.build_not_found(str(error), error.nearest), "refused"
        except DatabaseUnavailable as error:
            get_logger().error("database unavailable", place=format_traceback(error))
            return notices.build_notice(explain_publicly(error)), "failed"
        except BriefingsError as error:
            return notices.build_notice(explain_publicly(error)), "refused"
        except Exception as error:  # noqa: BLE001  # the user gets a message for any error; its text is not logged
            get_logger().error("answer failed", error=type(error).__name__, place=format_traceback(error))
            return notices.build_failure(reference), "failed"

    def _record_outcome(self, source: str, outcome: str, seconds: float) -> None:
        get_logger().info("answer finished", outcome=outcome, ms=round(seconds * 1000))
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
