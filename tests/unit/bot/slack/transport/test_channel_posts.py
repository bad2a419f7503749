"""One message a second a channel, each of them once, over real HTTP and by a clock that is passed in."""

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
from tests.support.clock import Clock, Hurried

HELLO = Message("Hello")


class Channels:
    """Slack's chat.postMessage and history; `plan` says what becomes of the next posts, and of the others nothing bad.

    "drop" takes the message and drops the connection, "lose" drops it without; a number is a 429 with that
    Retry-After; any other word is Slack's error.
    """

    def __init__(self, clock: Clock, *plan: str | int) -> None:
        self.clock = clock
        self.plan = list(plan)
        self.posted: list[tuple[float, dict[str, Any]]] = []
        self.calls: Counter[str] = Counter()
        self.asked: dict[str, Any] = {}
        self.readable = True

    async def post(self, request: web.Request) -> web.StreamResponse:
        self.calls["post"] += 1
        fate = self.plan.pop(0) if self.plan else "ok"
        message = await request.json()
        if isinstance(fate, int):
            told = {"ok": False, "error": "ratelimited"}
            return web.json_response(told, status=429, headers={"Retry-After": str(fate)})
        if fate in ("ok", "drop"):
            message["ts"] = f"{len(self.posted) + 1}.0"
            self.posted.append((self.clock(), message))
        if fate in ("drop", "lose"):
            assert request.transport
            request.transport.close()
            return web.Response()
        return web.json_response({"ok": True, "ts": message["ts"]} if fate == "ok" else {"ok": False, "error": fate})

    async def history(self, request: web.Request) -> web.StreamResponse:
        self.calls[request.path.rpartition(".")[2]] += 1
        self.asked = dict(request.query) | dict(await request.post())
        if not self.readable:
            return web.json_response({"ok": False, "error": "missing_scope"})
        if self.asked.get("include_all_metadata") not in ("1", "true", "True"):
            return web.json_response({"ok": True, "messages": []})
        found = [message for _, message in reversed(self.posted) if message["channel"] == self.asked["channel"]]
        return web.json_response({"ok": True, "messages": [{"ts": "0.1", "text": "of a person"}, *found]})

    @property
    def texts(self) -> list[str]:
        return [message["text"] for _, message in self.posted]


@asynccontextmanager
async def slack(channels: Channels) -> AsyncIterator[AsyncWebClient]:
    server = web.Application()
    server.router.add_post("/api/chat.postMessage", channels.post)
    server.router.add_route("*", "/api/{method}", channels.history)
    async with TestServer(server) as found:
        yield clients.make_web_client(str(found.make_url("/api/")), "xoxb-made-up")


async def test_one_message_a_second_a_channel_in_order() -> None:
    """Five at once in one channel stand a second apart; another channel does not wait for them."""
    clock = Clock()
    channels = Channels(clock)
    async with slack(channels) as client:
        posting = QueuedChannelPoster(now=clock, sleep=clock.sleep)
        tasks = [asyncio.create_task(posting.post(client, "C1", Message(str(number)))) for number in range(5)]
        other = asyncio.create_task(posting.post(client, "C2", Message("other")))
        await other
        assert posting.waiting_count == 5 - sum(task.done() for task in tasks)
        while not all(task.done() for task in tasks):
            await asyncio.sleep(0)
            if clock.sleeping:
                clock.move(0.5)
        assert [await task for task in tasks] != []
    here = [(at, message["text"]) for at, message in channels.posted if message["channel"] == "C1"]
    assert [text for _, text in here] == list("01234")
    assert all(later - sooner >= 1 for (sooner, _), (later, _) in pairwise(here))
    assert posting.waiting_count == 0


async def test_a_429_holds_the_channel_up_for_as_long_as_slack_says() -> None:
    """Once posted, after Retry-After; counted."""
    clock = Hurried()
    channels = Channels(clock, 3, 7)
    async with slack(channels) as client:
        posting = QueuedChannelPoster(now=clock, sleep=clock.sleep)
        await posting.post(client, "C1", HELLO)
    assert (channels.texts, channels.calls["post"], posting.limited_count) == (["Hello"], 3, 2)
    assert channels.posted[0][0] >= 1_000 + 10


async def test_a_429_that_does_not_end_is_given_up() -> None:
    clock = Hurried()
    channels = Channels(clock, *[29] * 9)
    async with slack(channels) as client:
        with pytest.raises(NotPosted, match="no more messages here for the moment"):
            await QueuedChannelPoster(now=clock, sleep=clock.sleep).post(client, "C1", HELLO)
    assert channels.calls["post"] == 3
    assert channels.posted == []


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("not_in_channel", "/invite"),
        ("channel_not_found", "/invite"),
        ("is_archived", "archived"),
        ("restricted_action", "Only some people"),
        ("something_new", "(something_new)"),
    ],
)
async def test_a_refusal_is_one_sentence_and_no_second_attempt(code: str, told: str) -> None:
    clock = Hurried()
    channels = Channels(clock, code)
    async with slack(channels) as client:
        with pytest.raises(NotPosted) as raised:
            await QueuedChannelPoster(now=clock, sleep=clock.sleep).post(client, "C1", HELLO)
    assert told in str(raised.value)
    assert raised.value.code == code
    assert channels.calls == {"post": 1}


@pytest.mark.parametrize("fate", ["drop", "lose", "internal_error"])
async def test_a_dropped_connection_leaves_one_message(fate: str) -> None:
    """Whether Slack had taken it or not: it is looked up by its key, then sent again only if it is not there."""
    clock = Hurried()
    channels = Channels(clock, fate)
    async with slack(channels) as client:
        ts = await QueuedChannelPoster(now=clock, sleep=clock.sleep).post(client, "C1", HELLO, key="k1")
    assert channels.texts == ["Hello"]
    assert ts == "1.0"
    assert channels.calls == {"post": 1 if fate == "drop" else 2, "history": 1}
    metadata = channels.posted[0][1]["metadata"]
    assert metadata == {"event_type": EVENT_TYPE, "event_payload": {"key": "k1"}}


async def test_where_history_cannot_be_read_nothing_is_sent_again() -> None:
    """It is not known, and that is said."""
    clock = Hurried()
    channels = Channels(clock, "drop")
    channels.readable = False
    async with slack(channels) as client:
        with pytest.raises(DeliveryUncertain, match="look at the channel"):
            await QueuedChannelPoster(now=clock, sleep=clock.sleep).post(client, "C1", HELLO)
    assert channels.texts == ["Hello"]
    assert channels.calls["post"] == 1


async def test_a_connection_lost_twice_is_not_tried_a_third_time() -> None:
    clock = Hurried()
    channels = Channels(clock, "lose", "lose")
    async with slack(channels) as client:
        with pytest.raises(DeliveryUncertain):
            await QueuedChannelPoster(now=clock, sleep=clock.sleep).post(client, "C1", HELLO)
    assert channels.calls == {"post": 2, "history": 2}


async def test_blocks_that_slack_refuses_are_left_out() -> None:
    clock = Hurried()
    channels = Channels(clock, "msg_blocks_too_long")
    async with slack(channels) as client:
        await QueuedChannelPoster(now=clock, sleep=clock.sleep).post(client, "C1", Message("Hello", (DividerBlock(),)))
    assert channels.texts == ["Hello"]
    assert "blocks" not in channels.posted[0][1]


async def test_an_answer_in_a_thread_is_looked_up_there() -> None:
    """Slack gives a thread from its beginning: only its last minutes are asked for."""
    clock = Hurried()
    channels = Channels(clock, "drop")
    async with slack(channels) as client:
        assert await QueuedChannelPoster(now=clock, sleep=clock.sleep).post(client, "C1", HELLO, thread="5.0") == "1.0"
    assert channels.posted[0][1]["thread_ts"] == "5.0"
    assert channels.calls == {"post": 1, "replies": 1}
    assert channels.asked["ts"] == "5.0"
    assert 0 < float(channels.asked["oldest"]) < 1_000


async def test_more_than_can_wait_are_told_so() -> None:
    """A channel's queue is bounded; what waits in it is posted all the same."""
    clock = Clock()
    channels = Channels(clock)
    async with slack(channels) as client:
        posting = QueuedChannelPoster(now=clock, sleep=clock.sleep)
        tasks = [asyncio.create_task(posting.post(client, "C1", HELLO)) for _ in range(MAX_WAITING)]
        await asyncio.sleep(0)
        with pytest.raises(NotPosted, match="try again in a minute"):
            await posting.post(client, "C1", HELLO)
        while not all(task.done() for task in tasks):
            await asyncio.sleep(0)
            clock.move(1)
    assert len(channels.posted) == MAX_WAITING


async def test_whoever_stops_the_bot_waits_for_the_posts_in_the_queue() -> None:
    """Ten of them wait for one channel when `drained` is called: ten stand there when it returns."""
    clock = Hurried()
    channels = Channels(clock)
    answering = Executor(FakeBriefingService(), ResponseUrlClient())
    async with slack(channels) as client:
        posting = QueuedChannelPoster(answering.begin, answering.end, now=clock, sleep=clock.sleep)
        tasks = [asyncio.create_task(posting.post(client, "C1", HELLO)) for _ in range(10)]
        await asyncio.sleep(0)
        assert await answering.drain(10) == 0
        assert len(channels.posted) == 10
        await asyncio.gather(*tasks)
    answering.close()


async def test_whoever_gives_up_waiting_holds_nobody_up() -> None:
    """A cancelled message is not posted, and the next has its turn."""
    clock = Clock()
    channels = Channels(clock)
    async with slack(channels) as client:
        posting = QueuedChannelPoster(now=clock, sleep=clock.sleep)
        await posting.post(client, "C1", Message("first"))
        given_up = asyncio.create_task(posting.post(client, "C1", Message("given up")))
        last = asyncio.create_task(posting.post(client, "C1", Message("last")))
        await clock.somebody_sleeps()
        given_up.cancel()
        while not last.done():
            await asyncio.sleep(0)
            clock.move(1)
        await last
    assert channels.texts == ["first", "last"]


async def test_quiet_channels_are_forgotten() -> None:
    """What a bot in thousands of channels remembers does not grow without end."""
    clock = Hurried()
    channels = Channels(clock)
    async with slack(channels) as client:
        posting = QueuedChannelPoster(now=clock, sleep=clock.sleep)
        posting._queues = {f"C{number}": type(posting._get_queue("C"))() for number in range(2_000)}
        await posting.post(client, "C9999", HELLO)
    assert len(posting._queues) == 1
