"""The bot in its local workspace, over real HTTP: Home, the Assistant panel, mentions, the menu of a message."""

from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer, get_unused_port_socket

from bot.core.settings import Settings
from bot.simulator.mount import build_with_workspace
from bot.simulator.server import WORKSPACE
from bot.simulator.state.model import Message
from bot.simulator.state.workspace import Workspace
from tests.stand_ins.briefing_service import FakeBriefingService

NEWSROOM, DIRECT = "C0LOCAL001", "D0LOCAL001"


@dataclass
class Page:
    """What a person sees and does on the page."""

    app: web.Application
    home: str
    http: ClientSession

    @property
    def workspace(self) -> Workspace:
        return self.app[WORKSPACE]

    async def does(self, **what: object) -> int:
        headers = {"Origin": self.home}
        async with self.http.post(f"{self.home}/local/send", json=what, headers=headers) as got:
            return got.status

    async def sees(self, what: Callable[[], bool]) -> None:
        """Waits, as the page does, until something is there."""
        text = await (await self.http.get(self.home)).text()
        epoch = text.partition('data-epoch="')[2].partition('"')[0]
        for _ in range(50):
            if what():
                return
            query = {"channel": DIRECT, "epoch": epoch, "after": str(self.workspace.version)}
            await self.http.get(f"{self.home}/local/events", params=query)
        pytest.fail("it never came")

    def bots(self, channel: str) -> list[Message]:
        return [one for one in self.workspace.list_changes_since(channel, 0) if one.author.is_bot]

    async def answered(self, channel: str) -> Message:
        await self.sees(lambda: bool(self.bots(channel)))
        return self.bots(channel)[-1]

    async def page(self, channel: str, tab: str = "") -> str:
        return await (await self.http.get(self.home, params={"channel": channel, "tab": tab})).text()


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    with closing(get_unused_port_socket("127.0.0.1")) as socket:
        port = socket.getsockname()[1]
        app, _ = build_with_workspace(Settings(port=port), FakeBriefingService())
        async with TestServer(app, socket_factory=lambda *_: socket), ClientSession() as http:
            yield Page(app, f"http://127.0.0.1:{port}", http)


async def test_a_mention_is_answered_in_a_thread_of_its_channel(page: Page) -> None:
    await page.does(do="type", channel=NEWSROOM, text="@On the Record who said lynch-mob?")
    answer = await page.answered(NEWSROOM)
    asked = next(page.workspace.list_changes_since(NEWSROOM, 0))
    assert "John McDonnell" in answer.text
    assert answer.thread == asked.ts
    assert "1 reply" in await page.page(NEWSROOM)


async def test_what_mentions_nobody_is_no_question(page: Page) -> None:
    await page.does(do="type", channel=NEWSROOM, text="who said lynch-mob?")
    await page.does(do="type", channel=NEWSROOM, text="@ontherecord help")
    assert "plain words" in (await page.answered(NEWSROOM)).text
    assert len(page.bots(NEWSROOM)) == 1


async def test_the_panel_suggests_and_answers(page: Page) -> None:
    """Opened once; the status goes when the answer comes."""
    for _ in range(2):
        assert await page.does(do="panel") == 200
    await page.sees(lambda: bool(page.workspace.prompts))
    thread = page.workspace.panel_ts
    assert page.workspace.prompts[0]["message"] == "brief me on labour-crisis"
    assert "brief me on labour-crisis" in await page.page(DIRECT)
    await page.does(do="type", channel=DIRECT, text="brief me on labour-crisis")
    answer = await page.answered(DIRECT)
    assert answer.thread == thread == page.workspace.panel_ts
    assert "Where it stands" in answer.text
    assert page.workspace.status == ""


async def test_the_home_is_published_drawn_and_its_topics_open_a_modal(page: Page) -> None:
    await page.does(do="home")
    await page.sees(lambda: page.workspace.home is not None)
    home = page.workspace.home
    assert home
    assert "4 articles and 40 quotations" in await page.page(DIRECT, "home")
    row: dict[str, Any] = next(block for block in home.body["blocks"] if block["type"] == "actions")
    where = {"view": home.id, "block": row["block_id"], "action": row["elements"][0]["action_id"]}
    assert await page.does(do="act", **where) == 200
    await page.sees(lambda: "Where it stands" in str(page.workspace.modals))
    await page.does(do="home")
    await page.does(do="type", channel=DIRECT, text="help")
    await page.answered(DIRECT)
    assert page.workspace.home is home


async def test_a_messages_menu_asks_and_checks(page: Page) -> None:
    await page.does(do="type", channel=NEWSROOM, text="He said “lynch-mob” and “I did all I could”")
    (message,) = page.workspace.list_changes_since(NEWSROOM, 0)
    shown = await page.page(NEWSROOM)
    assert all(name in shown for name in ("Who said this?", "Check the quotes"))
    assert await page.does(do="shortcut", ts=message.ts, shortcut="who_said_this") == 200
    answer = await page.answered(NEWSROOM)
    assert answer.ephemeral
    assert await page.does(do="shortcut", ts=message.ts, shortcut="check_the_quotes") == 200
    await page.sees(lambda: len(page.bots(NEWSROOM)) == 3)
    assert [one.thread for one in page.bots(NEWSROOM) if not one.ephemeral] == [message.ts]


async def test_a_shortcut_that_the_app_does_not_have_is_refused(page: Page) -> None:
    await page.does(do="type", channel=NEWSROOM, text="hello")
    (message,) = page.workspace.list_changes_since(NEWSROOM, 0)
    assert await page.does(do="shortcut", ts=message.ts, shortcut="translate_this") == 400
    assert await page.does(do="shortcut", ts="1.1", shortcut="who_said_this") == 400
