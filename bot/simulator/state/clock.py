"""The workspace's clock: the machine's, which a person can turn forwards; whoever sleeps by it wakes when it is turned.

Rule: it goes forwards only. What was posted and told cannot be taken back: a clock that went back would give a message
the id of another, and have digests come twice.
"""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.simulator.state.model import Clock, SlackError

#: how far it goes at once: a digest of every hour then has 8,784 runs to be skipped
MAX_TURN: Final = timedelta(days=366)


def read_machine_clock() -> datetime:
    """The time of this machine."""
    return datetime.now(UTC)


class TurnableClock:
    """Gives the moment, in UTC; `real` is the clock that moves it by itself. For one event loop."""

    def __init__(self, real: Clock = read_machine_clock) -> None:
        self._real = real
        self._turn_event = asyncio.Event()
        #: how far it was turned in all
        self.offset = timedelta(0)

    def __call__(self) -> datetime:
        """The workspace's present moment."""
        return self._real().astimezone(UTC) + self.offset

    def get_timestamp(self) -> float:
        """The same, in seconds since 1970."""
        return self().timestamp()

    def turn(self, target: datetime) -> None:
        """Turns it, which wakes all who sleep by it. Raises Refused unless `to` is ahead, and within a year."""
        now = self()
        if target.tzinfo is None or not now < target:
            raise SlackError(
                "invalid_arguments", (f"The clock goes forwards only, and it is {format_moment(now)} already.",)
            )
        if target - now > MAX_TURN:
            raise SlackError("invalid_arguments", ("The clock is turned by a year at most.",))
        self.offset += target - now
        event, self._turn_event = self._turn_event, asyncio.Event()
        event.set()

    async def sleep(self, seconds: float) -> None:
        """Waits until so much time has passed, by itself or because the clock was turned."""
        until = self() + timedelta(seconds=seconds)
        while (remaining := (until - self()).total_seconds()) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(remaining):
                    await self._turn_event.wait()


def format_moment(moment: datetime) -> str:
    """A moment as the workspace writes it: "Mon 23 Nov 2026, 08:30"."""
    return f"{moment.astimezone(UTC):%a %-d %b %Y, %H:%M}"
