"""Socket Mode over a real WebSocket, against a stand-in on loopback."""

from urllib.parse import parse_qsl

from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from bot.serve import build_web_app
from bot.settings import Settings
from tests.fakes import FakeDesk
from tests.scenarios.conftest import Slack, StandIn


async def test_a_command_through_the_socket_is_acknowledged_and_answered_once(desk: FakeDesk) -> None:
    """The same envelope payload twice: two acknowledgements, one answer; ready while connected."""
    stand_in = StandIn()
    async with TestServer(stand_in.app) as inbox:
        settings = Settings(bot_token="xoxb-made-up", app_token="xapp-made-up", api_url=str(inbox.make_url("/api/")))
        async with TestServer(build_web_app(settings, desk)) as bot, ClientSession() as session:
            socket = await stand_in.socket
            slack = Slack(session, bot, inbox, stand_in)
            payload = dict(parse_qsl(slack.command("/whosaid", "lynch-mob")))
            for number in "12":
                await socket.send_json({"type": "slash_commands", "envelope_id": number, "payload": payload})
            assert "John McDonnell" in (await stand_in.answer())["text"]
            other = dict(parse_qsl(slack.command("/whosaid", "help")))
            await socket.send_json({"type": "slash_commands", "envelope_id": "3", "payload": other})
            await stand_in.answer(2)
            assert (await session.get(bot.make_url("/readyz"))).status == 200
            assert await stand_in.acknowledgements(3) == ["1", "2", "3"]
        assert desk.asked == ["lynch-mob"]
