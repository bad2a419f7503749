"""Be polite to websites: obey robots.txt (RFC 9309) and throttle the requests to each host.

Rule: rules are cached for a day. A site without robots.txt allows everything. If the file is unavailable, the site is
skipped for an hour.
Rule: each host gets one request at a time, with a pause in between. Other hosts continue meanwhile.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from protego import Protego

from briefings.ingest.http.failures import Failure, FetchError

#: maximum size of robots.txt in bytes (RFC 9309: at least 500 kibibytes)
MAX_BYTES = 512_000
_CACHE_SECONDS = 24 * 3600.0
_RETRY_SECONDS = 3600.0
#: maximum crawl delay in seconds; a longer one would prevent the site's feed from ever being read
MAX_DELAY = 30.0
_MAX_SITES = 2_000
#: failures of a reachable site that make its robots.txt unavailable (RFC 9309, 2.3.1.4)
_BLOCKING_FAILURES = (Failure.STATUS, Failure.BUSY, Failure.LARGE)
#: maximum number of hosts to remember; a forgotten host gets its next request without a pause
_MAX_HOSTS = 2_000

#: returns the robots.txt at a URL, or None if the site has no such file. Raises FetchError
FetchRobotsTxt = Callable[[str], Awaitable[bytes | None]]


@dataclass(frozen=True, slots=True)
class _CachedRules:
    rules: Protego | None
    expires_at: float


class RobotsCache:
    """Cache of robots.txt rules. `agent` is our name in robots.txt; `now` returns seconds of a monotonic clock."""

    def __init__(self, agent: str, now: Callable[[], float]) -> None:
        self._agent = agent
        self._now = now
        self._sites: OrderedDict[str, _CachedRules] = OrderedDict()

    async def get_crawl_delay(self, site: str, address: str, fetch_robots_txt: FetchRobotsTxt) -> float | None:
        """Return the crawl delay of `site` ("https://example.org") in seconds, or None if it sets none.

        Raises FetchError if the site does not allow us to fetch `address`.
        """
        cached_rules = self._sites.get(site)
        if cached_rules is None or cached_rules.expires_at <= self._now():
            cached_rules = await self._fetch_rules(site, fetch_robots_txt)
        if cached_rules.rules is None:
            raise FetchError(Failure.ROBOTS, f"{site} cannot be read now: its robots.txt is unavailable.")
        if not cached_rules.rules.can_fetch(address, self._agent):
            raise FetchError(Failure.ROBOTS, f"{address} cannot be read: the site's robots.txt doesn't allow bots.")
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


class HostThrottle:
    """Throttle per host. `now` returns seconds of a monotonic clock; `delay` is the default pause in seconds."""

    def __init__(self, now: Callable[[], float], sleep: Callable[[float], Awaitable[None]], delay: float = 1.0) -> None:
        self._now = now
        self._sleep = sleep
        self._delay = delay
        self._hosts: OrderedDict[str, _HostState] = OrderedDict()

    @asynccontextmanager
    async def wait_turn(self, host: str, delay: float | None = None) -> AsyncIterator[None]:
        """Wait for the previous request to `host` to finish, and then for `delay` seconds (or the default pause)."""
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
    """Lock of a host, and the time at which its last request finished."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.last_request_at: float | None = None


def _parse_rules(content: bytes | None) -> Protego:
    return Protego.parse((content or b"").decode("utf-8", "replace"))
