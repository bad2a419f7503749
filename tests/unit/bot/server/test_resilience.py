"""Retries, full queues, draining, and rejected tokens."""

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
    ("method", "is_read"),
    [("chat.postMessage", False), ("views.open", False), ("auth.test", True), ("conversations.history", True)],
)
async def test_only_reads_are_retried_after_a_dropped_connection(method: str, is_read: bool) -> None:
    """A post is sent once, a read up to three times."""
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
            handler
            for handler in client.retry_handlers
            if not hasattr(handler, "interval_calculator") or remove_delay(handler)
        ]
        with pytest.raises(ServerDisconnectedError):
            await client.api_call(method)
    assert len(calls) == (3 if is_read else 1)


def remove_delay(handler: clients.AsyncRetryHandler) -> bool:
    """Make a handler retry without waiting; always return True."""

    class NoDelay:
        def calculate_sleep_duration(self, current_attempt: int) -> float:
            return 0.0 * current_attempt

    handler.interval_calculator = NoDelay()  # type: ignore[assignment]  # has all it uses
    return True


def test_the_app_uses_our_retry_handlers() -> None:
    bot = build(Settings(bot_token="xoxb-made-up", signing_secret="x"), FakeBriefingService())
    assert [type(handler) for handler in bot.bolt.client.retry_handlers] == [
        type(handler) for handler in clients.make_retry_handlers()
    ]
    assert bot.bolt.oauth_flow is None


def test_an_oauth_client_in_the_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bolt reads these variables itself, but the bot token of the single workspace is still used."""
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "made-up")
    build(Settings(bot_token="xoxb-made-up", signing_secret="x"), FakeBriefingService())


async def test_a_full_queue_refuses_with_a_message() -> None:
    executor = Executor(FakeBriefingService(), ResponseUrlClient())
    executor._waiting_count = MAX_WAITING
    with pytest.raises(Busy, match="try again in a minute"):
        await executor.call(lambda _: notices.build_notice("x"))
    executor.close()


async def test_drain_stops_after_its_timeout_and_returns_the_unfinished_count() -> None:
    executor = Executor(FakeBriefingService(), ResponseUrlClient())
    with executor._track():
        assert await executor.drain(0) == 1
    assert await executor.drain(0) == 0
    executor.close()


@pytest.mark.parametrize(
    ("reply", "team"),
    [
        ({"ok": True, "team_id": "T1", "enterprise_id": "E1"}, "T1"),
        ({"ok": True, "team_id": "T1", "enterprise_id": "E1", "is_enterprise_install": True}, ""),
        ({"ok": True}, ""),
        ({"ok": True, "team_id": ["T1"]}, ""),
        ({"ok": False, "error": "internal_error"}, None),
    ],
)
async def test_the_check_of_the_token_names_its_only_workspace(reply: dict[str, object], team: str | None) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response(reply)

    app = web.Application()
    app.router.add_post("/api/{method}", answer)
    async with TestServer(app) as server:
        settings = Settings(bot_token="xoxb-made-up", signing_secret="x", api_url=str(server.make_url("/api/")))
        assert await authorization.check_tokens(settings) == team


@pytest.mark.parametrize(
    ("error", "is_rejected"),
    [("invalid_auth", True), ("token_revoked", True), ("internal_error", False), (None, False)],
)
async def test_a_rejected_token_stops_the_start(error: str | None, is_rejected: bool) -> None:
    """The message names the variable. Other errors do not stop the start."""

    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"ok": error is None, "error": error})

    app = web.Application()
    app.router.add_post("/api/{method}", answer)
    async with TestServer(app) as server:
        settings = Settings(bot_token="xoxb-made-up", app_token="xapp-made-up", api_url=str(server.make_url("/api/")))
        if is_rejected:
            with pytest.raises(BadSettings, match=f"Slack rejected SLACK_BOT_TOKEN \\({error}\\)"):
                await authorization.check_tokens(settings)
        else:
            await authorization.check_tokens(settings)
