"""What robots.txt asks of programs (RFC 9309), remembered for a day.

Rule: a site without the file allows everything; one whose file cannot be had just now is left alone for an hour.

One request a host at a time, and a pause between two.

Rule: a host is waited for, never hurried; others go on meanwhile.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from protego import Protego

from briefings.ingest.http.failures import Failure, FetchError

#: bytes of the file that are read (RFC 9309: at least 500 kibibytes)
MAX_BYTES = 512_000
_CACHE_SECONDS = 24 * 3600.0
_RETRY_SECONDS = 3600.0
#: seconds between two requests that a site may ask for; more would keep its feed from ever being read
MAX_DELAY = 30.0
_MAX_SITES = 2_000
#: what a site that is there may answer for its robots.txt, and is not the file (RFC 9309, 2.3.1.4)
_BLOCKING_FAILURES = (Failure.STATUS, Failure.BUSY, Failure.LARGE)

#: the file at an address, None when there is none. Raises CannotFetch
FetchRobotsTxt = Callable[[str], Awaitable[bytes | None]]


@dataclass(frozen=True, slots=True)
class _CachedRules:
    rules: Protego | None
    expires_at: float


class RobotsCache:
    """`agent` is the program's name as the file would have it, `now` gives seconds of any clock that goes on."""

    def __init__(self, agent: str, now: Callable[[], float]) -> None:
        self._agent = agent
        self._now = now
        self._sites: OrderedDict[str, _CachedRules] = OrderedDict()

    async def get_crawl_delay(self, site: str, address: str, fetch_robots_txt: FetchRobotsTxt) -> float | None:
        """The seconds that `site` ("https://example.org") asks to leave between requests, None when it says nothing.

        Raises CannotFetch when `address` may not be fetched.
        """
        cached_rules = self._sites.get(site)
        if cached_rules is None or cached_rules.expires_at <= self._now():
            cached_rules = await self._fetch_rules(site, fetch_robots_txt)
        if cached_rules.rules is None:
            raise FetchError(Failure.ROBOTS, f"{site} does not tell just now, in robots.txt, what programs may read.")
        if not cached_rules.rules.can_fetch(address, self._agent):
            raise FetchError(Failure.ROBOTS, f"{address} is closed to programs, says its site's robots.txt.")
        delay = cached_rules.rules.crawl_delay(self._agent)
        return None if delay is None else min(max(float(delay), 0.0), MAX_DELAY)

    async def _fetch_rules(self, site: str, fetch_robots_txt: FetchRobotsTxt) -> _CachedRules:
        try:
            content = await fetch_robots_txt(f"{site}/robots.txt")
            cached_rules = _CachedRules(_parse_rules(content), self._now() + _CACHE_SECONDS)
        except FetchError as error:
            if error.failure not in _BLOCKING_FAILURES:
                raise
            cached_rules = _CachedRules(None, self._now() + _RETRY_SECONDS)
        self._sites[site] = cached_rules
        self._sites.move_to_end(site)
        while len(self._sites) > _MAX_SITES:
            self._sites.popitem(last=False)
        return cached_rules


def _parse_rules(content: bytes | None) -> Protego:
    return Protego.parse((content or b"").decode("utf-8", "replace"))


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
