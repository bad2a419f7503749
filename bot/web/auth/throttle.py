"""How often pages may be asked for, and how many are worked on at once.

Rule: one rate a reader across all copies of the bot, kept where the rate of questions is. When the database does not
answer in time, what this process remembers decides. Pages wait for each other, never Slack for them.
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

#: pages a minute; twice as many may come at once
PAGES_PER_MINUTE = 120
#: seconds that one page waits for the database, and for its turn
DATABASE_TIMEOUT, SLOT_TIMEOUT = 0.5, 5.0
#: pages under way at once, and those that may wait for them
MAX_CONCURRENT, MAX_WAITING = 4, 100


class RateLimitExceeded(BriefingsError):
    """Somebody asks for more than their rate; free again in `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"That was a lot at once: please open the page again in {seconds} second{'s' if seconds > 1 else ''}."
        )
        self.seconds = seconds


class TooManyPages(BriefingsError):
    """More pages are asked for than can be shown."""

    def __init__(self) -> None:
        super().__init__("Many people are reading right now: please open the page again in a minute.")


class PageThrottle:
    """`now` gives seconds since 1970; without `database` this process counts alone."""

    def __init__(
        self, now: Callable[[], float], database: Database | None = None, rate: RateLimit | None = None
    ) -> None:
        rate = rate or RateLimit(PAGES_PER_MINUTE)
        self._local_limiter = LocalRequestLog(rate, now)
        self._shared_limiter = RequestLog(database, rate, now) if database else None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pace")
        self._slots = asyncio.Semaphore(MAX_CONCURRENT)
        self._active_count = 0
        #: pages that were refused for their number
        self.limited_count = 0

    async def check_rate(self, person: PersonKey) -> None:
        """Counts one page of somebody's. Raises TooOften."""
        wait_seconds = self._local_limiter.charge(person)
        if not wait_seconds and self._shared_limiter:
            wait_seconds = await self._check_shared_rate(self._shared_limiter, person)
        if wait_seconds:
            self.limited_count += 1
            raise RateLimitExceeded(wait_seconds)

    @asynccontextmanager
    async def acquire_slot(self) -> AsyncIterator[None]:
        """One of a few turns. Raises TooMany."""
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
        """Ends the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _check_shared_rate(self, limiter: RequestLog, person: PersonKey) -> int:
        loop = asyncio.get_running_loop()
        try:
            return await asyncio.wait_for(loop.run_in_executor(self._thread, limiter.charge, person), DATABASE_TIMEOUT)
        except Exception as error:  # noqa: BLE001  # whatever is wrong with the database, the page is shown
            get_logger().error("page not counted in the database", error=type(error).__name__)
            return 0
