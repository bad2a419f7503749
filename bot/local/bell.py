"""Wakes the pages that wait for a change, and all of them for good at shutdown."""

import asyncio

from aiohttp import web


class ChangeEvents:
    """Rung at each change."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._is_closed = False

    def notify(self) -> None:
        """Wakes all who wait now."""
        event, self._event = self._event, asyncio.Event()
        event.set()

    async def wait(self, seconds: float) -> None:
        """Until it is rung, so long at most."""
        event = self._event
        if not self._is_closed:
            try:
                async with asyncio.timeout(seconds):
                    await event.wait()
            except TimeoutError:
                return

    async def close(self, _app: web.Application) -> None:
        """Nobody waits any more."""
        self._is_closed = True
        self.notify()
