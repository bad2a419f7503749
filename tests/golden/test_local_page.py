"""Pages of the local workspace: messages, modals, the App Home and digests."""

import re
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer, get_unused_port_socket

from bot.core.settings import Settings
from bot.simulator.mount import build_with_workspace
from bot.simulator.state.clock import TurnableClock
from bot.storage.request_log import RateLimit
from bot.storage.store import open_store
from briefings.service.service import BriefingService
from tests.golden.compare import compare
from tests.golden.conftest import NOON
from tests.scenarios.test_simulator import DIRECT, NEWSROOM, Page

#: patterns of random ids in the pages
RANDOM = (
    (re.compile(r"\bV[0-9A-F]{10}\b"), "VIEW"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "ID"),
    (re.compile(r"v0=[0-9a-f]{64}"), "v0=SIGNATURE"),
    (re.compile(r'(data-block="|block_id&#34;: &#34;)[0-9a-f]{5}("|&#34;)'), r"\1BLOCK\2"),
    (re.compile(r'(data-version=")\d+'), r"\1VERSION"),
)


@pytest.fixture
async def page(service: BriefingService, tmp_path: Path) -> AsyncIterator[Page]:
    clock = TurnableClock(lambda: NOON)
    with (
        closing(get_unused_port_socket("127.0.0.1")) as socket,
        closing(open_store(f"sqlite:///{tmp_path}/bot.db", RateLimit(60), clock.get_timestamp)) as store,
    ):
        port = socket.getsockname()[1]
        app, _ = build_with_workspace(Settings(port=port), service, clock=clock, store=store)
        async with TestServer(app, socket_factory=lambda *_: socket), ClientSession() as http:
            yield Page(app, f"http://127.0.0.1:{port}", http)


async def test_empty_workspace(page: Page) -> None:
    """A channel, the direct message, the App Home before it is published, and an unknown channel."""
    compare("local/empty_channel.html", await page.fetch(NEWSROOM), *RANDOM)
    compare("local/empty_conversation.html", await page.fetch(DIRECT), *RANDOM)
    compare("local/empty_home.html", await page.fetch(DIRECT, "home"), *RANDOM)
    answer = await page.http.get(f"{page.home}/", params={"channel": "C404"})
    compare("local/no_such_channel.html", f"{answer.status}\n{await answer.text()}")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("briefing", "/briefing labour-crisis"),
        ("whosaid", '/whosaid "lynch-mob"'),
        ("topics", "/briefing"),
        ("slip", "/briefing labour-crysis"),
        ("mention", "@On the Record who said lynch-mob?"),
        ("digest", "/digest labour-crisis weekdays at 8:30"),
    ],
)
async def test_typed_line_and_its_answer(page: Page, name: str, line: str) -> None:
    """The page with the answer, and the inspected requests."""
    await page.send(do="type", channel=NEWSROOM, text=line)
    answer = await page.wait_for_answer(NEWSROOM)
    compare(f"local/{name}.html", await page.fetch(NEWSROOM), *RANDOM)
    inspection = await page.http.get(f"{page.home}/local/inspect", params={"ts": answer.ts})
    compare(f"local/{name}_inspected.html", await inspection.text(), *RANDOM)


async def test_unknown_command(page: Page) -> None:
    await page.send(do="type", channel=NEWSROOM, text="/breifing x")
    compare("local/unknown_command.html", await page.fetch(NEWSROOM), *RANDOM)


async def test_app_home_and_its_modal(page: Page) -> None:
    """The published view, and a topic opened from it."""
    await page.send(do="home")
    await page.wait_until(lambda: page.workspace.home is not None)
    compare("local/home.html", await page.fetch(DIRECT, "home"), *RANDOM)
    home = page.workspace.home
    assert home
    row = next(block for block in home.body["blocks"] if block["type"] == "actions")
    await page.send(do="act", view=home.id, block=row["block_id"], action=row["elements"][0]["action_id"])
    await page.wait_until(lambda: "*Latest*" in str(page.workspace.modals))
    compare("local/home_with_modal.html", await page.fetch(DIRECT, "home"), *RANDOM)


async def test_digest_form_and_agenda(page: Page) -> None:
    """The agenda without and with a digest, and the form in a modal."""
    agenda = await page.http.get(f"{page.home}/local/agenda")
    compare("local/agenda_empty.html", await agenda.text(), *RANDOM)
    await page.send(do="type", channel=NEWSROOM, text="/digest labour-crisis weekdays at 8:30")
    await page.wait_for_answer(NEWSROOM)
    agenda = await page.http.get(f"{page.home}/local/agenda")
    compare("local/agenda.html", await agenda.text(), *RANDOM)
    await page.send(do="type", channel=NEWSROOM, text="/digest")
    await page.wait_until(lambda: "Time zone" in str(page.workspace.modals))
    compare("local/digest_form.html", await page.fetch(NEWSROOM), *RANDOM)


async def test_assistant_panel(page: Page) -> None:
    """The panel with its suggested prompts and the welcome of the workspace."""
    await page.send(do="panel")
    await page.wait_until(lambda: bool(page.workspace.prompts) and bool(page.list_bot_messages(DIRECT)))
    compare("local/panel.html", await page.fetch(DIRECT), *RANDOM)
