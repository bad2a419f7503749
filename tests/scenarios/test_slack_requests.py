"""Tests of request verification, deduplication, health checks and shutdown."""

import asyncio
import time

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer, unused_port
from multidict import CIMultiDict

from bot.core.logs import configure
from bot.core.settings import Settings
from bot.server.server import build_web_app, serve
from briefings.errors import BadSettings, DatabaseUnavailable
from tests.scenarios.conftest import SECRET, Slack, run_bot, sign
from tests.stand_ins.briefing_service import FakeBriefingService
from tests.stand_ins.slack_server import StandIn

SIGNATURE, TIMESTAMP = "X-Slack-Signature", "X-Slack-Request-Timestamp"


@pytest.mark.parametrize(
    "headers",
    [
        {SIGNATURE: "v0=" + "0" * 64},
        {SIGNATURE: "v0=é"},
        {SIGNATURE: "v0=" + "é" * 64},
        {SIGNATURE: ""},
        {SIGNATURE: "v1=" + "0" * 64},
        {TIMESTAMP: "yesterday"},
        {TIMESTAMP: "٣٣٣"},
        {TIMESTAMP: "1e9"},
        {TIMESTAMP: "-1"},
        {TIMESTAMP: "9" * 400},
        {TIMESTAMP: ""},
        {TIMESTAMP: "1467374400.5"},
        {TIMESTAMP: "\u200b1467374400"},
        {SIGNATURE: "v0=" + "0" * 64 + ",v0=" + "1" * 64},
        {SIGNATURE: "V0=" + "A" * 64},
        {TIMESTAMP: "é", SIGNATURE: "v0=é"},
    ],
)
async def test_request_with_invalid_signature_is_refused(
    slack: Slack, service: FakeBriefingService, headers: dict[str, str]
) -> None:
    """Wrong or malformed signature headers get a 401, and no question is run."""
    response = await slack.post(slack.command("/briefing", "labour-crisis"), headers=headers)
    assert response.status == 401
    assert service.queries == []


async def test_request_without_signature_is_refused(slack: Slack, service: FakeBriefingService) -> None:
    """This covers missing and repeated headers."""
    body = slack.command("/briefing", "labour-crisis")
    signed = list(sign(body).items())
    for headers in ([], signed[:1], signed[1:], [*signed, (TIMESTAMP, "1")], [(SIGNATURE, "v0=0"), *signed]):
        all_headers = CIMultiDict([("Content-Type", "application/x-www-form-urlencoded"), *headers])
        response = await slack.session.post(slack.bot.make_url("/slack/events"), data=body, headers=all_headers)
        assert response.status == (200 if headers[:2] == signed else 401)
    await slack.bot.close()
    assert service.queries == ["labour-crisis"]


@pytest.mark.parametrize("shift", [-3600, 3600])
async def test_stale_or_future_request_is_refused(slack: Slack, shift: int) -> None:
    """The limit is five minutes in both directions."""
    assert (await slack.post(slack.command("/briefing", "x"), at=time.time() + shift)).status == 401


async def test_signature_of_other_secret_or_body_is_refused(slack: Slack) -> None:
    body = slack.command("/briefing", "labour-crisis")
    assert (await slack.post(body, secret="f" * 32)).status == 401
    assert (await slack.post(body + "&x=1", headers=sign(body))).status == 401
    assert (await slack.post("ssl_check=1&token=x", secret="f" * 32)).status == 401


@pytest.mark.parametrize("body", ["{", "[1]", '{"a":' * 50_000, "payload=%7B", "payload=%5B%5D", b"\xff\xfe"])
async def test_malformed_signed_body_is_a_bad_request(slack: Slack, body: str | bytes) -> None:
    """Broken JSON, JSON that is not an object, and invalid UTF-8 get 400 or 401, never 500."""
    response = await slack.post(body, headers={"Content-Type": "application/json; charset=nonsense"})
    assert response.status in (400, 401)


async def test_oversized_body_is_refused(slack: Slack) -> None:
    """The limit is one mebibyte."""
    response = await slack.post("text=" + "a" * (1024 * 1024))
    assert response.status == 413


async def test_repeated_request_is_answered_once(slack: Slack, service: FakeBriefingService) -> None:
    """Replays get an empty 200 and have no effect."""
    body = slack.command("/whosaid", "lynch-mob")
    headers = sign(body)
    assert [(await slack.post(body, headers=headers)).status for _ in range(3)] == [200, 200, 200]
    await slack.bot.close()
    assert len(slack.stand_in.answers) == 1
    assert service.queries == ["lynch-mob"]


async def test_url_verification_can_be_repeated(slack: Slack) -> None:
    """Each url_verification request gets its challenge back."""
    body = '{"type": "url_verification", "challenge": "abc", "token": "x"}'
    headers = sign(body)
    for _ in range(2):
        response = await slack.post(body, headers=headers)
        assert (response.status, await response.text()) == (200, '{"challenge": "abc"}')


async def test_closing_waits_for_pending_answers(service: FakeBriefingService) -> None:
    service.gate.clear()
    async with run_bot(service) as slack:
        for _ in range(10):
            assert (await slack.post(slack.command("/whosaid", "lynch-mob"))).status == 200
        closing = asyncio.create_task(slack.bot.close())
        service.gate.set()
        await closing
        assert len(slack.stand_in.answers) == 10


async def test_serve_drains_on_stop_signal(service: FakeBriefingService) -> None:
    """`serve` reports its address and ends after the last answer is sent."""
    stand_in, stop = StandIn(), asyncio.Event()
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    async with TestServer(stand_in.app) as inbox, ClientSession() as session:
        settings = Settings(
            bot_token="xoxb-made-up", signing_secret=SECRET, api_url=str(inbox.make_url("/api/")), port=unused_port()
        )
        web_app = build_web_app(settings, service)
        serving = asyncio.create_task(serve(web_app, settings, stop=stop, on_listening=address.set_result))
        base = await address
        assert base == f"http://127.0.0.1:{settings.port}"
        slack = Slack(session, TestServer(web_app), inbox, stand_in)
        service.gate.clear()
        body = slack.command("/whosaid", "lynch-mob")
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        response = await session.post(base + "/slack/events", data=body, headers=kind | sign(body))
        assert response.status == 200
        stop.set()
        service.gate.set()
        await serving
        assert len(stand_in.answers) == 1
        assert "auth.test" in stand_in.calls


async def test_port_in_use_is_one_sentence(slack: Slack, service: FakeBriefingService) -> None:
    """A second bot on the same port fails cleanly."""
    settings = Settings(
        bot_token="xoxb-made-up", signing_secret=SECRET, host=str(slack.bot.host), port=int(slack.bot.port or 0)
    )
    with pytest.raises(BadSettings, match=rf"Can't open port {settings.port} on .*: set another PORT or HOST"):
        await serve(build_web_app(settings, service), settings)


async def test_health_and_readiness(slack: Slack, service: FakeBriefingService) -> None:
    """The bot is healthy while it runs, and ready while the database answers."""
    assert (await slack.session.get(slack.bot.make_url("/healthz"))).status == 200
    assert (await slack.session.get(slack.bot.make_url("/readyz"))).status == 200
    service.error = DatabaseUnavailable("The database at 192.0.2.1/otr cannot be opened.")
    assert (await slack.session.get(slack.bot.make_url("/healthz"))).status == 200
    response = await slack.session.get(slack.bot.make_url("/readyz"))
    assert response.status == 503
    assert await response.text() == "The record is not available. Please try again in a minute.\n"


async def test_socket_mode_has_no_http_endpoint(service: FakeBriefingService) -> None:
    """Socket Mode does not serve /slack/events."""
    web_app = build_web_app(Settings(bot_token="xoxb-made-up", app_token="xapp-made-up"), service)
    assert "/slack/events" not in {resource.canonical for resource in web_app.router.resources()}


async def test_logs_contain_neither_input_nor_secrets(slack: Slack, capsys: pytest.CaptureFixture[str]) -> None:
    """DEBUG logs of a command contain neither its text, nor the answer, nor secrets."""
    configure("DEBUG", colours=False)
    await slack.post(slack.command("/whosaid", "lynch-mob"))
    await slack.bot.close()
    logged = "".join(capsys.readouterr())
    assert '"answered"' in logged
    for never in ("lynch", "McDonnell", SECRET, "xoxb", "response/"):
        assert never not in logged
