"""Page throttle: a rate limit per reader, and a limit on concurrent pages.

Rule: all replicas share one rate limit per reader, in the table of the question rate limit. If the database does not
answer in time, the counter of this process decides. Pages wait for other pages; Slack requests never wait for pages.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from bot.core.logs import get_logger
from bot.slack.transport.request_gate import LocalRequestLog
from bot.storage.database import Database
from bot.storage.request_log import PersonKey, RateLimit, RequestLog
from briefings import BriefingsError

#: pages per minute; a burst may be twice as large
PAGES_PER_MINUTE = 120
#: seconds that a page waits for the database, and for a free slot
DATABASE_TIMEOUT, SLOT_TIMEOUT = 0.5, 5.0
#: number of pages in progress at once, and of pages that may wait for a slot
MAX_CONCURRENT, MAX_WAITING = 4, 100


class RateLimitExceeded(BriefingsError):
    """The reader opened too many pages; the next one is allowed in `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"You opened many pages in a short time. Please open the page again in {seconds} "
            f"second{'s' if seconds > 1 else ''}."
        )
        self.seconds = seconds


class TooManyPages(BriefingsError):
    """Too many pages are in progress or waiting."""

    def __init__(self) -> None:
        super().__init__("Many people are reading right now. Please open the page again in a minute.")


class PageThrottle:
    """Throttle of the pages; `now` returns seconds since 1970. Without `database`, each process counts separately."""

    def __init__(
        self, now: Callable[[], float], database: Database | None = None, rate: RateLimit | None = None
    ) -> None:
        rate = rate or RateLimit(PAGES_PER_MINUTE)
        self._local_limiter = LocalRequestLog(rate, now)
        self._shared_limiter = RequestLog(database, rate, now) if database else None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="page-throttle")
        self._slots = asyncio.Semaphore(MAX_CONCURRENT)
        self._active_count = 0
        #: number of pages refused by the rate limit
        self.limited_count = 0

    async def check_rate(self, person: PersonKey) -> None:
        """Count one page for a reader. Raises RateLimitExceeded."""
        wait_seconds = self._local_limiter.charge(person)
        if not wait_seconds and self._shared_limiter:
            wait_seconds = await self._check_shared_rate(self._shared_limiter, person)
        if wait_seconds:
            self.limited_count += 1
            raise RateLimitExceeded(wait_seconds)

    @asynccontextmanager
    async def acquire_slot(self) -> AsyncIterator[None]:
        """Hold one of the slots while a page is in progress. Raises TooManyPages."""
        if self._active_count >= MAX_CONCURRENT + MAX_WAITING:
            raise TooManyPages
        self._active_count += 1
        try:
            try:
                async with asyncio.timeout(SLOT_TIMEOUT):
                    await self._slots.acquire()
            except TimeoutError:
                raise TooManyPages from None
            try:
                yield
            finally:
                self._slots.release()
        finally:
            self._active_count -= 1

    def close(self) -> None:
        """Stop the database thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _check_shared_rate(self, limiter: RequestLog, person: PersonKey) -> int:
        loop = asyncio.get_running_loop()
        try:
            return await asyncio.wait_for(loop.run_in_executor(self._thread, limiter.charge, person), DATABASE_TIMEOUT)
        except Exception as error:  # noqa: BLE001  # a database error must not block the page
            get_logger().error("page rate check failed", error=type(error).__name__)
            return 0
