"""A clock that stands still until it is moved, and wakes whoever sleeps by it."""

import asyncio


class Clock:
    """Called, it gives seconds; `sleep` waits until it was moved so far."""

    def __init__(self, now: float = 1_000.0) -> None:
        self.now = now
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.now + seconds, woken))
        await woken

    async def wait_for_sleeper(self) -> None:
        """Waits until somebody does."""
        while not self.sleeper_count:  # noqa: ASYNC110  # whoever goes to sleep tells nobody
            await asyncio.sleep(0)

    @property
    def sleeper_count(self) -> int:
        """How many sleep by it."""
        return sum(not woken.done() for _, woken in self._sleepers)

    def advance(self, seconds: float) -> None:
        self.now += seconds
        for until, woken in self._sleepers:
            if until <= self.now and not woken.done():
                woken.set_result(None)
        self._sleepers = [(until, woken) for until, woken in self._sleepers if not woken.done()]


class InstantClock(Clock):
    """A clock on which whoever sleeps is woken at once, the time having passed."""

    def __init__(self, now: float = 1_000.0) -> None:
        super().__init__(now)
        self.sleep_durations: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.at += seconds
        self.sleep_durations.append(seconds)
        await asyncio.sleep(0)
