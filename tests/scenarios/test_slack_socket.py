"""Tests of Socket Mode over a real WebSocket, against a Slack stand-in that drops and refuses connections."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from bot.core.settings import Settings
from bot.server import wiring
from bot.server.server import BOT, build_web_app
from bot.slack.transport import clients
from bot.slack.transport.socket_mode import LINGER_SECONDS, PING_SECONDS, SocketMode
from tests.scenarios.conftest import Slack
from tests.stand_ins.briefing_service import FakeBriefingService
from tests.stand_ins.slack_socket import SocketSlack, make_payload
from tests.support.clock import Clock

Bot = tuple[SocketSlack, Slack]


@pytest.fixture
async def slack(service: FakeBriefingService) -> AsyncIterator[Slack]:
    """Run the bot in Socket Mode."""
    stand_in = SocketSlack()
    async with (
        TestServer(stand_in.app) as inbox,
        TestServer(build_web_app(settings(inbox), service)) as bot,
        ClientSession() as session,
    ):
        yield Slack(session, bot, inbox, stand_in)


def settings(inbox: TestServer) -> Settings:
    return Settings(bot_token="xoxb-made-up", app_token="xapp-made-up", api_url=str(inbox.make_url("/api/")))


def get_stand_in(slack: Slack) -> SocketSlack:
    assert isinstance(slack.stand_in, SocketSlack)
    return slack.stand_in


async def fetch(slack: Slack, path: str) -> tuple[int, str]:
    assert isinstance(slack.bot, TestServer)
    response = await slack.session.get(slack.bot.make_url(path))
    return response.status, await response.text()


@asynccontextmanager
async def run_with_clock(
    service: FakeBriefingService, clock: Clock, stand_in: SocketSlack
) -> AsyncIterator[tuple[Slack, SocketMode]]:
    """Run the bot with a socket whose timing follows `clock`."""
    async with TestServer(stand_in.app) as inbox, ClientSession() as session:
        bot = wiring.build(settings(inbox), service)
        client = clients.make_web_client(str(inbox.make_url("/api/")), "xapp-made-up")
        socket = SocketMode(client, bot.dispatcher.dispatch, now=clock, sleep=clock.sleep)
        async with bot.response_url_client.open_session(), socket.keep_connected():
            yield Slack(session, "", inbox, stand_in), socket
        assert await bot.executor.drain(10) == 0
        bot.executor.close()
        bot.gate.close()


async def wait_until(condition: Callable[[], object]) -> None:
    """Wait until `condition` is true, while messages arrive over the loopback."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  # no event announces the change
            await asyncio.sleep(0)


async def advance_until(clock: Clock, condition: Callable[[], object]) -> float:
    """Wait for a sleeper, then advance the clock by pings until `condition` is true. Return the seconds."""
    await clock.wait_for_sleeper()
    started_at = clock()
    while not condition():
        assert clock() - started_at < 600, "condition not met within 600 seconds"
        clock.advance(PING_SECONDS)
        for _ in range(200):
            await asyncio.sleep(0)
    return clock() - started_at


async def test_repeated_socket_command_is_answered_once(slack: Slack, service: FakeBriefingService) -> None:
    """A payload in two envelopes gets two acknowledgements and one answer. The bot is ready while connected."""
    stand_in = get_stand_in(slack)
    line = await stand_in.wait_for_connection(1)
    twice = make_payload(slack, "/whosaid", "lynch-mob")
    for number in "12":
        await line.send(number, twice)
    assert "John McDonnell" in (await stand_in.wait_for_answer())["text"]
    await line.send("3", make_payload(slack, "/whosaid", "help"))
    await stand_in.wait_for_answer(2)
    assert await fetch(slack, "/readyz") == (200, "ready\nsocket connected, replaced 0\n")
    assert await fetch(slack, "/healthz") == (200, "ok\nsocket connected, replaced 0\n")
    assert await stand_in.wait_for_acknowledgements(3) == ["1", "2", "3"]
    assert service.queries == ["lynch-mob"]


async def test_malformed_and_unknown_envelopes_are_acknowledged(slack: Slack) -> None:
    """Slack would repeat them otherwise. The next command is answered."""
    stand_in = get_stand_in(slack)
    line = await stand_in.wait_for_connection(1)
    user = {"user": {"id": "U1"}, "team": {"id": "T1"}}
    await line.send("1", {"type": "view_submission", "view": {"state": []}, **user}, "interactive")
    await line.send("2", {"type": "block_actions", "actions": {}, **user}, "interactive")
    await line.send("3", {"type": "made_up", **user}, "interactive")
    await line.send("4", make_payload(slack, "/news", "x"))
    assert "I don't know /news." in (await stand_in.wait_for_answer())["text"]
    assert await stand_in.wait_for_acknowledgements(4) == ["1", "2", "3", "4"]
    assert {"payload"} & {name for ack in line.acknowledgements for name, value in ack.items() if value} == set()


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
async def test_refresh_loses_and_repeats_nothing(slack: Slack, reason: str) -> None:
    """Envelopes on the old connection, the new one and both are acknowledged where they arrived.

    Each is answered once, and the bot stays ready.
    """
    stand_in = get_stand_in(slack)
    old = await stand_in.wait_for_connection(1)
    await old.send_disconnect(reason)
    for number in range(10):
        await old.send(f"old{number}", make_payload(slack, "/whosaid", "lynch-mob"))
    new = await stand_in.wait_for_connection(2)
    assert (await fetch(slack, "/readyz"))[0] == 200
    both = make_payload(slack, "/whosaid", "lynch-mob")
    await old.send("oldx", both)
    await new.send("newx", both)
    for number in range(10):
        await new.send(f"new{number}", make_payload(slack, "/whosaid", "lynch-mob"))
    assert len(await stand_in.wait_for_acknowledgements(22)) == 22
    assert {ack["envelope_id"][:3] for ack in old.acknowledgements} == {"old"}
    await stand_in.wait_for_answer(21)
    assert isinstance(slack.bot, TestServer)
    assert f"replaced 1 ({reason} 1)" in (await fetch(slack, "/readyz"))[1]
    await slack.bot.close()  # waits for pending work
    assert len(stand_in.answers) == 21


async def test_replaced_connection_is_closed(service: FakeBriefingService) -> None:
    """Slack closes the old connection; otherwise the bot closes it after a delay."""
    clock, stand_in = Clock(), SocketSlack()
    async with run_with_clock(service, clock, stand_in) as (_, _socket):
        for number in (1, 2):
            line = await stand_in.wait_for_connection(number)
            await line.send_disconnect("refresh_requested")
            await stand_in.wait_for_connection(number + 1)
            if number == 1:
                await line.ws.close()
            else:
                assert not line.closed.is_set()
                for _ in range(100):
                    await asyncio.sleep(0)
                clock.advance(LINGER_SECONDS)
            await asyncio.wait_for(line.closed.wait(), 10)


async def test_unresponsive_connection_is_replaced(service: FakeBriefingService) -> None:
    """If pings are not answered, a new connection is ready within twenty seconds."""
    clock, stand_in = Clock(), SocketSlack()
    async with run_with_clock(service, clock, stand_in) as (slack, socket):
        (await stand_in.wait_for_connection(1)).is_silent = True
        assert 15 <= await advance_until(clock, lambda: socket.replacement_counts) <= 20
        line = await stand_in.wait_for_connection(2)
        await line.send("1", make_payload(slack, "/whosaid", "lynch-mob"))
        assert "John McDonnell" in (await stand_in.wait_for_answer())["text"]
        assert socket.is_connected
        assert socket.replacement_counts == {"silent": 1}


async def test_idle_connection_is_kept(service: FakeBriefingService) -> None:
    """A connection that answers pings is kept without any commands."""
    clock, stand_in = Clock(), SocketSlack()
    async with run_with_clock(service, clock, stand_in) as (_, socket):
        await stand_in.wait_for_connection(1)
        for _ in range(60):
            clock.advance(PING_SECONDS)
            await wait_until(
                lambda: socket._current and socket._current.last_received_at == clock()
            )  # wait for the pong
        assert len(stand_in.connections) == 1
        assert socket.is_connected


async def test_aborted_connection_is_replaced(slack: Slack) -> None:
    """The bot becomes ready again, and the metrics count the replacement."""
    stand_in = get_stand_in(slack)
    line = await stand_in.wait_for_connection(1)
    stand_in.missing_hello_count = 1
    transport = line.ws._req and line.ws._req.transport
    assert transport
    transport.abort()
    await (await stand_in.wait_for_connection(2)).send("1", make_payload(slack, "/whosaid", "lynch-mob"))
    await stand_in.wait_for_answer()
    assert (await fetch(slack, "/readyz"))[0] == 200
    page = (await fetch(slack, "/metrics"))[1]
    assert 'ontherecord_socket_replaced_total{why="closed"} 1.0' in page
    assert 'ontherecord_socket_failed_total{why="ConnectionError"} 1.0' in page
    assert "ontherecord_socket_connected 1.0" in page


async def test_refused_socket_url_is_not_reused(service: FakeBriefingService) -> None:
    """Each attempt gets a new URL, with increasing delays. Until then, the bot is not connected."""
    clock, stand_in = Clock(), SocketSlack()
    stand_in.refusal_count = 3
    async with run_with_clock(service, clock, stand_in) as (_, socket):
        while stand_in.refusal_count:
            assert not socket.is_connected
            clock.advance(1)
            await asyncio.sleep(0)
        await advance_until(clock, lambda: stand_in.connections)
        await wait_until(lambda: socket.is_connected)
        assert stand_in.calls.count("apps.connections.open") == 4
        assert socket.failure_counts == {"WSServerHandshakeError": 3}


async def test_rejected_app_token_is_retried(service: FakeBriefingService) -> None:
    """Slack's error code is counted. A token repaired in Slack works without a restart."""
    clock, stand_in = Clock(), SocketSlack()
    stand_in.replies["apps.connections.open"] = [{"ok": False, "error": "invalid_auth"}]
    async with run_with_clock(service, clock, stand_in) as (_, socket):
        await advance_until(clock, lambda: stand_in.connections)
        assert socket.failure_counts == {"invalid_auth": 1}


async def test_malformed_frames_are_ignored(slack: Slack) -> None:
    """After broken JSON, other types, bytes and pings, the next command is answered."""
    stand_in = get_stand_in(slack)
    line = await stand_in.wait_for_connection(1)
    for frame in ("{", "[]", "null", "[" * 100_000, '{"type": "slash_commands", "envelope_id": 1, "payload": []}'):
        await line.ws.send_str(frame)
    await line.ws.send_bytes(b"\0")
    await line.ws.ping()
    await line.send("1", make_payload(slack, "/whosaid", "lynch-mob"))
    await stand_in.wait_for_answer()
    assert stand_in.acknowledged == ["1"]
    assert len(stand_in.connections) == 1


async def test_form_reply_is_in_its_acknowledgement(slack: Slack) -> None:
    """The acknowledgement carries the errors of a submitted form."""
    assert isinstance(slack.bot, TestServer)

    async def listen(ack: object) -> None:
        await ack(response_action="errors", errors={"b": "Which words?"})  # type: ignore[operator]  # Bolt's

    slack.bot.app[BOT].bolt.view("form")(listen)
    view = {"type": "modal", "callback_id": "form", "state": {"values": {}}}
    submission = {
        "type": "view_submission",
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "trigger_id": "9",
        "view": view,
    }
    line = await get_stand_in(slack).wait_for_connection(1)
    await line.send("1", submission, kind="interactive")
    await get_stand_in(slack).wait_for_acknowledgements(1)
    expected = {"response_action": "errors", "errors": {"b": "Which words?"}}
    assert line.acknowledgements == [{"envelope_id": "1", "payload": expected}]


async def test_burst_of_forty_commands_is_acknowledged_first(slack: Slack, service: FakeBriefingService) -> None:
    """A busy service delays no acknowledgement. All forty commands are then answered."""
    service.gate.clear()
    stand_in = get_stand_in(slack)
    line = await stand_in.wait_for_connection(1)
    for number in range(40):
        await line.send(str(number), make_payload(slack, "/whosaid", "lynch-mob"))
    assert len(set(await stand_in.wait_for_acknowledgements(40))) == 40
    assert stand_in.answers == []
    service.gate.set()
    await stand_in.wait_for_answer(40)
