"""Tests of the bot in the local workspace over HTTP: Home, Assistant panel, mentions and message menus."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer, get_unused_port_socket

from bot.core.settings import Settings
from bot.simulator.mount import build_with_workspace
from bot.simulator.server import WORKSPACE
from bot.simulator.state.model import Message
from bot.simulator.state.workspace import Workspace
from bot.storage.request_log import RateLimit
from bot.storage.store import open_store
from tests.stand_ins.briefing_service import FakeBriefingService

NEWSROOM, DIRECT = "C0LOCAL001", "D0LOCAL001"


@dataclass
class Page:
    """Client for the workspace page: sends actions and reads what it shows."""

    app: web.Application
    home: str
    http: ClientSession

    @property
    def workspace(self) -> Workspace:
        return self.app[WORKSPACE]

    async def send(self, **action: object) -> int:
        headers = {"Origin": self.home}
        async with self.http.post(f"{self.home}/local/send", json=action, headers=headers) as response:
            return response.status

    async def wait_until(self, condition: Callable[[], bool]) -> None:
        """Poll for changes, as the page does, until `condition` is true."""
        text = await (await self.http.get(self.home)).text()
        epoch = text.partition('data-epoch="')[2].partition('"')[0]
        for _ in range(50):
            if condition():
                return
            query = {"channel": DIRECT, "epoch": epoch, "after": str(self.workspace.version)}
            await self.http.get(f"{self.home}/local/events", params=query)
        pytest.fail("condition not met after 50 polls")

    def list_bot_messages(self, channel: str) -> list[Message]:
        return [message for message in self.workspace.list_changes_since(channel, 0) if message.author.is_bot]

    async def wait_for_answer(self, channel: str) -> Message:
        await self.wait_until(lambda: bool(self.list_bot_messages(channel)))
        return self.list_bot_messages(channel)[-1]

    async def fetch(self, channel: str, tab: str = "") -> str:
        return await (await self.http.get(self.home, params={"channel": channel, "tab": tab})).text()


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    with closing(get_unused_port_socket("127.0.0.1")) as socket:
        port = socket.getsockname()[1]
        app, _ = build_with_workspace(Settings(port=port), FakeBriefingService())
        async with TestServer(app, socket_factory=lambda *_: socket), ClientSession() as http:
            yield Page(app, f"http://127.0.0.1:{port}", http)


async def test_mention_is_answered_in_thread(page: Page) -> None:
    await page.send(do="type", channel=NEWSROOM, text="@On the Record who said lynch-mob?")
    answer = await page.wait_for_answer(NEWSROOM)
    question = next(page.workspace.list_changes_since(NEWSROOM, 0))
    assert "John McDonnell" in answer.text
    assert answer.thread == question.ts
    assert "1 reply" in await page.fetch(NEWSROOM)


async def test_message_without_mention_is_ignored(page: Page) -> None:
    await page.send(do="type", channel=NEWSROOM, text="who said lynch-mob?")
    await page.send(do="type", channel=NEWSROOM, text="@ontherecord help")
    assert "plain words" in (await page.wait_for_answer(NEWSROOM)).text
    assert len(page.list_bot_messages(NEWSROOM)) == 1


async def test_assistant_panel_suggests_and_answers(page: Page) -> None:
    """Opening the panel twice has one effect. The status is cleared when the answer arrives."""
    for _ in range(2):
        assert await page.send(do="panel") == 200
    await page.wait_until(lambda: bool(page.workspace.prompts))
    thread = page.workspace.panel_ts
    assert page.workspace.prompts[0]["message"] == "brief me on labour-crisis"
    assert "brief me on labour-crisis" in await page.fetch(DIRECT)
    await page.send(do="type", channel=DIRECT, text="brief me on labour-crisis")
    answer = await page.wait_for_answer(DIRECT)
    assert answer.thread == thread == page.workspace.panel_ts
    assert "Latest" in answer.text
    assert page.workspace.status == ""


async def test_home_is_shown_and_its_topic_opens_modal(page: Page) -> None:
    await page.send(do="home")
    await page.wait_until(lambda: page.workspace.home is not None)
    home = page.workspace.home
    assert home
    assert "4 articles and 40 quotes" in await page.fetch(DIRECT, "home")
    row: dict[str, Any] = next(block for block in home.body["blocks"] if block["type"] == "actions")
    where = {"view": home.id, "block": row["block_id"], "action": row["elements"][0]["action_id"]}
    assert await page.send(do="act", **where) == 200
    await page.wait_until(lambda: "Latest" in str(page.workspace.modals))
    await page.send(do="home")
    await page.send(do="type", channel=DIRECT, text="help")
    await page.wait_for_answer(DIRECT)
    assert page.workspace.home is home


async def test_invitation_and_opened_tabs_reach_the_bot_as_events(tmp_path: Path) -> None:
    """The channel and the conversation get one welcome each, even if the user repeats the action."""
    with (
        closing(get_unused_port_socket("127.0.0.1")) as socket,
        closing(open_store(f"sqlite:///{tmp_path}/bot.db", RateLimit(60), time.time)) as store,
    ):
        port = socket.getsockname()[1]
        app, _ = build_with_workspace(Settings(port=port), FakeBriefingService(), store=store)
        async with TestServer(app, socket_factory=lambda *_: socket), ClientSession() as http:
            page = Page(app, f"http://127.0.0.1:{port}", http)
            for action in ("panel", "home", "panel"):
                await page.send(do=action)
            await page.wait_until(lambda: bool(page.list_bot_messages(DIRECT)))
            for channel in ("C0LOCAL002", NEWSROOM):
                await page.send(do="type", channel=channel, text="/invite @On the Record")
                await page.send(do="type", channel=channel, text="/invite @On the Record")
            await page.wait_until(lambda: "Hello" in str(page.list_bot_messages("C0LOCAL002")))
            counts = [
                sum(message.text.startswith("*Hello") for message in page.list_bot_messages(channel))
                for channel in (DIRECT, "C0LOCAL002", NEWSROOM)
            ]
    assert counts == [1, 1, 0], "the bot was in #newsroom before"


async def test_message_menu_runs_both_shortcuts(page: Page) -> None:
    await page.send(do="type", channel=NEWSROOM, text="He said “lynch-mob” and “I did all I could”")
    (message,) = page.workspace.list_changes_since(NEWSROOM, 0)
    html = await page.fetch(NEWSROOM)
    assert all(name in html for name in ("Who said this?", "Check the quotes"))
    assert await page.send(do="shortcut", ts=message.ts, shortcut="who_said_this") == 200
    answer = await page.wait_for_answer(NEWSROOM)
    assert answer.ephemeral
    assert await page.send(do="shortcut", ts=message.ts, shortcut="check_the_quotes") == 200
    await page.wait_until(lambda: len(page.list_bot_messages(NEWSROOM)) == 3)
    assert [reply.thread for reply in page.list_bot_messages(NEWSROOM) if not reply.ephemeral] == [message.ts]


async def test_unknown_shortcut_is_refused(page: Page) -> None:
    await page.send(do="type", channel=NEWSROOM, text="hello")
    (message,) = page.workspace.list_changes_since(NEWSROOM, 0)
    assert await page.send(do="shortcut", ts=message.ts, shortcut="translate_this") == 400
    assert await page.send(do="shortcut", ts="1.1", shortcut="who_said_this") == 400


async def test_slot_button_shows_the_slot_in_place(page: Page) -> None:
    await page.send(do="type", channel=NEWSROOM, text="/briefing labour-crisis")
    short = await page.wait_for_answer(NEWSROOM)
    (row,) = [block for block in short.blocks if block["type"] == "actions"]
    action_id, chosen = next(
        (menu["action_id"], option["value"])
        for menu in row["elements"]
        for option in menu.get("options", ())
        if option["text"]["text"].startswith("Who said what")
    )
    act = {"do": "act", "ts": short.ts, "block": row["block_id"], "action": action_id, "chosen": chosen}
    assert await page.send(**act) == 200
    await page.wait_until(lambda: "good enough" in str(page.list_bot_messages(NEWSROOM)[-1].blocks))
    (answer,) = page.list_bot_messages(NEWSROOM)
    assert "*Who said what*" in str(answer.blocks)
    assert "*Day by day*" not in str(answer.blocks)
