"""Socket Mode over a real WebSocket, against a stand-in on loopback that behaves as badly as Slack may."""

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
from tests.stand_ins.slack_socket import SocketSlack, payload
from tests.support.clock import Clock

Bot = tuple[SocketSlack, Slack]


@pytest.fixture
async def slack(service: FakeBriefingService) -> AsyncIterator[Slack]:
    """The whole bot in Socket Mode."""
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
    """The bot behind a socket that lives by `clock`."""
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
    """Waits until `what` does, whatever is on its way over the loopback."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0)


async def advance_until(clock: Clock, condition: Callable[[], object]) -> float:
    """Once somebody sleeps, moves the clock, a ping at a time, until `what` holds; gives the seconds it took."""
    await clock.somebody_sleeps()
    begun = clock()
    while not condition():
        assert clock() - begun < 600, "it does not happen"
        clock.move(PING_SECONDS)
        for _ in range(200):
            await asyncio.sleep(0)
    return clock() - begun


async def test_a_command_through_the_socket_is_acknowledged_and_answered_once(
    slack: Slack, service: FakeBriefingService
) -> None:
    """The same payload in two envelopes: two acknowledgements, one answer; ready while connected."""
    stand_in = get_stand_in(slack)
    line = await stand_in.line(1)
    twice = payload(slack, "/whosaid", "lynch-mob")
    for number in "12":
        await line.send(number, twice)
    assert "John McDonnell" in (await stand_in.wait_for_answer())["text"]
    await line.send("3", payload(slack, "/whosaid", "help"))
    await stand_in.wait_for_answer(2)
    assert await fetch(slack, "/readyz") == (200, "ready\nsocket connected, replaced 0\n")
    assert await fetch(slack, "/healthz") == (200, "ok\nsocket connected, replaced 0\n")
    assert await stand_in.wait_for_acknowledgements(3) == ["1", "2", "3"]
    assert service.asked == ["lynch-mob"]


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
async def test_a_refresh_loses_nothing_and_doubles_nothing(slack: Slack, reason: str) -> None:
    """What Slack sends on the old connection after its goodbye, on the new one and on both: acknowledged, each where
    it came, and answered once; the bot is ready all the while.
    """
    stand_in = get_stand_in(slack)
    old = await stand_in.line(1)
    await old.goodbye(reason)
    for number in range(10):
        await old.send(f"old{number}", payload(slack, "/whosaid", "lynch-mob"))
    new = await stand_in.line(2)
    assert (await fetch(slack, "/readyz"))[0] == 200
    both = payload(slack, "/whosaid", "lynch-mob")
    await old.send("oldx", both)
    await new.send("newx", both)
    for number in range(10):
        await new.send(f"new{number}", payload(slack, "/whosaid", "lynch-mob"))
    assert len(await stand_in.wait_for_acknowledgements(22)) == 22
    assert {ack["envelope_id"][:3] for ack in old.acknowledged} == {"old"}
    await stand_in.wait_for_answer(21)
    assert isinstance(slack.bot, TestServer)
    assert f"replaced 1 ({reason} 1)" in (await fetch(slack, "/readyz"))[1]
    await slack.bot.close()  # sees out whatever is under way
    assert len(stand_in.answers) == 21


async def test_an_old_connection_is_closed_when_nothing_comes_any_more(service: FakeBriefingService) -> None:
    """Slack closes what it refreshed, or else the bot does after a while."""
    clock, stand_in = Clock(), SocketSlack()
    async with run_with_clock(service, clock, stand_in) as (_, _socket):
        for number in (1, 2):
            line = await stand_in.line(number)
            await line.goodbye("refresh_requested")
            await stand_in.line(number + 1)
            if number == 1:
                await line.ws.close()
            else:
                assert not line.closed.is_set()
                for _ in range(100):
                    await asyncio.sleep(0)
                clock.move(LINGER_SECONDS)
            await asyncio.wait_for(line.closed.wait(), 10)


async def test_a_silent_death_is_noticed_and_mended(service: FakeBriefingService) -> None:
    """No ping answered, no close: within twenty seconds another connection is there, and takes commands."""
    clock, stand_in = Clock(), SocketSlack()
    async with run_with_clock(service, clock, stand_in) as (slack, socket):
        (await stand_in.line(1)).deaf = True
        assert 15 <= await advance_until(clock, lambda: socket.replacement_counts) <= 20
        line = await stand_in.line(2)
        await line.send("1", payload(slack, "/whosaid", "lynch-mob"))
        assert "John McDonnell" in (await stand_in.wait_for_answer())["text"]
        assert socket.is_connected
        assert socket.replacement_counts == {"silent": 1}


async def test_who_answers_pings_is_not_taken_for_dead(service: FakeBriefingService) -> None:
    """Nobody asks anything for an hour: the same connection."""
    clock, stand_in = Clock(), SocketSlack()
    async with run_with_clock(service, clock, stand_in) as (_, socket):
        await stand_in.line(1)
        for _ in range(60):
            clock.move(PING_SECONDS)
            await wait_until(
                lambda: socket._current and socket._current.last_received_at == clock()
            )  # its pong is on the way
        assert len(stand_in.lines) == 1
        assert socket.is_connected


async def test_a_connection_cut_without_a_word_is_replaced(slack: Slack) -> None:
    """Not ready in between, ready again after, and counted for whoever looks."""
    stand_in = get_stand_in(slack)
    line = await stand_in.line(1)
    stand_in.rude = 1
    transport = line.ws._req and line.ws._req.transport
    assert transport
    transport.abort()
    await (await stand_in.line(2)).send("1", payload(slack, "/whosaid", "lynch-mob"))
    await stand_in.wait_for_answer()
    assert (await fetch(slack, "/readyz"))[0] == 200
    page = (await fetch(slack, "/metrics"))[1]
    assert 'ontherecord_socket_replaced_total{why="closed"} 1.0' in page
    assert 'ontherecord_socket_failed_total{why="ConnectionError"} 1.0' in page
    assert "ontherecord_socket_connected 1.0" in page


async def test_a_refused_address_is_not_tried_again(service: FakeBriefingService) -> None:
    """Each attempt asks Slack for a new one, later and later; until then the bot says that it is not connected."""
    clock, stand_in = Clock(), SocketSlack()
    stand_in.refusing = 3
    async with run_with_clock(service, clock, stand_in) as (_, socket):
        while stand_in.refusing:
            assert not socket.is_connected
            clock.move(1)
            await asyncio.sleep(0)
        await advance_until(clock, lambda: stand_in.lines)
        await wait_until(lambda: socket.is_connected)
        assert stand_in.calls.count("apps.connections.open") == 4
        assert socket.failure_counts == {"WSServerHandshakeError": 3}


async def test_no_token_is_said_and_tried_again(service: FakeBriefingService) -> None:
    """Slack's own code stands in the state; a token put right at Slack is taken without a new start."""
    clock, stand_in = Clock(), SocketSlack()
    stand_in.replies["apps.connections.open"] = [{"ok": False, "error": "invalid_auth"}]
    async with run_with_clock(service, clock, stand_in) as (_, socket):
        await advance_until(clock, lambda: stand_in.lines)
        assert socket.failure_counts == {"invalid_auth": 1}


async def test_what_is_no_envelope_harms_nothing(slack: Slack) -> None:
    """Broken JSON, a list, bytes, an envelope without a payload, a ping: the next command is answered."""
    stand_in = get_stand_in(slack)
    line = await stand_in.line(1)
    for frame in ("{", "[]", "null", "[" * 100_000, '{"type": "slash_commands", "envelope_id": 1, "payload": []}'):
        await line.ws.send_str(frame)
    await line.ws.send_bytes(b"\0")
    await line.ws.ping()
    await line.send("1", payload(slack, "/whosaid", "lynch-mob"))
    await stand_in.wait_for_answer()
    assert stand_in.acknowledged == ["1"]
    assert len(stand_in.lines) == 1


async def test_a_forms_answer_stands_in_its_acknowledgement(slack: Slack) -> None:
    """Errors of a submitted form go back with the envelope."""
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
    line = await get_stand_in(slack).line(1)
    await line.send("1", submission, kind="interactive")
    await get_stand_in(slack).wait_for_acknowledgements(1)
    expected = {"response_action": "errors", "errors": {"b": "Which words?"}}
    assert line.acknowledged == [{"envelope_id": "1", "payload": expected}]


async def test_forty_commands_at_once_are_acknowledged_before_the_first_is_answered(
    slack: Slack, service: FakeBriefingService
) -> None:
    """A desk that is busy holds up no acknowledgement; then all forty are answered."""
    service.gate.clear()
    stand_in = get_stand_in(slack)
    line = await stand_in.line(1)
    for number in range(40):
        await line.send(str(number), payload(slack, "/whosaid", "lynch-mob"))
    assert len(set(await stand_in.wait_for_acknowledgements(40))) == 40
    assert stand_in.answers == []
    service.gate.set()
    await stand_in.wait_for_answer(40)
