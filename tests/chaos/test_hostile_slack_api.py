"""For every answer of Slack's API, or of something in its place: no call hangs, posts twice or lets anyone in."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.channel_history import ChannelUnreadable, find_messages
from bot.slack.blocks.message import Message
from bot.slack.permissions.directory import PersonKind, SlackDirectory, SlackSilent
from bot.slack.transport import clients
from bot.slack.transport.channel_posts import DeliveryUncertain, NotPosted, QueuedChannelPoster
from tests.chaos.hostile_server import Answer, repeat, run_server, send


def respond(body: bytes | object, head: str = "HTTP/1.1 200 OK", content_type: str = "application/json") -> Answer:
    """Return an answer with a body of bytes, or of a value as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return send(f"{head}\r\nContent-Type: {content_type}\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data)


def limit(header: str) -> Answer:
    """Return a 429 with a header."""
    return respond({"ok": False, "error": "ratelimited"}, f"HTTP/1.1 429 Too Many Requests\r\n{header}")


_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
ANSWERS: dict[str, Answer] = {
    "closes at once": send(b""),
    "never answers": repeat(b"", 0.05),
    "one byte at a time": repeat(b"H", 0.05),
    "endless headers": send(_OK + b"X-A: b\r\n" * 50_000),
    "endless body": repeat(_OK + b"\r\n" + b"[" * 1_000, 0.02),
    "shorter than stated": send(_OK + b'Content-Length: 500\r\n\r\n{"ok": true'),
    "not compressed": send(_OK + b'Content-Encoding: gzip\r\nContent-Length: 11\r\n\r\n{"ok":true}'),
    "500 with a page": respond(b"<h1>no</h1>", "HTTP/1.1 500 No", "text/html"),
    "500 with text": respond(b"no", "HTTP/1.1 500 No", "text/plain"),
    "503 without a body": respond(b"", "HTTP/1.1 503 No"),
    "a page": respond(b"<h1>Sign in to the network</h1>", content_type="text/html"),
    "text": respond(b'{"ok": true}', content_type="text/plain"),
    "bytes": respond(b'{"ok": true}', content_type="application/gzip"),
    "broken JSON": respond(b'{"ok": true, "messages": [}'),
    "deep JSON": respond(b'{"ok":' + b"[" * 100_000),
    "not UTF-8": respond(b'{"ok": "\xff\xfe"}'),
    "unknown charset": respond(b'{"ok": true}', content_type="application/json; charset=odd"),
    "a list": respond([{"ok": True}]),
    "a number": respond(10**30),
    "null": respond(None),
    "ok, and nothing else": respond({"ok": True}),
    "ok, with other types": respond(
        {"ok": True, "ts": 5, "user": "U1", "members": "U1", "channels": 3, "messages": {}}
    ),
    "ok, with odd entries": respond(
        {"ok": True, "ts": None, "messages": [1, None, {"metadata": []}], "members": [[1]]}
    ),
    "ok, and odd pages": respond({"ok": True, "messages": [], "response_metadata": ["x"], "has_more": True}),
    "pages without an end": respond(
        {"ok": True, "messages": [], "members": [], "channels": [], "response_metadata": {"next_cursor": "again"}}
    ),
    "unknown error": respond({"ok": False, "error": "<!channel> " * 50}),
    "error of another type": respond({"ok": False, "error": {"a": [1]}}),
    "redirect to itself": send(b"HTTP/1.1 302 Found\r\nLocation: /api/again\r\nContent-Length: 0\r\n\r\n"),
    "redirect to nowhere": send(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"),
    "wait without a time": limit("X-A: b"),
    "wait for words": limit("Retry-After: soon"),
    "wait for a date": limit("Retry-After: Wed, 21 Oct 2026 07:28:00 GMT"),
    "wait for years": limit("Retry-After: 99999999"),
    "wait less than nothing": limit("Retry-After: -5"),
    "wait for infinity": limit("Retry-After: 1e99"),
}
_SINCE = datetime(2016, 6, 30, tzinfo=UTC)


async def _no_pause(_: float) -> None:
    """Return at once instead of sleeping."""


async def call(name: str, work: Callable[[AsyncWebClient], Awaitable[object]]) -> object:
    """Return the result of `work` with a client of this answer. Fails if it does not end in time."""
    async with run_server(ANSWERS[name]) as port:
        client = clients.make_web_client(f"http://127.0.0.1:{port}/api/", "xoxb-made-up")
        client.timeout = 1
        start = time.monotonic()
        try:
            return await asyncio.wait_for(work(client), 40)
        finally:
            assert time.monotonic() - start < 30


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the library's own pauses between attempts be short, except those that a test is about."""
    sleep = asyncio.sleep

    async def sleep_shortly(seconds: float, result: object = None) -> object:
        return await sleep(seconds / 100 if 0.3 < seconds < 100 else seconds, result)

    monkeypatch.setattr("slack_sdk.http_retry.builtin_async_handlers.asyncio.sleep", sleep_shortly)


@pytest.mark.parametrize("name", ANSWERS)
async def test_post_is_never_taken_for_sent(name: str) -> None:
    poster = QueuedChannelPoster(now=lambda: 0.0, sleep=_no_pause)
    with pytest.raises((NotPosted, DeliveryUncertain)) as raised:
        await call(name, lambda client: poster.post(client, "C1", Message("words"), key="k"))
    assert poster.waiting_count == 0
    assert "made-up" not in str(raised.value)


@pytest.mark.parametrize("name", ANSWERS)
async def test_history_has_no_message_that_slack_did_not_show(name: str) -> None:
    async def find(client: AsyncWebClient) -> dict[str, str]:
        with suppress(ChannelUnreadable):
            return await find_messages(client, "C1", frozenset({"k"}), _SINCE)
        return {}

    assert await call(name, find) == {}


@pytest.mark.parametrize("name", ANSWERS)
async def test_no_one_is_a_member_or_an_admin_without_a_clear_answer(name: str) -> None:
    async def ask(client: AsyncWebClient) -> bool:
        directory = SlackDirectory(time.monotonic)
        try:
            person = await directory.find_person(client, "T1", "U1")
        except SlackSilent:
            person = None
        try:
            is_inside = await directory.is_in_channel(client, "T1", "C1", "U1")
        except SlackSilent:
            is_inside = False
        return is_inside or (person is not None and person.kind is PersonKind.MEMBER)

    assert await call(name, ask) is False


@pytest.mark.parametrize("name", ANSWERS)
async def test_time_zone_is_never_guessed(name: str) -> None:
    assert await call(name, lambda client: clients.get_time_zone(client, "U1")) is None
