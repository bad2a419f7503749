"""A bot with a story of two outlets and a store, and requests to its /sources."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from briefings.model import Article, Topic
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository
from tests.scenarios.conftest import Slack, run_bot

TRIBUNE = Article(
    "t1",
    "The river Tarn burst its banks at Milldon on Monday and flooded the lower town.\n\n"
    '"We saw the water come over the wall within minutes," said Ada Morley, the mayor of Milldon.',
    "The Tribune",
    date(2031, 3, 3),
    "https://tribune.example/sport/flood",
    "River Tarn floods Milldon",
)
COURIER = Article(
    "c1",
    "Some 1,400 residents of Milldon spent the night in a school after the flood.\n\n"
    '"Nobody told us how high it would rise," said Ben Alder, a shopkeeper in Milldon.',
    "The Courier",
    date(2031, 3, 3),
    "https://courier.example/news/milldon",
    "Milldon spends the night in a school",
)
TOPICS = (Topic("milldon-flood", "The Milldon flood", ("Milldon",)),)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/bot.db", RateLimit(600), time.time)) as store:
        yield store


@pytest.fixture
def news(tmp_path: Path) -> Iterator[BriefingService]:
    with closing(
        open_repository(f"sqlite:///{tmp_path}/record.db", lambda: datetime(2031, 3, 3, tzinfo=UTC))
    ) as repository:
        service = BriefingService(repository, TOPICS)
        service.add([TRIBUNE, COURIER])
        yield service


@pytest.fixture
async def slack(news: BriefingService, store: Store) -> AsyncIterator[Slack]:
    async with run_bot(news, store, admins=("U7",), rate_per_minute=600) as slack:
        yield slack


async def send(slack: Slack, command: str, text: str, **more: str) -> dict[str, Any]:
    """Send a command with this text and return the answer."""
    count = len(slack.stand_in.answers) + 1
    response = await slack.post(slack.command(command, text, **more))
    assert (response.status, await response.text()) == (200, "")
    return await slack.stand_in.wait_for_answer(count)
