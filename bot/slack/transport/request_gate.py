"""Deduplicates requests and limits their rate across all replicas, without blocking the event loop.

Requests that arrive during a database transaction are batched into the next one. Rule: a slow or failing database
rejects no request. The error is logged, and the memory of this process decides.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from bot.core import slack_limits
from bot.core.logs import get_logger
from bot.storage.request_log import GateDecision, PersonKey, RateLimit, Request, RequestLog
from briefings import DatabaseUnavailable

T = TypeVar("T")

#: longest wait of one request for the database, in seconds
DATABASE_TIMEOUT = 1.0
#: most requests in one transaction
_BATCH_SIZE = 50
#: seconds between two deletions of expired rows
_CLEANUP_INTERVAL = 60.0

_QueuedRequest = tuple[Request, asyncio.Future[GateDecision]]


class LocalRequestLog:
    """The request log of one process, in memory. Keeps at most `max_entries` keys and users, and evicts the oldest."""

    def __init__(self, rate_limit: RateLimit, now: Callable[[], float], max_entries: int = 100_000) -> None:
        self._rate_limit = rate_limit
        self._now = now
        self._max_entries = max_entries
        self._expiry_by_key: OrderedDict[str, float] = OrderedDict()
        self._paid_until: OrderedDict[PersonKey, float] = OrderedDict()

    def admit(self, request: Request) -> GateDecision:
        """Decide on a request with the memory of this process only."""
        now = self._now()
        self._evict(self._expiry_by_key, now)
        if request.key in self._expiry_by_key:
            return GateDecision(is_new=False)
        self._expiry_by_key[request.key] = now + slack_limits.DEDUPLICATION_SECONDS
        return GateDecision(True, self.charge(request.person_key) if request.person_key else 0)

    def release(self, key: str) -> None:
        """Delete a key, so that the same request is accepted again."""
        self._expiry_by_key.pop(key, None)

    def charge(self, person_key: PersonKey) -> int:
        """Charge a user for one question. Return the seconds to wait, or 0 if the question is allowed."""
        now = self._now()
        self._evict(self._paid_until, now)
        paid_until = max(self._paid_until.get(person_key, now), now)
        if not self._rate_limit.count_allowed(paid_until, now, 1):
            return self._rate_limit.compute_wait(paid_until, now)
        self._paid_until[person_key] = paid_until + self._rate_limit.interval
        self._paid_until.move_to_end(person_key)
        return 0

    def _evict(self, entries: "OrderedDict[str, float] | OrderedDict[PersonKey, float]", now: float) -> None:
        while entries and (next(iter(entries.values())) <= now or len(entries) > self._max_entries):
            entries.popitem(last=False)


class RequestGate:
    """Decides on each request: with `local_log`, and with `request_log` for all replicas if there is a database.

    `timeout` is the longest wait for the database, in seconds.
    """

    def __init__(
        self, local_log: LocalRequestLog, request_log: RequestLog | None = None, timeout: float = DATABASE_TIMEOUT
    ) -> None:
        self._local_log = local_log
        self._request_log = request_log
        self._timeout = timeout
        self._queue: list[_QueuedRequest] = []
        self._worker: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="gate")
        self._last_cleanup = float("-inf")
        #: number of rate-limited questions
        self.limited_count = 0

    @property
    def waiting_count(self) -> int:
        """Return the number of requests that wait for the next transaction."""
        return len(self._queue)

    async def admit(self, request: Request) -> GateDecision:
        """Decide on a request. Never raises, and waits at most `timeout` seconds."""
        decision = await self._decide(request)
        self.limited_count += decision.is_new and decision.wait_seconds > 0
        return decision

    async def _decide(self, request: Request) -> GateDecision:
        local_decision = self._local_log.admit(request)
        if self._request_log is None or not local_decision.is_new:
            return local_decision
        loop = asyncio.get_running_loop()
        future: asyncio.Future[GateDecision] = loop.create_future()
        self._queue.append((request, future))
        if self._worker is None or self._worker.done():
            self._worker = loop.create_task(self._process_queue(self._request_log))
        try:
            return await asyncio.wait_for(future, self._timeout)
        except Exception as error:  # noqa: BLE001  # a database error must not block the request
            get_logger().error("request log write failed", error=type(error).__name__)
            return local_decision

    async def release(self, key: str) -> None:
        """Delete the key of a request that had no effect, so that it is accepted again. Never raises."""
        self._local_log.release(key)
        if self._request_log is not None:
            try:
                await self._run_on_thread(partial(self._request_log.release, key))
            except DatabaseUnavailable as error:
                get_logger().error("dedup claim release failed", error=type(error).__name__)

    def close(self) -> None:
        """Stop the database thread. Requests that still wait for it are cancelled."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _process_queue(self, request_log: RequestLog) -> None:
        while self._queue:
            batch, self._queue = self._queue[:_BATCH_SIZE], self._queue[_BATCH_SIZE:]
            try:
                decisions = await self._run_on_thread(partial(request_log.admit, [request for request, _ in batch]))
            except Exception as error:  # noqa: BLE001  # each waiting request gets the error
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
            else:
                for (_, future), decision in zip(batch, decisions, strict=True):
                    if not future.done():
                        future.set_result(decision)
            if not self._queue:
                await self._delete_expired(request_log)  # requests that arrive meanwhile are processed next

    async def _delete_expired(self, request_log: RequestLog) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._last_cleanup < _CLEANUP_INTERVAL:
            return
        self._last_cleanup = now
        try:
            await self._run_on_thread(request_log.delete_expired)
        except DatabaseUnavailable as error:
            get_logger().error("dedup cleanup failed", error=type(error).__name__)

    async def _run_on_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
