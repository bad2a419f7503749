"""A bot with a news story and a store, and requests to its /digest."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.digests.delivery.digest_repository import open_digest_repository
from bot.digests.model import Digest
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from briefings.model import Article, Topic
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository
from tests.scenarios.conftest import Slack, run_bot

FLOOD = Article(
    "flood",
    "The river Tarn burst its banks at Milldon on Monday and flooded the lower town.\n\n"
    "Rescuers brought 1,400 residents to the school on the hill before nightfall.\n\n"
    '"We saw the water come over the wall within minutes," said Ada Morley, the mayor of Milldon.',
    "The Harbour Post",
    date(2031, 3, 3),
    "https://paper.example/flood",
    "River Tarn floods Milldon, 1,400 residents brought to the school",
)
TOPICS = (Topic("milldon-flood", "The Milldon flood", ("Milldon",)),)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/bot.db", RateLimit(60), time.time)) as store:
        yield store


@pytest.fixture
def news(tmp_path: Path) -> Iterator[BriefingService]:
    with closing(
        open_repository(f"sqlite:///{tmp_path}/record.db", lambda: datetime(2031, 3, 3, tzinfo=UTC))
    ) as repository:
        service = BriefingService(repository, TOPICS)
        service.add([FLOOD])
        yield service


@pytest.fixture
async def slack(news: BriefingService, store: Store) -> AsyncIterator[Slack]:
    async with run_bot(news, store, admins=("U7",)) as slack:
        yield slack


async def send_digest_command(slack: Slack, text: str, **more: str) -> dict[str, Any]:
    """Send /digest with this text and return the answer."""
    count = len(slack.stand_in.answers) + 1
    response = await slack.post(slack.command("/digest", text, **more))
    assert (response.status, await response.text()) == (200, "")
    return await slack.stand_in.wait_for_answer(count)


async def list_digests(store: Store) -> tuple[Digest, ...]:
    return await open_digest_repository(store).list_digests("T1", include_stopped=True)
