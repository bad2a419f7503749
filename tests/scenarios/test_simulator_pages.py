"""Web pages of the local workspace: open only to requests from this machine."""

import json
from collections.abc import AsyncIterator
from contextlib import closing

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer, get_unused_port_socket

from bot.core.settings import Settings
from bot.simulator.mount import build_with_workspace
from tests.scenarios.test_simulator import NEWSROOM, Page
from tests.stand_ins.briefing_service import FakeBriefingService


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    with closing(get_unused_port_socket("127.0.0.1")) as socket:
        port = socket.getsockname()[1]
        app, _ = build_with_workspace(Settings(port=port, public_url="https://bot.example.org"), FakeBriefingService())
        async with TestServer(app, socket_factory=lambda *_: socket), ClientSession() as http:
            yield Page(app, f"http://127.0.0.1:{port}", http)


async def test_answer_links_to_open_page_without_key(page: Page) -> None:
    """No key is needed because the workspace has one user."""
    await page.send(do="type", channel=NEWSROOM, text="@On the Record brief me on labour-crisis")
    answer = await page.wait_for_answer(NEWSROOM)
    assert f"{page.home}/record/stories/labour-crisis|" in json.dumps(answer.blocks)
    assert "key=" not in json.dumps(answer.blocks)
    async with page.http.get(f"{page.home}/record/") as front:
        assert front.status == 200
        assert "Labour" in await front.text()


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:3000"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "localhost@evil.example"},
        {"Host": "localhost:3000.evil.example"},
        {"Host": ""},
        {"Host": "127.0.0.2"},
        {"Host": "bot.example.org"},
        {"X-Forwarded-For": "203.0.113.9"},
        {"X-Forwarded-Host": "bot.example.org"},
        {"Forwarded": "for=203.0.113.9"},
        {"Via": "1.1 proxy"},
    ],
)
async def test_other_host_names_and_proxies_are_refused(page: Page, headers: dict[str, str]) -> None:
    """This protects against DNS rebinding and against proxies that expose the port."""
    async with page.http.get(f"{page.home}/record/", headers=headers) as answer:
        assert answer.status == 403
        assert "Open them on the computer that runs the bot" in await answer.text()


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:3000", "127.0.0.1:8080", "[::1]:3000"])
async def test_loopback_names_are_allowed(page: Page, host: str) -> None:
    async with page.http.get(f"{page.home}/record/", headers={"Host": host}) as answer:
        assert answer.status == 200


async def test_sign_in_pages_do_not_exist(page: Page) -> None:
    for path in ("/record/sign-in", "/record/sign-out", "/record/signed-in"):
        async with page.http.get(page.home + path) as answer:
            assert answer.status == 404
