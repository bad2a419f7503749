"""One request a host at a time, and a pause between two.

Rule: a host is waited for, never hurried; others go on meanwhile.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

#: hosts that are remembered; of one that is forgotten, the next request comes without a pause
_MOST = 2_000


class Pace:
    """`now` gives seconds of any clock that goes on, `sleep` waits for as many, `delay` is the pause."""

    def __init__(self, now: Callable[[], float], sleep: Callable[[float], Awaitable[None]], delay: float = 1.0) -> None:
        self._now = now
        self._sleep = sleep
        self._delay = delay
        self._hosts: OrderedDict[str, _Host] = OrderedDict()

    @asynccontextmanager
    async def at(self, host: str, delay: float | None = None) -> AsyncIterator[None]:
        """Waits until it is one's turn at `host`, and `delay` seconds (the pace's own unless given) since the last."""
        known = self._known(host)
        async with known.turn:
            if known.left is not None:
                wait = known.left + (self._delay if delay is None else delay) - self._now()
                if wait > 0:
                    await self._sleep(wait)
            try:
                yield
            finally:
                known.left = self._now()

    def _known(self, host: str) -> "_Host":
        known = self._hosts.setdefault(host, _Host())
        self._hosts.move_to_end(host)
        if len(self._hosts) > _MOST:
            idle = next((name for name, one in self._hosts.items() if not one.turn.locked() and name != host), None)
            if idle is not None:
                del self._hosts[idle]
        return known


class _Host:
    """A host: whose turn it is, and when the last one left."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.left: float | None = None
