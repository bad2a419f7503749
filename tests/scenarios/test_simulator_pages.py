"""The local workspace's pages: for whoever sits at the machine, under its own names, and for nobody else."""

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


async def test_an_answer_links_to_a_page_that_is_open(page: Page) -> None:
    """Without a key: there is nobody to tell from another."""
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
async def test_another_name_for_this_machine_opens_nothing(page: Page, headers: dict[str, str]) -> None:
    """As a page elsewhere would ask, whose name was made to point here, or a proxy that lets the world in."""
    async with page.http.get(f"{page.home}/record/", headers=headers) as answer:
        assert answer.status == 403
        assert "nowhere else" in await answer.text()


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:3000", "127.0.0.1:8080", "[::1]:3000"])
async def test_its_own_names_do(page: Page, host: str) -> None:
    async with page.http.get(f"{page.home}/record/", headers={"Host": host}) as answer:
        assert answer.status == 200


async def test_there_is_nothing_to_sign_in_to(page: Page) -> None:
    for path in ("/record/sign-in", "/record/sign-out", "/record/signed-in"):
        async with page.http.get(page.home + path) as answer:
            assert answer.status == 404
