"""One request a host at a time, and a pause between two.

Rule: a host is waited for, never hurried; others go on meanwhile.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

#: hosts that are remembered; of one that is forgotten, the next request comes without a pause
_MAX_HOSTS = 2_000


class HostThrottle:
    """`now` gives seconds of any clock that goes on, `sleep` waits for as many, `delay` is the pause."""

    def __init__(self, now: Callable[[], float], sleep: Callable[[float], Awaitable[None]], delay: float = 1.0) -> None:
        self._now = now
        self._sleep = sleep
        self._delay = delay
        self._hosts: OrderedDict[str, _HostState] = OrderedDict()

    @asynccontextmanager
    async def wait_turn(self, host: str, delay: float | None = None) -> AsyncIterator[None]:
        """Waits until it is one's turn at `host`, and `delay` seconds (the pace's own unless given) since the last."""
        host_state = self._get_host(host)
        async with host_state.lock:
            if host_state.last_request_at is not None:
                wait_seconds = host_state.last_request_at + (self._delay if delay is None else delay) - self._now()
                if wait_seconds > 0:
                    await self._sleep(wait_seconds)
            try:
                yield
            finally:
                host_state.last_request_at = self._now()

    def _get_host(self, host: str) -> "_HostState":
        host_state = self._hosts.setdefault(host, _HostState())
        self._hosts.move_to_end(host)
        if len(self._hosts) > _MAX_HOSTS:
            idle_host = next(
                (name for name, other_host in self._hosts.items() if not other_host.lock.locked() and name != host),
                None,
            )
            if idle_host is not None:
                del self._hosts[idle_host]
        return host_state


class _HostState:
    """A host: whose turn it is, and when the last one left."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.last_request_at: float | None = None
