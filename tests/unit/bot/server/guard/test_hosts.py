"""The Host header: own names, this machine, probes by IP address, and no one else's names."""

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from bot.core.configuration.server_settings import ServerSettings
from bot.core.settings import Settings
from bot.server.guard.hosts import HostPolicy
from bot.server.server import build_web_app
from tests.stand_ins.briefing_service import FakeBriefingService

ANY_ADDRESS = "0.0.0.0"  # noqa: S104  # only a setting: nothing listens there
SETTINGS = Settings(
    bot_token="xoxb-made-up",
    signing_secret="0" * 32,
    public_url="https://bot.example.org",
    host=ANY_ADDRESS,
    server=ServerSettings(("monitor.internal", "2001:db8::7")),
)


@pytest.mark.parametrize(
    ("host", "path", "is_allowed"),
    [
        ("bot.example.org", "/slack/events", True),
        ("BOT.example.org:443", "/record/", True),
        ("bot.example.org.", "/healthz", True),
        ("127.0.0.1:3000", "/slack/events", True),
        ("localhost", "/readyz", True),
        ("[::1]:3000", "/readyz", True),
        ("monitor.internal:3000", "/metrics", True),
        ("[2001:db8::7]", "/slack/events", True),
        ("10.0.0.8:3000", "/readyz", True),
        ("10.0.0.8:3000", "/healthz", True),
        ("10.0.0.8:3000", "/slack/events", False),
        ("192.0.2.5:3000", "/slack/events", True),
        ("evil.example", "/readyz", False),
        ("evil.example", "/metrics", False),
        ("evil.example", "/slack/events", False),
        ("bot.example.org.evil.example", "/record/", False),
        ("evil.example/bot.example.org", "/record/", False),
        ("bot.example.org@evil.example", "/record/", False),
        ("127.0.0.1.evil.example", "/metrics", False),
        ("", "/readyz", False),
        ("a" * 500, "/readyz", False),
        ("bot.example.org:port", "/readyz", False),
    ],
)
def test_only_own_names_are_answered(host: str, path: str, *, is_allowed: bool) -> None:
    """The connection arrived at 192.0.2.5."""
    assert HostPolicy(SETTINGS).is_allowed(host, path, "192.0.2.5") is is_allowed


def test_the_name_of_host_is_allowed_but_a_wildcard_names_nothing() -> None:
    assert HostPolicy(Settings(host="news.internal")).is_allowed("news.internal:3000", "/slack/events")
    assert not HostPolicy(Settings(host=ANY_ADDRESS)).is_allowed(ANY_ADDRESS, "/slack/events")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/slack/events", "/record/", "/nothing"])
async def test_foreign_names_are_refused_on_every_path(path: str) -> None:
    async with TestServer(build_web_app(SETTINGS, FakeBriefingService())) as server, ClientSession() as session:
        for host, status in (("evil.example", 421), ("bot.example.org", None)):
            async with session.get(server.make_url(path), headers={"Host": host}, allow_redirects=False) as response:
                assert (response.status == 421) is (status == 421)
                assert "evil" not in await response.text()
                assert response.headers["Server"] == "ontherecord"
                assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
                assert response.headers["X-Content-Type-Options"] == "nosniff"
                assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


async def test_without_https_no_browser_is_told_to_use_it() -> None:
    settings = Settings(bot_token="xoxb-made-up", signing_secret="0" * 32)
    async with TestServer(build_web_app(settings, FakeBriefingService())) as server, ClientSession() as session:
        response = await session.get(server.make_url("/healthz"))
        assert "Strict-Transport-Security" not in response.headers
