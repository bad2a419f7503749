"""Fetches what is at an address of the web, as a guest: known by name, one request a host at a time, within bounds.

Rule: an address comes from strangers, and so does everything it answers. Each hop of a redirect is a new address: asked
of robots.txt, and let through by the guard where it connects.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, DummyCookieJar, InvalidURL, TCPConnector
from aiohttp.client_exceptions import ClientConnectorError
from yarl import URL

from briefings.ingest.body import ENCODINGS, read_body, too_large
from briefings.ingest.failures import CannotFetch, Failure
from briefings.ingest.guard import Guard, NotPublic
from briefings.ingest.pace import Pace
from briefings.ingest.robots import MOST_BYTES, Robots

#: characters of an address
LONGEST = 2_000
_HOST = re.compile(r"[^\s/\\@<>\"']{1,253}")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})
_MISSING = frozenset({404, 410})
_BUSY = frozenset({429, 503})
_NOT_MODIFIED = 304
#: the longest that a server's Retry-After is believed, in seconds
_LONGEST_WAIT = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of an answer is taken: bytes once unpacked, seconds for each hop, redirects on the way."""

    most_bytes: int = 5_000_000
    seconds: float = 30.0
    redirects: int = 10


@dataclass(frozen=True, slots=True)
class Mark:
    """What a server gave to tell later whether its answer has changed: the headers ETag and Last-Modified."""

    etag: str | None = None
    modified: str | None = None


NO_MARK = Mark()


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. `data` is None when nothing has changed since the mark that was sent."""

    #: where it was found in the end
    address: str
    data: bytes | None
    content_type: str
    mark: Mark
    #: the address to ask for from now on, when every redirect on the way was for good
    moved: str | None = None


class Fetcher:
    """Fetches; made by `fetcher`, inside whose block it lives."""

    def __init__(self, session: ClientSession, robots: Robots, pace: Pace, bounds: Bounds) -> None:
        self._session = session
        self._robots = robots
        self._pace = pace
        self._bounds = bounds

    async def fetch(self, address: str, mark: Mark = NO_MARK) -> Fetched:
        """What is at `address`, after redirects. Raises CannotFetch."""
        url, moved, for_good = web_address(address), None, True
        for _ in range(self._bounds.redirects + 1):
            delay = await self._robots.delay(str(url.origin()), str(url), self._robots_txt)
            found = await self._hop(url, mark, delay)
            if isinstance(found, Fetched):
                return replace(found, moved=moved)
            url, status = found
            for_good = for_good and status in _FOR_GOOD
            moved = str(url) if for_good else moved
        raise CannotFetch(
            Failure.REDIRECTS, f"{address} redirects more than {self._bounds.redirects} times: it leads nowhere."
        )

    async def _hop(self, url: URL, mark: Mark, delay: float | None) -> "Fetched | tuple[URL, int]":
        """The answer of one address: what it holds, or where it sends to and how."""
        async with self._pace.at(url.authority, delay), self._answer(url, mark) as answer:
            if answer.status in _REDIRECTS:
                return _target(url, answer), answer.status
            if answer.status == _NOT_MODIFIED:
                return Fetched(str(url), None, "", mark)
            _check_status(url, answer)
            data = await self._body(url, answer, self._bounds.most_bytes)
            return Fetched(str(url), data, answer.headers.get("Content-Type", ""), _mark(answer))

    async def _robots_txt(self, address: str) -> bytes | None:
        """The file at `address`; redirects are followed, and 4xx means that there is none (RFC 9309, 2.3.1.3)."""
        url = web_address(address)
        for _ in range(self._bounds.redirects + 1):
            async with self._pace.at(url.authority), self._answer(url, NO_MARK) as answer:
                if answer.status in _REDIRECTS:
                    url = _target(url, answer)
                    continue
                if 400 <= answer.status < 500 and answer.status not in _BUSY:
                    return None
                _check_status(url, answer)
                return await self._body(url, answer, MOST_BYTES)
        return None

    @asynccontextmanager
    async def _answer(self, url: URL, mark: Mark) -> AsyncIterator[ClientResponse]:
        """The answer, its body not yet read. What goes wrong on the way, in the block too, is raised as CannotFetch."""
        told = {"If-None-Match": mark.etag, "If-Modified-Since": mark.modified}
        headers = {name: value for name, value in told.items() if value}
        try:
            async with (
                asyncio.timeout(self._bounds.seconds),
                self._session.get(url, headers=headers, allow_redirects=False) as answer,
            ):
                yield answer
        except TimeoutError as error:
            raise CannotFetch(
                Failure.SLOW, f"{url} did not answer whole within {self._bounds.seconds:g} seconds."
            ) from error
        except (ClientError, OSError, ValueError) as error:
            raise _told(url, error) from error

    async def _body(self, url: URL, answer: ClientResponse, most: int) -> bytes:
        if (answer.content_length or 0) > most:
            raise too_large(str(url), most)
        encoding = answer.headers.get("Content-Encoding", "")
        return await read_body(answer.content.iter_any(), encoding, most, str(url))


@asynccontextmanager
async def fetcher(
    agent: str,
    now: Callable[[], float],
    *,
    contact: str | None = None,
    opened: Sequence[str] = (),
    bounds: Bounds | None = None,
    delay: float = 1.0,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[Fetcher]:
    """A fetcher that says it is `agent` ("OnTheRecord/0.1") and, with `contact`, where its people are found.

    `now` gives seconds of any clock that goes on; `opened` are networks beside the public ones (see `guard`); `delay`
    are the seconds between two requests to a host.
    """
    bounds = bounds or Bounds()
    name = f"{agent} (+{contact})" if contact else agent
    session = ClientSession(
        connector=TCPConnector(socket_factory=Guard(opened).socket, use_dns_cache=False, limit_per_host=1),
        headers={"User-Agent": name, "Accept-Encoding": ENCODINGS},
        timeout=ClientTimeout(total=bounds.seconds),
        cookie_jar=DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
    )
    async with session:
        yield Fetcher(session, Robots(agent.partition("/")[0], now), Pace(now, sleep, delay), bounds)


def web_address(typed: str, base: URL | None = None) -> URL:
    """What was typed or linked to as an address to fetch, without its fragment. Raises CannotFetch."""
    shown = typed if len(typed) <= 200 and typed.isprintable() else "This"
    try:
        url = URL(typed.strip())
        url = (base.join(url) if base else url).with_fragment(None)
        sound = (
            len(str(url)) <= LONGEST
            and url.scheme in ("http", "https")
            and _HOST.fullmatch(url.host or "")
            and url.port != 0
        )
    except (ValueError, TypeError):
        sound = False
    if not sound:
        raise CannotFetch(Failure.ADDRESS, f"{shown} is no web address: give one that starts with https:// or http://.")
    if url.user is not None or url.password is not None:
        raise CannotFetch(Failure.ADDRESS, "The address holds a user and a password: give it without them.")
    return url


def host_of(address: str) -> str:
    """The host of an address, for people."""
    return urlsplit(address).hostname or address


def _target(url: URL, answer: ClientResponse) -> URL:
    target = answer.headers.get("Location")
    if not target:
        raise CannotFetch(Failure.STATUS, f"{url} redirects, and does not say where to.")
    return web_address(target, base=url)


def _check_status(url: URL, answer: ClientResponse) -> None:
    status = answer.status
    if status in _MISSING:
        raise CannotFetch(Failure.MISSING, f"{url} is not there (any more): its server answers {status}.")
    if status in _BUSY:
        raise CannotFetch(Failure.BUSY, f"{url}: its server asks to come back later ({status}).", _wait(answer))
    if status != 200:
        raise CannotFetch(Failure.STATUS, f"{url} cannot be had: its server answers {status}.")


def _wait(answer: ClientResponse) -> float | None:
    """The seconds of Retry-After, given as such or as a date."""
    told = answer.headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdigit():
        return min(float(told[:9]), _LONGEST_WAIT)
    try:
        then = parsedate_to_datetime(told)
        now = parsedate_to_datetime(answer.headers.get("Date", "")) if "Date" in answer.headers else datetime.now(UTC)
        return min(max((then - now).total_seconds(), 0.0), _LONGEST_WAIT)
    except (TypeError, ValueError):
        return None


def _mark(answer: ClientResponse) -> Mark:
    def header(name: str) -> str | None:
        value = answer.headers.get(name, "").strip()
        return value if value and value.isprintable() and len(value) <= LONGEST else None

    return Mark(header("ETag"), header("Last-Modified"))


def _told(url: URL, error: Exception) -> CannotFetch:
    cause = error.os_error if isinstance(error, ClientConnectorError) else error
    if isinstance(cause, NotPublic):
        return CannotFetch(
            Failure.FORBIDDEN, f"{url} leads to no public address: machines of this network are not asked."
        )
    if isinstance(error, InvalidURL):
        return CannotFetch(Failure.ADDRESS, f"{url} is no web address.")
    return CannotFetch(Failure.NETWORK, f"{url} cannot be reached: check the address, and that its server is up.")
