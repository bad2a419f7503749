"""How often pages may be asked for, and how many are worked on at once.

Rule: one rate a reader across all copies of the bot, kept where the rate of questions is. When the database does not
answer in time, what this process remembers decides. Pages wait for each other, never Slack for them.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from bot.logs import logger
from bot.store.admission import Admission, Person
from bot.store.database import Database
from bot.store.gate import Here
from bot.store.rate import Rate
from briefings.errors import BriefingsError

#: pages a minute; twice as many may come at once
PER_MINUTE = 120
#: seconds that one page waits for the database, and for its turn
PATIENCE, TURN_SECONDS = 0.5, 5.0
#: pages under way at once, and those that may wait for them
AT_ONCE, WAITING = 4, 100


class TooOften(BriefingsError):
    """Somebody asks for more than their rate; free again in `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"That was a lot at once: please open the page again in {seconds} second{'s' if seconds > 1 else ''}."
        )
        self.seconds = seconds


class TooMany(BriefingsError):
    """More pages are asked for than can be shown."""

    def __init__(self) -> None:
        super().__init__("Many people are reading right now: please open the page again in a minute.")


class Pace:
    """`now` gives seconds since 1970; without `database` this process counts alone."""

    def __init__(self, now: Callable[[], float], database: Database | None = None, rate: Rate | None = None) -> None:
        rate = rate or Rate(PER_MINUTE)
        self._here = Here(rate, now)
        self._shared = Admission(database, rate, now) if database else None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pace")
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._under_way = 0
        #: pages that were refused for their number
        self.limited = 0

    async def pay(self, who: Person) -> None:
        """Counts one page of somebody's. Raises TooOften."""
        wait = self._here.pay(who)
        if not wait and self._shared:
            wait = await self._paid(self._shared, who)
        if wait:
            self.limited += 1
            raise TooOften(wait)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """One of a few turns. Raises TooMany."""
        if self._under_way >= AT_ONCE + WAITING:
            raise TooMany
        self._under_way += 1
        try:
            try:
                async with asyncio.timeout(TURN_SECONDS):
                    await self._turns.acquire()
            except TimeoutError:
                raise TooMany from None
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._under_way -= 1

    def close(self) -> None:
        """Ends the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _paid(self, shared: Admission, who: Person) -> int:
        loop = asyncio.get_running_loop()
        try:
            return await asyncio.wait_for(loop.run_in_executor(self._thread, shared.pay, who), PATIENCE)
        except Exception as error:  # noqa: BLE001  # whatever is wrong with the database, the page is shown
            logger().error("page not counted in the database", error=type(error).__name__)
            return 0
