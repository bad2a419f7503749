"""Bodies are read with limits, and unsigned ones are not read at all."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.slack.transport.request_body import BodyReader
from bot.slack.transport.request_verification import RequestVerifier

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SIGNED = FORM | {"X-Slack-Signature": "v0=" + "0" * 64}


async def send(
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]], *bodies: AsyncIterator[bytes]
) -> list[int]:
    """Send bodies at the same time; return the status of each response."""
    app = web.Application()
    app.router.add_post("/", handler)
    async with TestServer(app) as server, ClientSession() as session:

        async def post(body: AsyncIterator[bytes]) -> int:
            async with session.post(server.make_url("/"), data=body) as response:
                return response.status

        return await asyncio.gather(*map(post, bodies))


async def make_body(*parts: bytes, wait: float = 0.0) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
        await asyncio.sleep(wait)


def make_handler(reader: BodyReader) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        return web.Response(text=str(len(await reader.read(request))))

    return handle


async def test_a_body_over_the_limit_is_refused_while_it_arrives() -> None:
    """Chunked bodies do not say their length."""
    handler = make_handler(BodyReader(max_bytes=1_000))
    assert await send(handler, make_body(b"a" * 600, b"a" * 300)) == [200]
    assert await send(handler, make_body(b"a" * 600, b"a" * 600)) == [413]


async def test_a_body_that_takes_too_long_is_refused() -> None:
    assert await send(make_handler(BodyReader(seconds=0.1)), make_body(b"a", b"b", wait=1.0)) == [408]


async def test_large_bodies_give_way_to_small_ones() -> None:
    handler = make_handler(BodyReader(max_bytes=1_000, total_bytes=1_500))
    large = [make_body(b"a" * 700, b"a", wait=0.3) for _ in range(2)]

    async def make_late_body() -> AsyncIterator[bytes]:
        await asyncio.sleep(0.1)
        yield b"a" * 200

    statuses = await send(handler, *large, make_late_body())
    assert statuses[2] == 200
    assert sorted(statuses[:2]) == [200, 408]


async def test_a_body_that_is_too_much_for_all_is_refused() -> None:
    reader = BodyReader(max_bytes=1_000, total_bytes=500)
    assert await send(make_handler(reader), make_body(b"a" * 900)) == [503]
    assert reader._bodies == set()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        (FORM, 401),
        (SIGNED, 401),
        (SIGNED | {"X-Slack-Request-Timestamp": "1"}, 401),
        (SIGNED | {"X-Slack-Request-Timestamp": "now", "Content-Type": "multipart/form-data; boundary=x"}, 415),
        (SIGNED | {"X-Slack-Request-Timestamp": "now", "Content-Type": "text/xml"}, 415),
        (SIGNED | {"X-Slack-Request-Timestamp": "now", "Content-Encoding": "gzip"}, 415),
        (SIGNED | {"X-Slack-Request-Timestamp": "now", "Content-Length": "2000000"}, 413),
    ],
)
async def test_headers_that_are_not_slacks_are_refused_before_the_body_is_read(
    headers: dict[str, str], status: int
) -> None:
    """The body never arrives."""
    verifier = RequestVerifier("0" * 32, time.time)

    async def handle(request: web.Request) -> web.StreamResponse:
        await verifier.verify(request)
        return web.Response()

    app = web.Application()
    app.router.add_post("/", handle)
    sent = {"Content-Length": "900000"} | headers
    if sent.get("X-Slack-Request-Timestamp") == "now":
        sent["X-Slack-Request-Timestamp"] = str(int(time.time()))
    async with TestServer(app) as server:
        reader, writer = await asyncio.open_connection(server.host, server.port)
        lines = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
        writer.write(f"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n{lines}\r\n".encode())
        first_line = await asyncio.wait_for(reader.readline(), 5)
        writer.close()
    assert int(first_line.split()[1]) == status
