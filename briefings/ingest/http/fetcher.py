"""Fetch web pages and feeds politely: identified by name, throttled per host, and within limits.

Rule: URLs and responses are untrusted. Every redirect target is checked against robots.txt and the SSRF guard.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from aiohttp import (
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    CookieJar,
    DummyCookieJar,
    InvalidURL,
    TCPConnector,
)
from aiohttp.client_exceptions import ClientConnectorError, ClientPayloadError
from yarl import URL

from briefings.ingest.addresses import quote_address
from briefings.ingest.http.bounded_body import (
    ACCEPTED_ENCODINGS,
    incomplete_error,
    join_encodings,
    read_body,
    too_large_error,
)
from briefings.ingest.http.failures import Failure, FetchError
from briefings.ingest.http.robots import MAX_BYTES, HostThrottle, RobotsCache
from briefings.ingest.http.ssrf_guard import PortError, PrivateAddressError, SsrfGuard
from briefings.ingest.pages.redirect_pages import find_refresh_target

#: maximum length of a URL, in characters
MAX_URL_LENGTH = 2_000
_HOST = re.compile(r"[^\s/\\@<>\"']{1,253}")
_REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
_PERMANENT_REDIRECT_STATUSES = frozenset({301, 308})
_MISSING_STATUSES = frozenset({404, 410})
_BUSY_STATUSES = frozenset({429, 503})
_NOT_MODIFIED = 304
#: headers that say how a body is compressed; the second is rare, but valid
_ENCODING_HEADERS = ("Content-Encoding", "Transfer-Encoding")
#: the status that a refresh counts as: temporary
_REFRESH_STATUS = 302
#: a header that refreshes at once, or so soon that no one could read the page
_REFRESH_HEADER = re.compile(
    r"\s*[0-5](?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"'\s]{1,2000})[\"']?\s*", re.IGNORECASE
)
#: content types of pages that can refresh, and the maximum size of such a page in bytes
_HTML_TYPES = ("text/html", "application/xhtml+xml", "")
_MAX_REFRESH_BYTES = 20_000
#: maximum Retry-After that is obeyed, in seconds
_MAX_RETRY_AFTER_SECONDS = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Limits of one fetch: decompressed bytes, seconds per request, and number of redirects."""

    max_bytes: int = 5_000_000
    timeout_seconds: float = 30.0
    max_redirects: int = 10


@dataclass(frozen=True, slots=True)
class CacheValidators:
    """Response headers that allow a conditional request later: ETag and Last-Modified."""

    etag: str | None = None
    last_modified: str | None = None


NO_VALIDATORS = CacheValidators()


@dataclass(frozen=True, slots=True)
class FetchResponse:
    """Response to a fetch. Without `data`, the content has not changed since the validators in the request."""

    #: the URL after all redirects
    address: str
    data: bytes | None
    content_type: str
    validators: CacheValidators
    #: the URL to use from now on, after one or more permanent redirects at the start of the chain
    permanent_address: str | None = None


class Fetcher:
    """Fetcher for web content; create it with `open_fetcher`."""

    def __init__(
        self, session: ClientSession, robots: RobotsCache, throttle: HostThrottle, limits: FetchLimits
    ) -> None:
        self._session = session
        self._robots = robots
        self._throttle = throttle
        self._limits = limits

    async def fetch(self, address: str, validators: CacheValidators = NO_VALIDATORS) -> FetchResponse:
        """Fetch a URL and follow redirects, also those of pages that only refresh. Raises FetchError.

        Cookies are kept for the redirects of this fetch, because some sites redirect until they get theirs back.
        """
        url, permanent_address, is_permanent = parse_url(address), None, True
        cookies = CookieJar(unsafe=True)  # "unsafe" only means that hosts may be IP addresses
        for _ in range(self._limits.max_redirects + 1):
            delay = await self._robots.get_crawl_delay(str(url.origin()), str(url), self._fetch_robots_txt)
            result = await self._request_once(url, validators, delay, cookies)
            if isinstance(result, FetchResponse):
                target = await asyncio.to_thread(_find_refresh, url, result)  # parses markup
                if target is None:
                    return replace(result, permanent_address=permanent_address)
                result = target, _REFRESH_STATUS
            url, status = result
            is_permanent = is_permanent and status in _PERMANENT_REDIRECT_STATUSES
            permanent_address = str(url) if is_permanent else permanent_address
        raise FetchError(
            Failure.REDIRECTS, f"{address} redirects more than {self._limits.max_redirects} times. Check the address."
        )

    async def _request_once(
        self, url: URL, validators: CacheValidators, delay: float | None, cookies: CookieJar
    ) -> "FetchResponse | tuple[URL, int]":
        """Send one request; return the response, or the target and status of a redirect."""
        async with (
            self._throttle.wait_turn(url.authority, delay),
            self._open_response(url, validators, cookies) as response,
        ):
            if response.status in _REDIRECT_STATUSES:
                return _get_redirect_target(url, response), response.status
            if response.status == _NOT_MODIFIED:
                return FetchResponse(str(url), None, "", validators)
            _check_status(url, response)
            if refresh := _REFRESH_HEADER.fullmatch(response.headers.get("Refresh", "")):
                target = _parse_target(url, refresh[1])
                if target is not None:
                    return target, _REFRESH_STATUS
            data = await self._read_body(url, response, self._limits.max_bytes)
            return FetchResponse(str(url), data, response.headers.get("Content-Type", ""), _get_validators(response))

    async def _fetch_robots_txt(self, address: str) -> bytes | None:
        """Return the robots.txt at a URL after redirects; None for a 4xx status (RFC 9309, 2.3.1.3)."""
        url = parse_url(address)
        for _ in range(self._limits.max_redirects + 1):
            async with self._throttle.wait_turn(url.authority), self._open_response(url, NO_VALIDATORS) as response:
                if response.status in _REDIRECT_STATUSES:
                    url = _get_redirect_target(url, response)
                    continue
                if 400 <= response.status < 500 and response.status not in _BUSY_STATUSES:
                    return None
                _check_status(url, response)
                return await self._read_body(url, response, MAX_BYTES)
        return None

    @asynccontextmanager
    async def _open_response(
        self, url: URL, validators: CacheValidators, cookies: CookieJar | None = None
    ) -> AsyncIterator[ClientResponse]:
        """Open a response without reading its body, and save its cookies.

        Network errors, also inside the block, raise FetchError.
        """
        conditional_headers = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
        headers = {name: value for name, value in conditional_headers.items() if value}
        request_cookies = cookies.filter_cookies(url).values() if cookies is not None else ()
        if request_cookies:
            headers["Cookie"] = "; ".join(f"{cookie.key}={cookie.coded_value}" for cookie in request_cookies)
        try:
            async with (
                asyncio.timeout(self._limits.timeout_seconds),
                self._session.get(url, headers=headers, allow_redirects=False) as response,
            ):
                if cookies is not None:
                    cookies.update_cookies(response.cookies, url)
                yield response
        except TimeoutError as error:
            raise FetchError(
                Failure.SLOW, f"{url} did not respond completely within {self._limits.timeout_seconds:g} seconds."
            ) from error
        except (ClientError, OSError, ValueError) as error:
            raise _connection_error(url, error) from error

    async def _read_body(self, url: URL, response: ClientResponse, max_bytes: int) -> bytes:
        if (response.content_length or 0) > max_bytes:
            raise too_large_error(str(url), max_bytes)
        encodings = (name for header in _ENCODING_HEADERS for name in response.headers.getall(header, ()))
        return await read_body(response.content.iter_any(), join_encodings(encodings), max_bytes, str(url))


@asynccontextmanager
async def open_fetcher(
    agent: str,
    now: Callable[[], float],
    *,
    contact: str | None = None,
    allowed_networks: Sequence[str] = (),
    allowed_ports: Sequence[int] = (),
    limits: FetchLimits | None = None,
    delay: float = 1.0,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[Fetcher]:
    """Open a fetcher that identifies itself as `agent` ("OnTheRecord/0.1"), followed by the `contact` URL if given.

    `now` returns seconds of a monotonic clock. `allowed_networks` are non-public networks that may be fetched from, and
    `allowed_ports` are ports of public sites besides 80 and 443 (see `SsrfGuard`). `delay` is the pause between two
    requests to a host, in seconds.
    """
    limits = limits or FetchLimits()
    user_agent = f"{agent} (+{contact})" if contact else agent
    session = ClientSession(
        connector=TCPConnector(
            socket_factory=SsrfGuard(allowed_networks, allowed_ports).create_socket,
            use_dns_cache=False,
            limit_per_host=1,
        ),
        headers={"User-Agent": user_agent, "Accept-Encoding": ACCEPTED_ENCODINGS},
        timeout=ClientTimeout(total=limits.timeout_seconds),
        cookie_jar=DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
    )
    async with session:
        yield Fetcher(session, RobotsCache(agent.partition("/")[0], now), HostThrottle(now, sleep, delay), limits)


def parse_url(text: str, base: URL | None = None) -> URL:
    """Parse a URL, relative to `base` if given, and drop its fragment. Raises FetchError if it is not a web address.

    The URL is kept as written, so that exactly this address is fetched.
    """
    quoted_text = text if len(text) <= 200 and text.isprintable() else "This"
    try:
        absolute = urljoin(str(base), text.strip()) if base else text
        url = _build_exact_url(quote_address(absolute).partition("#")[0])
        is_valid = (
            len(str(url)) <= MAX_URL_LENGTH
            and url.scheme in ("http", "https")
            and _HOST.fullmatch(url.host or "")
            and url.port != 0
        )
    except (ValueError, TypeError):
        is_valid = False
    if not is_valid:
        raise FetchError(
            Failure.ADDRESS, f"{quoted_text} is not a web address. Use one that starts with https:// or http://."
        )
    if url.user is not None or url.password is not None:
        raise FetchError(Failure.ADDRESS, "The address contains a user name or password. Remove it and try again.")
    return url


def get_host(address: str) -> str:
    """Return the host of a URL, or the URL itself if it has none."""
    return urlsplit(address).hostname or address


def _build_exact_url(address: str) -> URL:
    """Build a URL whose host is normalised, and whose path and query stay as written."""
    parsed_url = URL(address)
    if parsed_url.user is not None or parsed_url.password is not None:
        return parsed_url
    rest = address.partition("://")[2]
    path = next((rest[position:] for position, char in enumerate(rest) if char in "/?"), "/")
    return URL(f"{parsed_url.origin()}{'' if path[0] == '/' else '/'}{path}", encoded=True)


def _find_refresh(url: URL, response: FetchResponse) -> URL | None:
    """Return the target of a page that only refreshes to another URL, or None."""
    media_type = response.content_type.partition(";")[0].strip().lower()
    if response.data is None or media_type not in _HTML_TYPES or len(response.data) > _MAX_REFRESH_BYTES:
        return None
    target = find_refresh_target(response.data.decode("utf-8", "replace"))
    return _parse_target(url, target) if target else None


def _parse_target(url: URL, target: str) -> URL | None:
    """Return the target of a refresh, or None if it is the page itself or not a web address."""
    try:
        target_url = parse_url(target, base=url)
    except FetchError:
        return None
    return None if target_url == url else target_url


def _get_redirect_target(url: URL, response: ClientResponse) -> URL:
    target = response.headers.get("Location")
    if not target:
        raise FetchError(Failure.STATUS, f"{url} redirects without naming a target.")
    return parse_url(target, base=url)


def _check_status(url: URL, response: ClientResponse) -> None:
    status = response.status
    if status in _MISSING_STATUSES:
        raise FetchError(Failure.MISSING, f"{url} was not found: the server responded with status {status}.")
    if status in _BUSY_STATUSES:
        raise FetchError(
            Failure.BUSY, f"{url}: the server is busy (status {status}). Try again later.", _parse_retry_after(response)
        )
    if status != 200:
        raise FetchError(Failure.STATUS, f"{url} cannot be read: the server responded with status {status}.")


def _parse_retry_after(response: ClientResponse) -> float | None:
    """Return the Retry-After header in seconds, whether it contains seconds or a date; None if it is invalid."""
    header_value = response.headers.get("Retry-After", "").strip()
    if header_value.isascii() and header_value.isdigit():
        return min(float(header_value[:9]), _MAX_RETRY_AFTER_SECONDS)
    try:
        retry_at = parsedate_to_datetime(header_value)
        now = (
            parsedate_to_datetime(response.headers.get("Date", "")) if "Date" in response.headers else datetime.now(UTC)
        )
        return min(max((retry_at - now).total_seconds(), 0.0), _MAX_RETRY_AFTER_SECONDS)
    except (TypeError, ValueError):
        return None


def _get_validators(response: ClientResponse) -> CacheValidators:
    def get_header(name: str) -> str | None:
        value = response.headers.get(name, "").strip()
        return value if value and value.isprintable() and len(value) <= MAX_URL_LENGTH else None

    return CacheValidators(get_header("ETag"), get_header("Last-Modified"))


def _connection_error(url: URL, error: Exception) -> FetchError:
    root_cause = error.os_error if isinstance(error, ClientConnectorError) else error
    if isinstance(root_cause, PrivateAddressError):
        return FetchError(Failure.FORBIDDEN, f"{url} is not on the public internet. Private networks are blocked.")
    if isinstance(root_cause, PortError):
        advice = "Only ports 80 and 443 are allowed; FETCH_PORTS can allow others."
        return FetchError(Failure.FORBIDDEN, f"{url.origin()} uses port {root_cause.port}. {advice}")
    if isinstance(error, ClientPayloadError):
        return incomplete_error(str(url))
    if isinstance(error, InvalidURL):
        return FetchError(Failure.ADDRESS, f"{url} is not a web address.")
    return FetchError(Failure.NETWORK, f"{url} cannot be reached. Check the address, and that its server is running.")
