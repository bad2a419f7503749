"""A poll killed at any page keeps whole articles, and later polls add the rest exactly once."""

import asyncio
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

from briefings.feeds.service import FeedRequest
from briefings.storage.repository import Repository
from tests.scenarios.test_feeds import HALL
from tests.stand_ins.feed_world import Clock, open_feed_world
from tests.stand_ins.newsroom import PARAGRAPHS, Newsroom

STORIES, KILLED_AT = 12, (3, 9, 15)


def poll(folder: str, hours: float) -> None:
    """Poll once, `hours` hours after the start of the day."""

    async def run() -> None:
        clock = Clock()
        clock.advance(hours=hours)
        async with open_feed_world(Path(folder), clock=clock, holder=f"at {hours}") as news:
            await news.feed_service.poll()

    asyncio.run(run())


async def test_killed_polls_lose_and_duplicate_nothing(tmp_path: Path) -> None:
    """Three hourly polls are killed with `kill -9`, at pages 3, 9 and 15."""
    async with Newsroom().run() as site:
        for outlet in site.outlets:
            for number in range(STORIES):
                own = f"“It was pool number {number} that I swam in,” said Omar Reid, a reader of the {outlet}."
                site.publish(outlet, replace(HALL, slug=f"s{number}", paragraphs=(*PARAGRAPHS, own)))
        links = sorted(
            site.build_article_url(outlet, f"s{number}") for outlet in site.outlets for number in range(STORIES)
        )
        async with open_feed_world(tmp_path) as news:
            for outlet in site.outlets:
                await news.feed_service.follow(FeedRequest(site.build_feed_url(outlet), "U1"))
            before = 0
            for hours, at in enumerate(KILLED_AT):
                assert await poll_and_kill(site, tmp_path, hours, at), "the poll was not killed in progress"
                assert before < len(list_whole_articles(news.repository)) < len(links)
                before = len(list_whole_articles(news.repository))
            for hours in range(len(KILLED_AT), 6):
                assert not await poll_and_kill(site, tmp_path, hours, None)
            assert list_whole_articles(news.repository) == links
            assert not any(map(news.repository.list_versions, links))


def list_whole_articles(repository: Repository) -> list[str]:
    """Check that every stored article is whole, and return the sorted ids."""
    articles = repository.get_articles()
    assert all(
        "that I swam in" in article.text and repository.get_quotes([article.id])[article.id] for article in articles
    )
    return sorted(article.id for article in articles)


async def poll_and_kill(site: Newsroom, folder: Path, hours: float, at: int | None) -> bool:
    """Poll in a process that is killed at page number `at`. Return whether it was killed."""
    pages = 0
    process = get_context("spawn").Process(target=poll, args=(str(folder), hours), daemon=True)

    def count_page() -> None:
        nonlocal pages
        pages += 1
        if pages == at:
            process.kill()

    site.before_page = count_page
    process.start()
    await asyncio.to_thread(process.join, 60)
    return process.exitcode != 0
