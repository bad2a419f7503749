"""Whoever polls may be killed at any page: what was fetched is there whole, and the next pass brings the rest, once."""

import asyncio
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

from briefings.feeds.service import FeedRequest
from briefings.storage.repository import Repository
from tests.scenarios.test_feeds import HALL
from tests.stand_ins.feed_world import Clock, newsdesk
from tests.stand_ins.newsroom import PARAGRAPHS, Newsroom

STORIES, KILLED_AT = 12, (3, 9, 15)


def poll(folder: str, hours: float) -> None:
    """Polls once, so many hours into the day."""

    async def run() -> None:
        clock = Clock()
        clock.turn(hours=hours)
        async with newsdesk(Path(folder), clock=clock, holder=f"at {hours}") as news:
            await news.gathering.poll()

    asyncio.run(run())


async def test_a_poll_killed_at_any_page_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """With `kill -9` at its third page, its ninth and its fifteenth, each an hour after the one before."""
    async with Newsroom().running() as site:
        for outlet in site.outlets:
            for number in range(STORIES):
                own = f"“It was pool number {number} that I swam in,” said Omar Reid, a reader of the {outlet}."
                site.publish(outlet, replace(HALL, slug=f"s{number}", paragraphs=(*PARAGRAPHS, own)))
        links = sorted(site.link(outlet, f"s{number}") for outlet in site.outlets for number in range(STORIES))
        async with newsdesk(tmp_path) as news:
            for outlet in site.outlets:
                await news.gathering.follow(FeedRequest(site.feed(outlet), "U1"))
            before = 0
            for hours, at in enumerate(KILLED_AT):
                assert await poll_and_kill(site, tmp_path, hours, at), "it was to be killed in the middle"
                assert before < len(list_whole_articles(news.record)) < len(links)
                before = len(list_whole_articles(news.record))
            for hours in range(len(KILLED_AT), 6):
                assert not await poll_and_kill(site, tmp_path, hours, None)
            assert list_whole_articles(news.record) == links
            assert not any(map(news.record.list_versions, links))


def list_whole_articles(repository: Repository) -> list[str]:
    """The ids of the articles that are there, each of which is whole."""
    articles = repository.get_articles()
    assert all(
        "that I swam in" in article.text and repository.get_quotes([article.id])[article.id] for article in articles
    )
    return sorted(article.id for article in articles)


async def poll_and_kill(site: Newsroom, folder: Path, hours: float, at: int | None) -> bool:
    """Polls in a process that is killed at its page number `at`; whether it was."""
    pages = 0
    process = get_context("spawn").Process(target=poll, args=(str(folder), hours), daemon=True)

    def count_page() -> None:
        nonlocal pages
        pages += 1
        if pages == at:
            process.kill()

    site.seen = count_page
    process.start()
    await asyncio.to_thread(process.join, 60)
    return process.exitcode != 0
