"""Channel posts: one per second per channel, each exactly once, over real HTTP with a fake clock."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.models.blocks import DividerBlock
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.executor import Executor
from bot.slack.blocks.message import Message
from bot.slack.transport import clients
from bot.slack.transport.channel_posts import EVENT_TYPE, MAX_WAITING, DeliveryUncertain, NotPosted, QueuedChannelPoster
from bot.slack.transport.response_url import ResponseUrlClient
from tests.stand_ins.briefing_service import FakeBriefingService
from tests.support.clock import Clock, InstantClock

HELLO = Message("Hello")


class FakeChannels:
    """Slack's chat.postMessage and history. `outcomes` are the results of the next posts; later posts succeed.

    "drop" posts the message and drops the connection, and "lose" only drops the connection. A number is a 429 with
    that Retry-After. Any other word is Slack's error code.
    """

    def __init__(self, clock: Clock, *outcomes: str | int) -> None:
        self.clock = clock
        self.outcomes = list(outcomes)
        self.posts: list[tuple[float, dict[str, Any]]] = []
        self.calls: Counter[str] = Counter()
        self.history_params: dict[str, Any] = {}
        self.readable = True

    async def post(self, request: web.Request) -> web.StreamResponse:
        self.calls["post"] += 1
        outcome = self.outcomes.pop(0) if self.outcomes else "ok"
        message = await request.json()
        if isinstance(outcome, int):
            error = {"ok": False, "error": "ratelimited"}
            return web.json_response(error, status=429, headers={"Retry-After": str(outcome)})
        if outcome in ("ok", "drop"):
            message["ts"] = f"{len(self.posts) + 1}.0"
            self.posts.append((self.clock(), message))
        if outcome in ("drop", "lose"):
            assert request.transport
            request.transport.close()
            return web.Response()
        response = {"ok": True, "ts": message["ts"]} if outcome == "ok" else {"ok": False, "error": outcome}
        return web.json_response(response)

    async def history(self, request: web.Request) -> web.StreamResponse:
        self.calls[request.path.rpartition(".")[2]] += 1
        self.history_params = dict(request.query) | dict(await request.post())
        if not self.readable:
            return web.json_response({"ok": False, "error": "missing_scope"})
        if self.history_params.get("include_all_metadata") not in ("1", "true", "True"):
            return web.json_response({"ok": True, "messages": []})
        channel = self.history_params["channel"]
        messages = [message for _, message in reversed(self.posts) if message["channel"] == channel]
        return web.json_response({"ok": True, "messages": [{"ts": "0.1", "text": "of a person"}, *messages]})

    @property
    def texts(self) -> list[str]:
        return [message["text"] for _, message in self.posts]


@asynccontextmanager
async def serve(channels: FakeChannels) -> AsyncIterator[AsyncWebClient]:
    app = web.Application()
    app.router.add_post("/api/chat.postMessage", channels.post)
    app.router.add_route("*", "/api/{method}", channels.history)
    async with TestServer(app) as server:
        yield clients.make_web_client(str(server.make_url("/api/")), "xoxb-made-up")


async def test_each_channel_gets_one_message_per_second_in_order() -> None:
    """Five concurrent posts are a second apart. Another channel does not wait for them."""
    clock = Clock()
    channels = FakeChannels(clock)
    async with serve(channels) as client:
        poster = QueuedChannelPoster(now=clock, sleep=clock.sleep)
        tasks = [asyncio.create_task(poster.post(client, "C1", Message(str(number)))) for number in range(5)]
        await poster.post(client, "C2", Message("other"))
        assert poster.waiting_count == 5 - sum(task.done() for task in tasks)
        while not all(task.done() for task in tasks):
            await asyncio.sleep(0)
            if clock.sleeper_count:
                clock.advance(0.5)
        assert [await task for task in tasks] != []
    channel_posts = [(at, message["text"]) for at, message in channels.posts if message["channel"] == "C1"]
    assert [text for _, text in channel_posts] == list("01234")
    assert all(second - first >= 1 for (first, _), (second, _) in pairwise(channel_posts))
    assert poster.waiting_count == 0


async def test_429_delays_the_channel_for_retry_after() -> None:
    """The message is posted once after the wait, and the 429s are counted."""
    clock = InstantClock()
    channels = FakeChannels(clock, 3, 7)
    async with serve(channels) as client:
        poster = QueuedChannelPoster(now=clock, sleep=clock.sleep)
        await poster.post(client, "C1", HELLO)
    assert (channels.texts, channels.calls["post"], poster.limited_count) == (["Hello"], 3, 2)
    assert channels.posts[0][0] >= 1_000 + 10


async def test_endless_429_raises_not_posted() -> None:
    clock = InstantClock()
    channels = FakeChannels(clock, *[29] * 9)
    async with serve(channels) as client:
        with pytest.raises(NotPosted, match="isn't accepting more messages"):
            await QueuedChannelPoster(now=clock, sleep=clock.sleep).post(client, "C1", HELLO)
    assert channels.calls["post"] == 3
    assert channels.posts == []


@pytest.mark.parametrize(
    ("code", "phrase"),
    [
        ("not_in_channel", "/invite"),
        ("channel_not_found", "/invite"),
        ("is_archived", "archived"),
        ("restricted_action", "Only some people"),
        ("something_new", "(something_new)"),
    ],
)
async def test_rejected_post_raises_one_sentence_without_a_retry(code: str, phrase: str) -> None:
    clock = InstantClock()
    channels = FakeChannels(clock, code)
    async with serve(channels) as client:
        with pytest.raises(NotPosted) as raised:
            await QueuedChannelPoster(now=clock, sleep=clock.sleep).post(client, "C1", HELLO)
    assert phrase in str(raised.value)
    assert raised.value.code == code
    assert channels.calls == {"post": 1}


@pytest.mark.parametrize("outcome", ["drop", "lose", "internal_error"])
async def test_dropped_connection_leaves_one_message(outcome: str) -> None:
    """The message is looked up by its key, and sent again only if it is missing."""
    clock = InstantClock()
    channels = FakeChannels(clock, outcome)
    async with serve(channels) as client:
        ts = await QueuedChannelPoster(now=clock, sleep=clock.sleep).post(client, "C1", HELLO, key="k1")
    assert channels.texts == ["Hello"]
    assert ts == "1.0"
    assert channels.calls == {"post": 1 if outcome == "drop" else 2, "history": 1}
    metadata = channels.posts[0][1]["metadata"]
    assert metadata == {"event_type": EVENT_TYPE, "event_payload": {"key": "k1"}}


async def test_unreadable_history_raises_delivery_uncertain_without_a_retry() -> None:
    clock = InstantClock()
    channels = FakeChannels(clock, "drop")
    channels.readable = False
    async with serve(channels) as client:
        with pytest.raises(DeliveryUncertain, match="Check the channel"):
            await QueuedChannelPoster(now=clock, sleep=clock.sleep).post(client, "C1", HELLO)
    assert channels.texts == ["Hello"]
    assert channels.calls["post"] == 1


async def test_connection_lost_twice_is_not_retried_again() -> None:
    clock = InstantClock()
    channels = FakeChannels(clock, "lose", "lose")
    async with serve(channels) as client:
        with pytest.raises(DeliveryUncertain):
            await QueuedChannelPoster(now=clock, sleep=clock.sleep).post(client, "C1", HELLO)
    assert channels.calls == {"post": 2, "history": 2}


async def test_rejected_blocks_are_left_out() -> None:
    clock = InstantClock()
    channels = FakeChannels(clock, "msg_blocks_too_long")
    async with serve(channels) as client:
        await QueuedChannelPoster(now=clock, sleep=clock.sleep).post(client, "C1", Message("Hello", (DividerBlock(),)))
    assert channels.texts == ["Hello"]
    assert "blocks" not in channels.posts[0][1]


async def test_post_in_a_thread_is_looked_up_in_the_thread() -> None:
    """Slack lists a thread from its start, so only its last minutes are requested."""
    clock = InstantClock()
    channels = FakeChannels(clock, "drop")
    async with serve(channels) as client:
        assert await QueuedChannelPoster(now=clock, sleep=clock.sleep).post(client, "C1", HELLO, thread="5.0") == "1.0"
    assert channels.posts[0][1]["thread_ts"] == "5.0"
    assert channels.calls == {"post": 1, "replies": 1}
    assert channels.history_params["ts"] == "5.0"
    assert 0 < float(channels.history_params["oldest"]) < 1_000


async def test_full_queue_rejects_new_posts() -> None:
    """Messages already in the queue are still posted."""
    clock = Clock()
    channels = FakeChannels(clock)
    async with serve(channels) as client:
        poster = QueuedChannelPoster(now=clock, sleep=clock.sleep)
        tasks = [asyncio.create_task(poster.post(client, "C1", HELLO)) for _ in range(MAX_WAITING)]
        await asyncio.sleep(0)
        with pytest.raises(NotPosted, match="try again in a minute"):
            await poster.post(client, "C1", HELLO)
        while not all(task.done() for task in tasks):
            await asyncio.sleep(0)
            clock.advance(1)
    assert len(channels.posts) == MAX_WAITING


async def test_shutdown_waits_for_queued_posts() -> None:
    """Ten messages wait for one channel when `drain` is called. All ten are posted when it returns."""
    clock = InstantClock()
    channels = FakeChannels(clock)
    executor = Executor(FakeBriefingService(), ResponseUrlClient())
    async with serve(channels) as client:
        poster = QueuedChannelPoster(executor.begin, executor.end, now=clock, sleep=clock.sleep)
        tasks = [asyncio.create_task(poster.post(client, "C1", HELLO)) for _ in range(10)]
        await asyncio.sleep(0)
        assert await executor.drain(10) == 0
        assert len(channels.posts) == 10
        await asyncio.gather(*tasks)
    executor.close()


async def test_cancelled_post_does_not_block_the_channel() -> None:
    """The cancelled message is not posted, and the next one is."""
    clock = Clock()
    channels = FakeChannels(clock)
    async with serve(channels) as client:
        poster = QueuedChannelPoster(now=clock, sleep=clock.sleep)
        await poster.post(client, "C1", Message("first"))
        cancelled_post = asyncio.create_task(poster.post(client, "C1", Message("cancelled")))
        last_post = asyncio.create_task(poster.post(client, "C1", Message("last")))
        await clock.wait_for_sleeper()
        cancelled_post.cancel()
        while not last_post.done():
            await asyncio.sleep(0)
            clock.advance(1)
        await last_post
    assert channels.texts == ["first", "last"]


async def test_idle_channel_queues_are_removed() -> None:
    """Memory stays bounded for a bot in thousands of channels."""
    clock = InstantClock()
    channels = FakeChannels(clock)
    async with serve(channels) as client:
        poster = QueuedChannelPoster(now=clock, sleep=clock.sleep)
        poster._queues = {f"C{number}": type(poster._get_queue("C"))() for number in range(2_000)}
        await poster.post(client, "C9999", HELLO)
    assert len(poster._queues) == 1
