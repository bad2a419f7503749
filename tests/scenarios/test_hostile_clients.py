"""Half-open connections, slow clients, large bodies and few file descriptors: signed commands are still answered."""

import asyncio
import os
import resource
import time
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import pytest
from aiohttp import ClientSession, TCPConnector
from aiohttp.test_utils import TestServer, unused_port

from bot.core.settings import Settings
from bot.server.guard.limits import ServerLimits
from bot.server.server import build_web_app, serve
from tests.scenarios.conftest import SECRET, Slack, sign
from tests.scenarios.test_serve_process import COMMAND, PATIENCE, ROOT
from tests.stand_ins.briefing_service import FakeBriefingService
from tests.stand_ins.slack_server import StandIn

FAST = ServerLimits(
    connections=60,
    connections_per_client=15,
    header_seconds=0.4,
    body_seconds=0.4,
    idle_seconds=0.6,
    lingering_seconds=0.2,
)


@asynccontextmanager
async def run_server(limits: ServerLimits = FAST) -> AsyncIterator[Slack]:
    """Serve the bot as `ontherecord serve` does."""
    stand_in, stop = StandIn(), asyncio.Event()
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    async with TestServer(stand_in.app) as inbox, ClientSession(connector=TCPConnector(force_close=True)) as session:
        settings = Settings(
            bot_token="xoxb-made-up", signing_secret=SECRET, api_url=str(inbox.make_url("/api/")), port=unused_port()
        )
        web_app = build_web_app(settings, FakeBriefingService())
        serving = asyncio.create_task(
            serve(web_app, settings, stop=stop, on_listening=address.set_result, limits=limits)
        )
        yield Slack(session, await address, inbox, stand_in)
        stop.set()
        await serving


async def open_connections(home: str, count: int, first_bytes: bytes = b"") -> list[asyncio.StreamWriter]:
    """Open connections that send only `first_bytes`."""
    host, _, port = home.removeprefix("http://").partition(":")
    writers = []
    for _ in range(count):
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(first_bytes)
        writers.append(writer)
    return writers


async def measure_commands(slack: Slack, count: int) -> list[float]:
    """Send signed commands one after the other; return the seconds until each was acknowledged."""
    seconds = []
    for _ in range(count):
        started_at = time.perf_counter()
        response = await slack.post(slack.command("/whosaid", "lynch-mob"))
        assert response.status == 200
        await response.read()
        seconds.append(time.perf_counter() - started_at)
    return seconds


async def read_until_closed(writer: asyncio.StreamWriter, reader: asyncio.StreamReader) -> bytes:
    """Return all that the server sends until it closes the connection."""
    answer = b""
    with suppress(ConnectionError):
        answer = await asyncio.wait_for(reader.read(), PATIENCE)
    writer.close()
    return answer


@pytest.mark.parametrize(
    "first_bytes",
    [
        b"",
        b"GET",
        b"POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Part: ",
        b"POST /local/send HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 500000\r\n\r\npart",
        b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /healthz HT",
    ],
)
async def test_a_connection_without_a_whole_request_is_closed(first_bytes: bytes) -> None:
    async with run_server() as slack:
        host, _, port = str(slack.bot).removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(first_bytes)
        started_at = time.monotonic()
        await read_until_closed(writer, reader)
        assert time.monotonic() - started_at < 10


async def test_a_client_that_sends_a_byte_now_and_then_is_closed() -> None:
    async with run_server() as slack:
        host, _, port = str(slack.bot).removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        closing = asyncio.create_task(read_until_closed(writer, reader))
        started_at = time.monotonic()
        while not closing.done():
            writer.write(b"G")
            await asyncio.sleep(0.05)
        assert time.monotonic() - started_at < 10


async def test_a_body_that_trickles_in_is_refused() -> None:
    body = b"text=" + b"a" * 1000
    async with run_server() as slack:
        host, _, port = str(slack.bot).removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        headers = {"Host": "127.0.0.1", "Content-Type": "application/x-www-form-urlencoded", **sign(body)}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(f"POST /slack/events HTTP/1.1\r\n{lines}Content-Length: {len(body)}\r\n\r\ntext".encode())
        started_at = time.monotonic()
        await read_until_closed(writer, reader)
        assert time.monotonic() - started_at < 10


async def test_commands_are_acknowledged_among_many_half_open_connections() -> None:
    """More connections than the server allows: the oldest of those that wait give way."""
    async with run_server() as slack:
        writers = await open_connections(str(slack.bot), 200, b"POST /slack/events HTTP/1.1\r\nHost: 127")
        assert max(await measure_commands(slack, 10)) < 1
        for writer in writers:
            writer.close()


async def test_commands_are_acknowledged_among_large_unsigned_bodies() -> None:
    """Each gets an answer or a closed connection, before its body is read."""
    forged = {"X-Slack-Signature": "v0=" + "0" * 64, "X-Slack-Request-Timestamp": str(int(time.time()))}
    large = {"Host": "127.0.0.1", "Content-Length": "1000000", "Content-Type": "application/x-www-form-urlencoded"}
    async with run_server() as slack:
        writers: list[asyncio.StreamWriter] = []
        for headers in (large, large | forged):
            lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            request = f"POST /slack/events HTTP/1.1\r\n{lines}\r\n".encode() + b"a" * 100_000
            writers += await open_connections(str(slack.bot), 40, request)
        assert max(await measure_commands(slack, 10)) < 1
        for writer in writers:
            writer.transport.abort()


@asynccontextmanager
async def start_with_few_files(folder: Path, files: int, stderr_file: Path) -> AsyncIterator[str]:
    """Start `ontherecord serve` with a limit of open files; yield its address."""
    stand_in = StandIn()
    async with AsyncExitStack() as stack:
        inbox = await stack.enter_async_context(TestServer(stand_in.app))
        settings = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PORT": str(unused_port()),
            "DATABASE_URL": f"sqlite:///{folder / 'record.db'}",
            "KEY_FILE": str(folder / "test.key"),  # by default it would be outside this folder
            "SLACK_BOT_TOKEN": "xoxb-made-up",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": str(inbox.make_url("/api/")),
        }
        with stderr_file.open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                *COMMAND,
                cwd=folder,
                env=settings,
                stdout=PIPE,
                stderr=log,
                stdin=DEVNULL,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files)),
            )
        try:
            assert process.stdout
            await asyncio.wait_for(process.stdout.readline(), PATIENCE)
            yield f"http://127.0.0.1:{settings['PORT']}"
        finally:
            process.kill()
            await process.communicate()


async def test_few_file_descriptors_stop_nothing_and_the_log_holds_no_secret(tmp_path: Path) -> None:
    """With 256 files, 369 connections open: the bot answers, and its log stays short. Nor does it repeat headers."""
    log = tmp_path / "stderr.log"
    async with start_with_few_files(tmp_path, 256, log) as home, ClientSession() as session:
        writers = await open_connections(home, 369, b"GET /healthz HTTP/1.1\r\n")
        seconds = []
        for _ in range(10):
            started_at = time.perf_counter()
            async with session.get(f"{home}/healthz") as response:
                assert (response.status, response.headers["Server"]) == (200, "ontherecord")
            seconds.append(time.perf_counter() - started_at)
        assert max(seconds) < 10  # how fast: `python -m bench hostile_clients`
        for writer in writers:
            writer.close()
        for line in malformed_requests():
            [writer] = await open_connections(home, 1, line)
            await asyncio.sleep(0.02)
            writer.close()
    out = log.read_text()
    assert len(out) < 20_000
    assert "request not valid" in out
    assert "leak" not in out
    assert all(line.startswith("{") for line in out.splitlines())


def malformed_requests() -> Sequence[bytes]:
    """Return requests that aiohttp's parser refuses, each with a token."""
    return (
        b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization : Bearer xoxb-1-leak\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Token: xoxb-1-\x00leak\r\n\r\n",
        b"GET /?token=xoxb-1-leak HTTP/9.9\r\n\r\n",
        b"xoxb-1-leak\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: xoxb-1-leak\r\n\r\n",
        b"GET / HTTP/1.1\r\nCookie: " + b"leak" * 5_000 + b"\r\n\r\n",
    )


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        *((line, (400, 431)) for line in malformed_requests()),
        (b"GET /" + b"leak" * 5_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", (414, 431)),
        (b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X-A: leak\r\n" * 200 + b"\r\n", (400, 431)),
        (b"GET /leak HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", (404,)),
        (b"DELETE /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", (405,)),
        (b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: leak\r\nConnection: close\r\n\r\n", (417,)),
        (b"GET /healthz HTTP/1.1\r\nHost: leak.example\r\nConnection: close\r\n\r\n", (421,)),
        (b"GET http://leak.example/healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", (421,)),
        (b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: leak\r\nConnection: close\r\n\r\n", (400,)),
        (b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n", (400,)),
        (b"GET /healthz HTTP/1.0\r\n\r\n", (200,)),
        (
            b"POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n",
            (401,),
        ),
        (b"POST /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 999999\r\n\r\nleak", (413,)),
    ],
)
async def test_error_pages_are_plain(request_bytes: bytes, status: tuple[int, ...]) -> None:
    """They repeat nothing of the request, name no version, and browsers must not guess their type."""
    async with run_server() as slack:
        host, _, port = str(slack.bot).removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(request_bytes)
        answer = await read_until_closed(writer, reader)
    head, _, page = answer.decode().partition("\r\n\r\n")
    assert int(head.split(" ")[1]) in status
    assert "leak" not in answer.decode()
    assert "aiohttp" not in answer.decode()
    assert "Python" not in head
    assert "X-Content-Type-Options: nosniff" in head
    assert len(page) < 200
