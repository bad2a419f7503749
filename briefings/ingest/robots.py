"""What robots.txt asks of programs (RFC 9309), remembered for a day.

Rule: a site without the file allows everything; one whose file cannot be had just now is left alone for an hour.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from protego import Protego

from briefings.ingest.failures import CannotFetch, Failure

#: bytes of the file that are read (RFC 9309: at least 500 kibibytes)
MOST_BYTES = 512_000
_BELIEVED = 24 * 3600.0
_TRIED_AGAIN = 3600.0
#: seconds between two requests that a site may ask for; more would keep its feed from ever being read
MOST_DELAY = 30.0
_MOST = 2_000
#: what a site that is there may answer for its robots.txt, and is not the file (RFC 9309, 2.3.1.4)
_CLOSED = (Failure.STATUS, Failure.BUSY, Failure.LARGE)

#: the file at an address, None when there is none. Raises CannotFetch
Ask = Callable[[str], Awaitable[bytes | None]]


@dataclass(frozen=True, slots=True)
class _Known:
    rules: Protego | None
    until: float


class Robots:
    """`agent` is the program's name as the file would have it, `now` gives seconds of any clock that goes on."""

    def __init__(self, agent: str, now: Callable[[], float]) -> None:
        self._agent = agent
        self._now = now
        self._sites: OrderedDict[str, _Known] = OrderedDict()

    async def delay(self, site: str, address: str, ask: Ask) -> float | None:
        """The seconds that `site` ("https://example.org") asks to leave between requests, None when it says nothing.

        Raises CannotFetch when `address` may not be fetched.
        """
        known = self._sites.get(site)
        if known is None or known.until <= self._now():
            known = await self._asked(site, ask)
        if known.rules is None:
            raise CannotFetch(Failure.ROBOTS, f"{site} does not tell just now, in robots.txt, what programs may read.")
        if not known.rules.can_fetch(address, self._agent):
            raise CannotFetch(Failure.ROBOTS, f"{address} is closed to programs, says its site's robots.txt.")
        delay = known.rules.crawl_delay(self._agent)
        return None if delay is None else min(max(float(delay), 0.0), MOST_DELAY)

    async def _asked(self, site: str, ask: Ask) -> _Known:
        try:
            told = await ask(f"{site}/robots.txt")
            known = _Known(_read(told), self._now() + _BELIEVED)
        except CannotFetch as error:
            if error.failure not in _CLOSED:
                raise
            known = _Known(None, self._now() + _TRIED_AGAIN)
        self._sites[site] = known
        self._sites.move_to_end(site)
        while len(self._sites) > _MOST:
            self._sites.popitem(last=False)
        return known


def _read(told: bytes | None) -> Protego:
    return Protego.parse((told or b"").decode("utf-8", "replace"))
