"""The workspace's clock: the machine's clock, which the user can set forward; sleeping tasks then wake up.

Rule: the clock never goes back. Otherwise two messages could get the same id, and digests could run twice.
"""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.simulator.state.model import Clock, SlackError

#: maximum change at once; an hourly digest then skips 8,784 runs
MAX_TURN: Final = timedelta(days=366)


def read_machine_clock() -> datetime:
    """Return the machine's time in UTC."""
    return datetime.now(UTC)


class TurnableClock:
    """A clock in UTC that runs with the `real` clock plus an offset. Use it in one event loop only."""

    def __init__(self, real: Clock = read_machine_clock) -> None:
        self._real = real
        self._turn_event = asyncio.Event()
        #: total change since the start
        self.offset = timedelta(0)

    def __call__(self) -> datetime:
        """Return the workspace's current time."""
        return self._real().astimezone(UTC) + self.offset

    def get_timestamp(self) -> float:
        """Return the current time in seconds since 1970."""
        return self().timestamp()

    def turn(self, target: datetime) -> None:
        """Set the clock to `target` and wake sleeping tasks.

        Raises SlackError unless `target` has a time zone, is in the future and is at most a year away.
        """
        now = self()
        if target.tzinfo is None or not now < target:
            raise SlackError(
                "invalid_arguments", (f"The clock can only go forward. It is already {format_moment(now)}.",)
            )
        if target - now > MAX_TURN:
            raise SlackError("invalid_arguments", ("The clock can go forward by at most one year.",))
        self.offset += target - now
        event, self._turn_event = self._turn_event, asyncio.Event()
        event.set()

    async def sleep(self, seconds: float) -> None:
        """Wait until that many seconds have passed on this clock, changes by the user included."""
        until = self() + timedelta(seconds=seconds)
        while (remaining := (until - self()).total_seconds()) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(remaining):
                    await self._turn_event.wait()


def format_moment(moment: datetime) -> str:
    """Format a time as "Mon 23 Nov 2026, 08:30", in UTC."""
    moment = moment.astimezone(UTC)
    return f"{moment:%a} {moment.day} {moment:%b %Y, %H:%M}"
