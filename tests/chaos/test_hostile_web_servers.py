"""For every answer of a web server, a fetch ends in time with a page or with an error for the user."""

import asyncio
import gzip
import time
import zlib

import pytest

from briefings.ingest.http.failures import FetchError
from briefings.ingest.http.fetcher import FetchLimits, open_fetcher
from tests.chaos.hostile_server import Answer, repeat, run_server, send

_LIMITS = FetchLimits(max_bytes=100_000, timeout_seconds=0.4, max_redirects=3)
_OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
_BOMB = zlib.compress(gzip.compress(b"\0" * 5_000_000))

ANSWERS: dict[str, Answer] = {
    "closes at once": send(b""),
    "never answers": repeat(b"", 0.05),
    "one byte at a time": repeat(b"H", 0.05),
    "endless status line": repeat(b"H" * 5_000),
    "not HTTP": send(b"220 mail.example ESMTP\r\n"),
    "binary": send(bytes(range(256)) * 20),
    "another version": send(b"HTTP/9.9 200 OK\r\n\r\nwords"),
    "status of letters": send(b"HTTP/1.1 abc OK\r\n\r\n"),
    "status that does not exist": send(b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n"),
    "endless headers": send(_OK + b"X-A: b\r\n" * 50_000),
    "huge header": send(_OK + b"X-A: " + b"b" * 200_000 + b"\r\n\r\n"),
    "NUL in a header": send(_OK + b"X-A: a\0b\r\nContent-Length: 1\r\n\r\nx"),
    "negative length": send(_OK + b"Content-Length: -1\r\n\r\nwords"),
    "two lengths": send(_OK + b"Content-Length: 1\r\nContent-Length: 5\r\n\r\nwords"),
    "length and chunks": send(_OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nwords\r\n0\r\n\r\n"),
    "huge length": send(_OK + b"Content-Length: 99999999999999999999\r\n\r\nwords"),
    "longer than stated": send(_OK + b"Content-Length: 50\r\n\r\nwords"),
    "odd chunk": send(_OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nwords\r\n0\r\n\r\n"),
    "chunk without end": send(_OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nwords\r\n"),
    "huge chunk": send(_OK + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nwords"),
    "bomb": send(_OK + b"Content-Encoding: deflate\r\nContent-Length: %d\r\n\r\n" % len(_BOMB) + _BOMB[:-1]),
    "not what it says": send(_OK + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nwords"),
    "unknown compression": send(_OK + b"Content-Encoding: zstd\r\nContent-Length: 5\r\n\r\nwords"),
    "redirect to itself": send(b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n"),
    "redirect to nowhere": send(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"),
    "redirect to a file": send(b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n"),
    "redirect to an odd host": send(
        b"HTTP/1.1 302 Found\r\nLocation: http://[::1%25x]:0/\r\nContent-Length: 0\r\n\r\n"
    ),
    "endless information": repeat(b"HTTP/1.1 100 Continue\r\n\r\n", 0.01),
    "switch of protocols": send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x05words"),
    "busy for ever": send(b"HTTP/1.1 503 Busy\r\nRetry-After: 1e99\r\nContent-Length: 0\r\n\r\n"),
}


async def _no_pause(_: float) -> None:
    """Return at once instead of sleeping."""


@pytest.mark.parametrize("name", ANSWERS)
async def test_hostile_web_server_is_one_failure_in_time(name: str) -> None:
    async with run_server(ANSWERS[name]) as port:
        start = time.monotonic()
        async with open_fetcher(
            "Test/1", time.monotonic, allowed_networks=["127.0.0.1"], limits=_LIMITS, sleep=_no_pause
        ) as fetcher:
            with pytest.raises(FetchError) as raised:
                await asyncio.wait_for(fetcher.fetch(f"http://127.0.0.1:{port}/page"), 20)
    assert time.monotonic() - start < 15
    message = str(raised.value)
    assert message.isprintable()
    assert len(message) < 400
