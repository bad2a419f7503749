"""A bot with a store, questions to it, and presses of the buttons of its answers."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from tests.scenarios.conftest import Slack, find_button, run_bot
from tests.stand_ins.briefing_service import FakeBriefingService


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(60), time.time)) as store:
        yield store


@pytest.fixture
async def slack(service: FakeBriefingService, store: Store) -> AsyncIterator[Slack]:
    async with run_bot(service, store) as slack:
        yield slack


async def ask(slack: Slack, command: str, typed: str) -> dict[str, Any]:
    await slack.post(slack.command(command, typed))
    return await slack.stand_in.wait_for_answer(len(slack.stand_in.answers) + 1)


async def press(slack: Slack, answer: dict[str, Any], label: str, **more: Any) -> None:
    button = find_button(answer, label)
    response = await slack.post(slack.press(button["action_id"], button["value"], **more))
    assert (response.status, await response.text()) == (200, "")
