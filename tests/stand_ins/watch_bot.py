"""The bot with watches on a separate record: fixtures and helpers for scenario tests."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.server.server import BOT
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from bot.watches.delivery.watch_repository import open_watch_repository
from bot.watches.model import ChannelWatch
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository
from tests.scenarios.conftest import Slack, run_bot

#: labels of buttons and menus, which `text` need not have
BUTTONS = ("Read in context", "This looks wrong", "Pause", "Resume", "Edit", "Preview", "Take over", "Stop")


@pytest.fixture
def news(tmp_path: Path) -> Iterator[BriefingService]:
    with closing(
        open_repository(f"sqlite:///{tmp_path}/record.db", lambda: datetime(2031, 3, 3, tzinfo=UTC))
    ) as repository:
        yield BriefingService(repository)


@pytest.fixture
def store(tmp_path: Path, news: BriefingService) -> Iterator[Store]:  # noqa: ARG001 - the record comes first
    with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(60), time.time)) as store:
        yield store


@pytest.fixture
async def slack(news: BriefingService, store: Store) -> AsyncIterator[Slack]:
    async with run_bot(news, store, admins=("U7",)) as slack:
        yield slack


async def watch(slack: Slack, text: str, **more: str) -> dict[str, Any]:
    """Send /watch with this text and return the answer."""
    count = len(slack.stand_in.answers) + 1
    response = await slack.post(slack.command("/watch", text, **more))
    assert (response.status, await response.text()) == (200, "")
    return await slack.stand_in.wait_for_answer(count)


async def list_watches(store: Store) -> tuple[ChannelWatch, ...]:
    return await open_watch_repository(store).list_watches("T1")


async def run_watches(slack: Slack) -> None:
    """Match what has arrived, and post what is due."""
    runner = slack.bot.app[BOT].watch_runner
    assert runner is not None
    await runner.run_due()


async def press_option(slack: Slack, option: dict[str, Any], **more: Any) -> None:
    """Choose an option of a watch's menu."""
    action = {"type": "overflow", "action_id": option["action_id"], "block_id": "b", "action_ts": "1"}
    action |= {"selected_option": {"value": option["value"]}}
    await slack.post(slack.press(option["action_id"], "", actions=[action], **more))
