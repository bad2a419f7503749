"""Any response of a site stays within the limits, and every failure has a kind."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from briefings.ingest.http.bounded_body import read_body
from briefings.ingest.http.failures import Failure, FetchError
from briefings.ingest.http.fetcher import NO_VALIDATORS, CacheValidators, FetchLimits, FetchResponse, open_fetcher
from briefings.ingest.http.robots import HostThrottle, RobotsCache

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
SMALL = FetchLimits(max_bytes=10_000, timeout_seconds=60.0, max_redirects=10)
SHORT_TIMEOUT = FetchLimits(max_bytes=10_000, timeout_seconds=0.3, max_redirects=10)
ROBOTS = "User-agent: *\nDisallow: /private\nCrawl-delay: 7\n\nUser-agent: Test\nDisallow: /*/draft$\n"


@asynccontextmanager
async def serve_site(page: Handler, robots: Handler | None = None) -> AsyncIterator[str]:
    """Serve `page` at every path; yield the URL of the site."""
    app = web.Application()
    if robots:
        app.router.add_get("/robots.txt", robots)
    app.router.add_get("/{path:.*}", page)
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("/"))


async def skip_sleep(_seconds: float) -> None:
    """Return at once instead of sleeping."""


async def fetch_page(
    page: Handler,
    *,
    limits: FetchLimits = SMALL,
    robots: Handler | None = None,
    path: str = "x",
    validators: CacheValidators = NO_VALIDATORS,
) -> FetchResponse:
    async with (
        serve_site(page, robots or not_found) as address,
        open_fetcher("Test/1", lambda: 0.0, allowed_networks=["127.0.0.1"], limits=limits, sleep=skip_sleep) as fetch,
    ):
        return await fetch.fetch(address + path, validators)


async def fetch_failure(
    page: Handler, *, limits: FetchLimits = SMALL, robots: Handler | None = None, path: str = "x"
) -> FetchError:
    with pytest.raises(FetchError) as raised:
        await fetch_page(page, limits=limits, robots=robots, path=path)
    return raised.value


async def not_found(_: web.Request) -> web.Response:
    raise web.HTTPNotFound


def fixed_body(data: bytes, **headers: str) -> Handler:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=data, headers=headers)

    return answer


def chunked_body(chunk: bytes, times: int, *, ends: bool = True, **headers: str) -> Handler:
    """Send chunks without a content length, and never finish unless `ends`."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        try:
            for _ in range(times):
                await response.write(chunk)
            if not ends:
                await asyncio.Event().wait()
        except ConnectionError:  # the client closed the connection
            pass
        return response

    return answer


async def test_page_of_200_megabytes_is_not_read() -> None:
    """The limit applies with and without a content length."""
    assert (await fetch_failure(chunked_body(b"x", 1, **{"Content-Length": "200000000"}))).failure is Failure.LARGE
    assert (await fetch_failure(chunked_body(b"x" * 1_000_000, 200))).failure is Failure.LARGE


async def test_endless_body_is_not_read() -> None:
    assert (await fetch_failure(chunked_body(b"x" * 1_000, 1_000_000))).failure is Failure.LARGE


@pytest.mark.parametrize("compress", [gzip.compress, zlib.compress])
async def test_decompression_bomb_is_not_decompressed(compress: Callable[[bytes], bytes]) -> None:
    bomb = compress(b"\0" * 50_000_000)
    name = "gzip" if compress is gzip.compress else "deflate"
    error = await fetch_failure(fixed_body(bomb, **{"Content-Encoding": name}), limits=FetchLimits(max_bytes=1_000_000))
    assert error.failure is Failure.LARGE


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "x" * 500])
async def test_unsupported_compressions_are_refused(encoding: str) -> None:
    assert (await fetch_failure(fixed_body(b"x", **{"Content-Encoding": encoding}))).failure is Failure.KIND


async def test_invalid_compressed_data_is_a_network_failure() -> None:
    assert (await fetch_failure(fixed_body(b"not gzip", **{"Content-Encoding": "gzip"}))).failure is Failure.NETWORK


@pytest.mark.parametrize("ends", ["headers", "body"])
async def test_slow_response_times_out(ends: str) -> None:
    async def never_respond(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    page = never_respond if ends == "headers" else chunked_body(b"x", 3, ends=False)
    assert (await fetch_failure(page, limits=SHORT_TIMEOUT)).failure is Failure.SLOW


async def test_thirty_redirects_are_too_many() -> None:
    numbers = []

    async def redirect(request: web.Request) -> web.Response:
        number = int(request.match_info["path"])
        numbers.append(number)
        raise web.HTTPFound(f"/{number + 1}") if number < 30 else web.HTTPNotFound

    assert (await fetch_failure(redirect, path="0")).failure is Failure.REDIRECTS
    assert len(numbers) == SMALL.max_redirects + 1


async def test_ten_redirects_are_followed_and_permanent_ones_are_reported() -> None:
    async def redirect(request: web.Request) -> web.Response:
        number = int(request.match_info["path"])
        if number < 3:
            raise web.HTTPMovedPermanently(f"/{number + 1}")
        if number < 10:
            raise web.HTTPFound(f"/{number + 1}")
        return web.Response(text="there")

    response = await fetch_page(redirect, path="0")
    assert response.data == b"there"
    assert response.address.endswith("/10")
    assert (response.permanent_address or "").endswith("/3")


@pytest.mark.parametrize(
    ("status", "expected"),
    [(404, Failure.MISSING), (410, Failure.MISSING), (429, Failure.BUSY), (503, Failure.BUSY), (500, Failure.STATUS),
     (403, Failure.STATUS), (204, Failure.STATUS)],
)  # fmt: skip
async def test_each_error_status_has_its_failure(status: int, expected: Failure) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Retry-After": "120"})

    error = await fetch_failure(answer)
    assert error.failure is expected
    assert error.retry_after == (120 if expected is Failure.BUSY else None)


@pytest.mark.parametrize(
    ("header", "wait"),
    [("Wed, 21 Oct 2015 07:30:00 GMT", 120), ("999999999999", 86_400), ("soon", None), ("-5", None), ("", None)],
)
async def test_retry_after_is_respected_up_to_a_day(header: str, wait: float | None) -> None:
    async def answer(_: web.Request) -> web.Response:
        headers = {"Retry-After": header, "Date": "Wed, 21 Oct 2015 07:28:00 GMT"}
        return web.Response(status=503, headers=headers)

    assert (await fetch_failure(answer)).retry_after == wait


async def test_unchanged_content_is_not_sent_again() -> None:
    async def answer(request: web.Request) -> web.Response:
        validators = (request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since"))
        if validators == ('"a"', "Wed, 21 Oct 2015 07:28:00 GMT"):
            return web.Response(status=304)
        return web.Response(text="x", headers={"ETag": '"a"', "Last-Modified": "Wed, 21 Oct 2015 07:28:00 GMT"})

    first = await fetch_page(answer)
    second = await fetch_page(answer, validators=first.validators)
    assert (first.data, second.data, second.validators) == (b"x", None, first.validators)


async def test_the_rules_for_our_agent_override_the_general_ones() -> None:
    """The rules may contain wildcards and end marks (RFC 9309)."""
    rules = fixed_body(ROBOTS.encode())
    assert (await fetch_page(fixed_body(b"x"), robots=rules, path="private")).data == b"x"
    assert (await fetch_failure(fixed_body(b"x"), robots=rules, path="a/draft")).failure is Failure.ROBOTS


@pytest.mark.parametrize("status", [500, 503, 429])
async def test_site_with_unavailable_robots_txt_is_not_fetched(status: int) -> None:
    async def serve_error(_: web.Request) -> web.Response:
        return web.Response(status=status)

    assert (await fetch_failure(fixed_body(b"x"), robots=serve_error)).failure is Failure.ROBOTS


@pytest.mark.parametrize("content", [b"\xff\xfe\0\0", b"User-agent\n" * 5_000, b"Crawl-delay: -1\nDisallow", b"<html>"])
async def test_malformed_robots_txt_allows_everything(content: bytes) -> None:
    assert (await fetch_page(fixed_body(b"x"), robots=fixed_body(content))).data == b"x"


async def test_robots_txt_is_fetched_once_a_day() -> None:
    now, requests = 0.0, []

    async def fetch_robots_txt(address: str) -> bytes:
        requests.append(address)
        return ROBOTS.encode()

    robots = RobotsCache("Other", lambda: now)
    for now in (0.0, 3600.0, 90_000.0):  # noqa: B007 - read by the clock
        assert await robots.get_crawl_delay("https://a.example", "https://a.example/x", fetch_robots_txt) == 7
    assert len(requests) == 2


async def test_requests_to_one_host_are_sequential_with_a_pause() -> None:
    now, waits, active = 100.0, [], 0

    async def sleep(seconds: float) -> None:
        nonlocal now
        waits.append(seconds)
        now += seconds

    throttle = HostThrottle(lambda: now, sleep, delay=2.0)

    async def send_request(host: str, delay: float | None = None) -> None:
        nonlocal active
        async with throttle.wait_turn(host, delay):
            active += 1
            assert active == 1 or host == "second"
            await asyncio.sleep(0)
            active -= 1

    await asyncio.gather(send_request("first"), send_request("first"), send_request("first", 5.0))
    assert waits == [2.0, 5.0]
    await send_request("second")
    assert len(waits) == 2


@given(st.binary(max_size=5_000), st.integers(1, 2_000), st.sampled_from(["", "gzip", "deflate", "raw"]))
async def test_any_body_is_decompressed_for_any_chunk_size(data: bytes, size: int, how: str) -> None:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    bodies = {"": data, "gzip": gzip.compress(data, mtime=0), "deflate": zlib.compress(data)}
    body = bodies[how] if how != "raw" else compressor.compress(data) + compressor.flush()

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(body), size):
            yield body[start : start + size]

    encoding = "deflate" if how == "raw" else how
    if how == "deflate" or (how == "raw" and size < 2):
        size = max(size, 2)  # the decoder needs two bytes to recognise raw deflate
    assert await read_body(chunks(), encoding, 10_000, "x") == data


def gzip_parts(*parts: bytes) -> bytes:
    return b"".join(gzip.compress(part, mtime=0) for part in parts)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(b"Words. " * 500, mtime=0)[:-20], "gzip"),
        (gzip.compress(b"Words. " * 500, mtime=0)[:-1], "gzip"),
        (gzip.compress(b"Words.", mtime=0)[:2], "gzip"),
        (zlib.compress(b"Words. " * 500)[:-5], "deflate"),
        (gzip_parts(b"Words. ", b"More words.")[:-9], "gzip"),
    ],
)
async def test_cut_off_body_is_a_failure_and_never_a_page(body: bytes, encoding: str) -> None:
    failure = await fetch_failure(fixed_body(body, **{"Content-Encoding": encoding}))
    assert failure.failure is Failure.NETWORK
    assert "incomplete" in str(failure) or "damaged" in str(failure)


async def test_body_shorter_than_its_content_length_is_incomplete() -> None:
    async def close_early(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "5000"})
        await response.prepare(request)
        await response.write(b"The beginning")
        assert request.transport is not None
        request.transport.close()
        return response

    failure = await fetch_failure(close_early)
    assert (failure.failure, "incomplete" in str(failure)) == (Failure.NETWORK, True)


@pytest.mark.parametrize("tail", [b"", b"\0" * 20, b"\r\n", b"garbage", b"\x1f\x8b"])
async def test_bytes_after_the_end_of_a_gzip_body_are_ignored(tail: bytes) -> None:
    response = await fetch_page(fixed_body(gzip_parts(b"First. ", b"Second.") + tail, **{"Content-Encoding": "gzip"}))
    assert response.data == b"First. Second."


async def test_address_is_fetched_exactly_as_written() -> None:
    paths = []

    async def answer(request: web.Request) -> web.Response:
        paths.append(request.raw_path)
        return web.Response(body=b"x")

    written = ["hall;art12,34", "news//8", "login?redirect=http://other.example/x", "a%7eb%2fc?q=a+b%20c&&d=e=f&"]
    for path in written:
        await fetch_page(answer, path=path)
    assert paths == [f"/{path}" for path in written]


async def test_redirect_target_is_fetched_as_written_and_dots_do_not_evade_robots_txt() -> None:
    paths = []

    async def answer(request: web.Request) -> web.Response:
        paths.append(request.raw_path)
        return web.Response(status=302, headers={"Location": "/n//1;2?x=%2f"}) if "n" not in request.path else ok

    ok = web.Response(body=b"x")
    await fetch_page(answer)
    assert paths == ["/x", "/n//1;2?x=%2f"]
    failure = await fetch_failure(answer, robots=fixed_body(ROBOTS.encode()), path="a/b/%2e%2E/draft")
    assert failure.failure is Failure.ROBOTS


async def test_site_that_redirects_until_its_cookie_comes_back_is_read() -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.cookies.get("seen") == "1":
            return web.Response(body=b"The page")
        response = web.Response(status=302, headers={"Location": str(request.rel_url)})
        response.set_cookie("seen", "1")
        return response

    assert (await fetch_page(answer)).data == b"The page"


async def test_cookies_are_not_kept_after_a_fetch_or_sent_to_another_host() -> None:
    received = []

    async def answer(request: web.Request) -> web.Response:
        received.append(request.headers.get("Cookie"))
        response = web.Response(body=b"x")
        response.set_cookie("seen", "1")
        return response

    async def leave(request: web.Request) -> web.Response:
        response = web.Response(status=302, headers={"Location": f"http://localhost:{request.url.port}/there"})
        response.set_cookie("seen", "1")
        return response if request.path == "/x" else await answer(request)

    async with (
        serve_site(answer) as address,
        open_fetcher("Test/1", lambda: 0.0, allowed_networks=["127.0.0.1", "::1"], sleep=skip_sleep) as fetcher,
    ):
        await fetcher.fetch(address)
        await fetcher.fetch(address)
    await fetch_page(leave)
    assert set(received) == {None}


@pytest.mark.parametrize(
    ("markup", "path"),
    [
        ("<meta http-equiv='refresh' content='0;URL=there?a=1;b'>", "/there?a=1;b"),
        (
            "<html><head><noscript><META http-equiv=refresh content=\"0; url='/n//there'\"></noscript></head></html>",
            "/n//there",
        ),
    ],
)
async def test_page_that_only_refreshes_is_followed_like_a_redirect(markup: str, path: str) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(text=markup if request.path == "/x" else request.raw_path, content_type="text/html")

    response = await fetch_page(answer)
    assert (response.data, response.permanent_address) == (path.encode(), None)
    assert response.address.endswith(path)


@pytest.mark.parametrize(
    ("header", "path"), [("0;url=/there", "/there"), ("3; URL='/n//1;2'", "/n//1;2"), ("300;url=/there", "/x")]
)
async def test_refresh_header_is_a_redirect_only_if_it_is_immediate(header: str, path: str) -> None:
    async def answer(request: web.Request) -> web.Response:
        headers = {"Refresh": header} if request.path == "/x" else {}
        return web.Response(text=request.raw_path, headers=headers)

    assert (await fetch_page(answer)).data == path.encode()


async def test_refreshes_count_as_redirects_and_obey_robots_txt_and_the_guard() -> None:
    def refresh_to(target: str) -> Handler:
        return fixed_body(
            f"<meta http-equiv=refresh content='0;url={target}'>".encode(), **{"Content-Type": "text/html"}
        )

    async def count(request: web.Request) -> web.Response:
        markup = f"<meta http-equiv=refresh content='0;url=/x{len(request.path)}{request.path[1:]}'>"
        return web.Response(text=markup, content_type="text/html")

    assert (await fetch_failure(count)).failure is Failure.REDIRECTS
    assert (await fetch_failure(refresh_to("http://192.168.0.1/"))).failure is Failure.FORBIDDEN
    forbidden = refresh_to("/a/draft")
    assert (await fetch_failure(forbidden, robots=fixed_body(ROBOTS.encode()))).failure is Failure.ROBOTS
    for target in ("file:///etc/passwd", "javascript:1", "http://user:pw@x.example/", ""):
        assert b"refresh" in ((await fetch_page(refresh_to(target))).data or b"")
