"""Fake clocks in seconds: one that a test advances, and one on which every sleep returns at once."""

import asyncio


class Clock:
    """A clock that only the test advances. Calling it returns the time in seconds."""

    def __init__(self, now: float = 1_000.0) -> None:
        self.now = now
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock has been advanced by this many seconds."""
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.now + seconds, sleeper))
        await sleeper

    async def wait_for_sleeper(self) -> None:
        """Wait until at least one task sleeps on this clock."""
        while not self.sleeper_count:  # noqa: ASYNC110  # no event announces a new sleeper
            await asyncio.sleep(0)

    @property
    def sleeper_count(self) -> int:
        """The number of tasks that sleep on this clock."""
        return sum(not sleeper.done() for _, sleeper in self._sleepers)

    def advance(self, seconds: float) -> None:
        """Advance the clock and wake the tasks whose time has come."""
        self.now += seconds
        for wake_at, sleeper in self._sleepers:
            if wake_at <= self.now and not sleeper.done():
                sleeper.set_result(None)
        self._sleepers = [(wake_at, sleeper) for wake_at, sleeper in self._sleepers if not sleeper.done()]


class InstantClock(Clock):
    """A clock on which `sleep` returns at once and advances the time."""

    def __init__(self, now: float = 1_000.0) -> None:
        super().__init__(now)
        self.sleep_durations: list[float] = []

    async def sleep(self, seconds: float) -> None:
        """Advance the clock by this many seconds, record the duration, and let other tasks run."""
        self.now += seconds
        self.sleep_durations.append(seconds)
        await asyncio.sleep(0)
