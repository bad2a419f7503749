"""A bot with a store, and the events and presses that lead to its welcome."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.server.server import BOT
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from tests.scenarios.conftest import Slack, run_bot
from tests.stand_ins.briefing_service import FakeBriefingService

ADMIN, MEMBER = "U1", "U2"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/bot.db", RateLimit(60), time.time)) as store:
        yield store


@pytest.fixture
async def slack(service: FakeBriefingService, store: Store) -> AsyncIterator[Slack]:
    async with run_bot(service, store, admins=(ADMIN,)) as slack:
        yield slack


def join(slack: Slack, channel: object = "C7", user: object = "U9", **more: Any) -> str:
    """Build the event of a member joining a channel; U9 is the bot."""
    return slack.event(type="member_joined_channel", user=user, channel=channel, channel_type="C", **more)


async def drain(slack: Slack) -> None:
    assert await slack.bot.app[BOT].executor.drain(10) == 0  # type: ignore[union-attr]  # a test server
