"""A site may answer whatever it likes: what is taken of it stays within bounds, and what goes wrong has a name."""

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
HASTY = FetchLimits(max_bytes=10_000, timeout_seconds=0.3, max_redirects=10)
ROBOTS = "User-agent: *\nDisallow: /private\nCrawl-delay: 7\n\nUser-agent: Test\nDisallow: /*/draft$\n"


@asynccontextmanager
async def site(page: Handler, robots: Handler | None = None) -> AsyncIterator[str]:
    """A site that answers every path with `page`."""
    app = web.Application()
    if robots:
        app.router.add_get("/robots.txt", robots)
    app.router.add_get("/{path:.*}", page)
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("/"))


async def at_once(_seconds: float) -> None:
    """Nobody is waited for."""


async def fetched(
    page: Handler,
    *,
    bounds: FetchLimits = SMALL,
    robots: Handler | None = None,
    path: str = "x",
    mark: CacheValidators = NO_VALIDATORS,
) -> FetchResponse:
    async with (
        site(page, robots or none) as address,
        open_fetcher("Test/1", lambda: 0.0, allowed_networks=["127.0.0.1"], limits=bounds, sleep=at_once) as fetch,
    ):
        return await fetch.fetch(address + path, mark)


async def failure(
    page: Handler, *, bounds: FetchLimits = SMALL, robots: Handler | None = None, path: str = "x"
) -> FetchError:
    with pytest.raises(FetchError) as failed:
        await fetched(page, bounds=bounds, robots=robots, path=path)
    return failed.value


async def none(_: web.Request) -> web.Response:
    raise web.HTTPNotFound


def body(data: bytes, **headers: str) -> Handler:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=data, headers=headers)

    return answer


def streamed(chunk: bytes, times: int, *, ends: bool = True, **headers: str) -> Handler:
    """Chunks without a length, then silence unless it `ends`."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        try:
            for _ in range(times):
                await response.write(chunk)
            if not ends:
                await asyncio.Event().wait()
        except ConnectionError:  # whoever asked has seen enough
            pass
        return response

    return answer


async def test_a_page_of_200_megabytes_is_not_read() -> None:
    """Not by its length, and not where it hides it."""
    assert (await failure(streamed(b"x", 1, **{"Content-Length": "200000000"}))).failure is Failure.LARGE
    assert (await failure(streamed(b"x" * 1_000_000, 200))).failure is Failure.LARGE


async def test_a_body_that_never_ends_is_left() -> None:
    assert (await failure(streamed(b"x" * 1_000, 1_000_000))).failure is Failure.LARGE


@pytest.mark.parametrize("packed", [gzip.compress, zlib.compress])
async def test_a_small_body_that_unpacks_to_a_huge_one_is_not_unpacked(packed: Callable[[bytes], bytes]) -> None:
    bomb = packed(b"\0" * 50_000_000)
    name = "gzip" if packed is gzip.compress else "deflate"
    found = await failure(body(bomb, **{"Content-Encoding": name}), bounds=FetchLimits(max_bytes=1_000_000))
    assert found.failure is Failure.LARGE


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "x" * 500])
async def test_packings_that_were_not_asked_for_are_refused(encoding: str) -> None:
    assert (await failure(body(b"x", **{"Content-Encoding": encoding}))).failure is Failure.KIND


async def test_what_is_packed_badly_is_damaged() -> None:
    assert (await failure(body(b"not gzip", **{"Content-Encoding": "gzip"}))).failure is Failure.NETWORK


@pytest.mark.parametrize("ends", ["headers", "body"])
async def test_a_slow_drip_ends_when_the_time_does(ends: str) -> None:
    async def silent(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    page = silent if ends == "headers" else streamed(b"x", 3, ends=False)
    assert (await failure(page, bounds=HASTY)).failure is Failure.SLOW


async def test_thirty_redirects_lead_nowhere() -> None:
    asked = []

    async def on(request: web.Request) -> web.Response:
        number = int(request.match_info["path"])
        asked.append(number)
        raise web.HTTPFound(f"/{number + 1}") if number < 30 else web.HTTPNotFound

    assert (await failure(on, path="0")).failure is Failure.REDIRECTS
    assert len(asked) == SMALL.max_redirects + 1


async def test_ten_redirects_are_followed_and_a_move_for_good_is_told() -> None:
    async def on(request: web.Request) -> web.Response:
        number = int(request.match_info["path"])
        if number < 3:
            raise web.HTTPMovedPermanently(f"/{number + 1}")
        if number < 10:
            raise web.HTTPFound(f"/{number + 1}")
        return web.Response(text="there")

    found = await fetched(on, path="0")
    assert found.data == b"there"
    assert found.address.endswith("/10")
    assert (found.permanent_address or "").endswith("/3")


@pytest.mark.parametrize(
    ("status", "named"),
    [(404, Failure.MISSING), (410, Failure.MISSING), (429, Failure.BUSY), (503, Failure.BUSY), (500, Failure.STATUS),
     (403, Failure.STATUS), (204, Failure.STATUS)],
)  # fmt: skip
async def test_each_answer_that_is_no_page_has_a_name(status: int, named: Failure) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Retry-After": "120"})

    found = await failure(answer)
    assert found.failure is named
    assert found.retry_after == (120 if named is Failure.BUSY else None)


@pytest.mark.parametrize(
    ("told", "wait"),
    [("Wed, 21 Oct 2015 07:30:00 GMT", 120), ("999999999999", 86_400), ("soon", None), ("-5", None), ("", None)],
)
async def test_what_a_server_says_of_when_to_come_back_is_believed_within_reason(told: str, wait: float | None) -> None:
    async def answer(_: web.Request) -> web.Response:
        headers = {"Retry-After": told, "Date": "Wed, 21 Oct 2015 07:28:00 GMT"}
        return web.Response(status=503, headers=headers)

    assert (await failure(answer)).retry_after == wait


async def test_what_has_not_changed_is_not_sent_again() -> None:
    async def answer(request: web.Request) -> web.Response:
        known = (request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since"))
        if known == ('"a"', "Wed, 21 Oct 2015 07:28:00 GMT"):
            return web.Response(status=304)
        return web.Response(text="x", headers={"ETag": '"a"', "Last-Modified": "Wed, 21 Oct 2015 07:28:00 GMT"})

    first = await fetched(answer)
    again = await fetched(answer, mark=first.validators)
    assert (first.data, again.data, again.validators) == (b"x", None, first.validators)


async def test_robots_are_read_by_the_rules_for_the_program() -> None:
    """With wildcards and ends, as RFC 9309 has them; the rules for all are not those for one that is named."""
    rules = body(ROBOTS.encode())
    assert (await fetched(body(b"x"), robots=rules, path="private")).data == b"x"
    assert (await failure(body(b"x"), robots=rules, path="a/draft")).failure is Failure.ROBOTS


@pytest.mark.parametrize("status", [500, 503, 429])
async def test_a_site_whose_robots_cannot_be_had_is_left_alone(status: int) -> None:
    async def broken(_: web.Request) -> web.Response:
        return web.Response(status=status)

    assert (await failure(body(b"x"), robots=broken)).failure is Failure.ROBOTS


@pytest.mark.parametrize("told", [b"\xff\xfe\0\0", b"User-agent\n" * 5_000, b"Crawl-delay: -1\nDisallow", b"<html>"])
async def test_robots_that_make_no_sense_forbid_nothing(told: bytes) -> None:
    assert (await fetched(body(b"x"), robots=body(told))).data == b"x"


async def test_robots_are_asked_once_a_day() -> None:
    now, asked = 0.0, []

    async def ask(address: str) -> bytes:
        asked.append(address)
        return ROBOTS.encode()

    robots = RobotsCache("Other", lambda: now)
    for now in (0.0, 3600.0, 90_000.0):  # noqa: B007 - read by the clock
        assert await robots.get_crawl_delay("https://a.example", "https://a.example/x", ask) == 7
    assert len(asked) == 2


async def test_a_host_is_asked_once_at_a_time_and_left_a_pause() -> None:
    now, waits, inside = 100.0, [], 0

    async def sleep(seconds: float) -> None:
        nonlocal now
        waits.append(seconds)
        now += seconds

    pace = HostThrottle(lambda: now, sleep, delay=2.0)

    async def ask(host: str, delay: float | None = None) -> None:
        nonlocal inside
        async with pace.wait_turn(host, delay):
            inside += 1
            assert inside == 1 or host == "other"
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(ask("one"), ask("one"), ask("one", 5.0))
    assert waits == [2.0, 5.0]
    await ask("other")
    assert len(waits) == 2


@given(st.binary(max_size=5_000), st.integers(1, 2_000), st.sampled_from(["", "gzip", "deflate", "raw"]))
async def test_a_body_comes_out_as_it_went_in_whatever_its_chunks(data: bytes, size: int, how: str) -> None:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packings = {"": data, "gzip": gzip.compress(data), "deflate": zlib.compress(data)}
    sent = packings[how] if how != "raw" else packer.compress(data) + packer.flush()

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(sent), size):
            yield sent[start : start + size]

    encoding = "deflate" if how == "raw" else how
    if how == "deflate" or (how == "raw" and size < 2):
        size = max(size, 2)  # a header of two bytes tells the two kinds of deflate apart
    assert await read_body(chunks(), encoding, 10_000, "x") == data
