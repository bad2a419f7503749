"""Pages that are dear to read: the bot answers meanwhile, and a page over the limits fails alone and is given up."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from bot.server.server import build_web_app
from bot.storage.request_log import RateLimit
from bot.storage.store import open_store
from briefings.errors import LimitExceeded
from briefings.feeds.polling import MAX_LIMIT_FAILURES, Outcome
from briefings.feeds.service import FeedRequest, FeedService
from briefings.ingest.http.failures import Failure
from briefings.ingest.sandbox import PageReader
from briefings.model import Article
from briefings.service.bounded import BoundedSteps
from briefings.storage.db.types import ArticleStatus
from tests.scenarios.conftest import run_app
from tests.stand_ins.feed_world import FeedWorld, open_feed_world
from tests.stand_ins.newsroom import Newsroom, Story

#: seconds until an answer, with room for a busy machine; the pages take longer
MAX_SECONDS = 2.0
#: paragraphs of pages that each take many times as long as an answer
HOSTILE_PARAGRAPHS = {
    "replies": ("“Yes,” said Bob Roe.",) * 250,
    "names": tuple(f"“No,” said Ro{chr(97 + number % 26)}{chr(97 + number // 26 % 26)}e." for number in range(200)),
    "one-sentence": ("He said he said that he said " * 200,),
}
MORNING = datetime(2016, 7, 1, 5, 0, tzinfo=UTC)


@pytest.fixture
async def site() -> AsyncIterator[Newsroom]:
    async with Newsroom().run() as site:
        for slug, paragraphs in HOSTILE_PARAGRAPHS.items():
            site.publish("herald", Story(slug, "Westport closes its swimming hall", MORNING, paragraphs=paragraphs))
        yield site


@pytest.fixture
async def news(tmp_path: Path) -> AsyncIterator[FeedWorld]:
    async with open_feed_world(tmp_path) as news:
        yield news


def store_with(news: FeedWorld, add_article: Callable[[Article], ArticleStatus], **more: Any) -> FeedService:
    """Return the feed service of the test with another way to store articles."""
    return FeedService(replace(news.feed_service._dependencies, add_article=add_article, **more), "one")


def get_url(bot: TestServer | str) -> str:
    """Return the base URL of a bot."""
    return (bot if isinstance(bot, str) else str(bot.make_url(""))).rstrip("/")


async def test_health_checks_and_commands_are_answered_while_hostile_pages_are_read(
    news: FeedWorld, site: Newsroom, tmp_path: Path
) -> None:
    address = f"sqlite:///{tmp_path}/record.db"
    with (
        BoundedSteps(count=1) as steps,
        PageReader() as page_reader,
        closing(open_store(address, RateLimit(1_000), news.clock.get_timestamp)) as store,
    ):
        service = news.service.with_steps(steps)
        feed_service = store_with(news, service.upsert_article, read_page=page_reader.read)
        async with run_app(
            lambda settings: build_web_app(settings, service, store=store, feed_service=feed_service)
        ) as slack:
            reading = asyncio.gather(
                *(feed_service.add(site.build_article_url("herald", slug)) for slug in HOSTILE_PARAGRAPHS)
            )
            times: list[float] = []
            while not reading.done():
                started_at = time.perf_counter()
                async with slack.session.get(f"{get_url(slack.bot)}/healthz") as response:
                    assert response.status == 200
                await slack.post(slack.command("/briefing", "help", user_id=f"U{len(times)}"))
                times.append(time.perf_counter() - started_at)
                await asyncio.sleep(0.15)
            reports = await reading
    assert [report.outcomes for report in reports] == [Counter({Outcome.ADDED: 1})] * len(HOSTILE_PARAGRAPHS)
    assert len(times) > 5
    assert max(times) < MAX_SECONDS


async def test_a_page_over_the_limits_is_given_up_after_two_attempts(news: FeedWorld, site: Newsroom) -> None:
    attempts: list[str] = []

    def refuse(article: Article) -> ArticleStatus:
        attempts.append(article.id)
        raise LimitExceeded(f"{article.id} could not be read within 90 seconds.")

    feed_service = store_with(news, refuse)
    await feed_service.follow(FeedRequest(site.build_feed_url("herald"), "U1"))
    failures: Counter[Failure] = Counter()
    sentences: list[str] = []
    for _ in range(10):
        report = await feed_service.poll()
        assert report is not None
        failures.update(report.failures)
        sentences += report.sentences
        news.clock.advance(days=2)
    assert set(Counter(attempts).values()) == {MAX_LIMIT_FAILURES}
    assert failures == Counter({Failure.LIMIT: MAX_LIMIT_FAILURES * len(HOSTILE_PARAGRAPHS)})
    url = site.build_article_url("herald", "names")
    assert f"{url} could not be read within 90 seconds." in sentences


async def test_a_page_that_grows_over_the_limits_keeps_its_stored_article(news: FeedWorld, site: Newsroom) -> None:
    url = site.build_article_url("herald", "one-sentence")
    site.publish("herald", Story("one-sentence", "Westport closes its swimming hall", MORNING))
    assert (await news.feed_service.add(url)).outcomes == Counter({Outcome.ADDED: 1})
    site.publish(
        "herald", Story("one-sentence", "Westport keeps its hall", MORNING, paragraphs=HOSTILE_PARAGRAPHS["replies"])
    )
    attempts: list[str] = []

    def refuse(article: Article) -> ArticleStatus:
        attempts.append(article.id)
        raise LimitExceeded(f"{article.id} could not be read within 90 seconds.")

    feed_service = store_with(news, refuse)
    for _ in range(10):
        news.clock.advance(days=2)
        await feed_service.poll()
    assert len(attempts) == MAX_LIMIT_FAILURES
    assert news.repository.has_article(url)
