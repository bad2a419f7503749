"""Retries, queues, tokens."""

import pytest
from aiohttp import ServerDisconnectedError, web
from aiohttp.test_utils import TestServer

from bot.answers.executor import MAX_WAITING, Busy, Executor
from bot.core.settings import Settings
from bot.server.wiring import build
from bot.slack import authorization
from bot.slack.transport import clients
from bot.slack.transport.response_url import ResponseUrlClient
from bot.slack.views import notices
from briefings.errors import BadSettings
from tests.stand_ins.briefing_service import FakeBriefingService


@pytest.mark.parametrize(
    ("method", "read"),
    [("chat.postMessage", False), ("views.open", False), ("auth.test", True), ("conversations.history", True)],
)
async def test_only_reads_are_called_again_after_a_dropped_connection(method: str, read: bool) -> None:
    """A post is sent once; a read up to three times. Per-request clients keep the handlers."""
    calls: list[str] = []

    async def drop(request: web.Request) -> web.Response:
        calls.append(request.path)
        assert request.transport
        request.transport.close()
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/api/{method}", drop)
    async with TestServer(app) as server:
        client = clients.make_web_client(str(server.make_url("/api/")), "xoxb-made-up")
        client.retry_handlers = [
            one for one in client.retry_handlers if not hasattr(one, "interval_calculator") or hasten(one)
        ]
        with pytest.raises(ServerDisconnectedError):
            await client.api_call(method)
    assert len(calls) == (3 if read else 1)


def hasten(handler: clients.AsyncRetryHandler) -> bool:
    """Lets a handler retry without waiting."""

    class AtOnce:
        def calculate_sleep_duration(self, current_attempt: int) -> float:
            return 0.0 * current_attempt

    handler.interval_calculator = AtOnce()  # type: ignore[assignment]  # all that is used of one
    return True


def test_the_apps_client_has_our_retry_handlers() -> None:
    bot = build(Settings(bot_token="xoxb-made-up", signing_secret="x"), FakeBriefingService())
    assert [type(one) for one in bot.bolt.client.retry_handlers] == [type(one) for one in clients.make_retry_handlers()]
    assert bot.bolt.oauth_flow is None


def test_an_oauth_client_in_the_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bolt reads these by itself; the one workspace's token is used all the same."""
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "made-up")
    build(Settings(bot_token="xoxb-made-up", signing_secret="x"), FakeBriefingService())


async def test_more_than_can_wait_is_told_so() -> None:
    """A full queue answers with a sentence instead of growing."""
    answering = Executor(FakeBriefingService(), ResponseUrlClient())
    answering._waiting_count = MAX_WAITING
    with pytest.raises(Busy, match="try again in a minute"):
        await answering.call(lambda _: notices.build_notice("x"))
    answering.close()


async def test_draining_gives_up_after_its_time() -> None:
    """And says how many were left."""
    answering = Executor(FakeBriefingService(), ResponseUrlClient())
    with answering._track():
        assert await answering.drain(0) == 1
    assert await answering.drain(0) == 0
    answering.close()


@pytest.mark.parametrize(
    ("error", "refused"), [("invalid_auth", True), ("token_revoked", True), ("internal_error", False), (None, False)]
)
async def test_a_token_slack_refuses_stops_the_start(error: str | None, refused: bool) -> None:
    """With one sentence that names the variable; anything else does not stop it."""

    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"ok": error is None, "error": error})

    app = web.Application()
    app.router.add_post("/api/{method}", answer)
    async with TestServer(app) as server:
        settings = Settings(bot_token="xoxb-made-up", app_token="xapp-made-up", api_url=str(server.make_url("/api/")))
        if refused:
            with pytest.raises(BadSettings, match=f"Slack refuses SLACK_BOT_TOKEN \\({error}\\)"):
                await authorization.check_tokens(settings)
        else:
            await authorization.check_tokens(settings)
