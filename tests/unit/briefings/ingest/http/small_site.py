"""A site on this machine that answers every path alike, and what the fetcher gets from it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from briefings.ingest.http.failures import FetchError
from briefings.ingest.http.fetcher import NO_VALIDATORS, CacheValidators, FetchLimits, FetchResponse, open_fetcher

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
SMALL = FetchLimits(max_bytes=10_000, timeout_seconds=60.0, max_redirects=10)
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
