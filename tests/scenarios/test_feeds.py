"""Feed polling over several days: three outlets, every feed format, and articles that change, move or disappear."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from briefings.feeds.polling import FeedReport, Outcome
from briefings.feeds.service import FeedRequest
from briefings.ingest.http.failures import Failure, FetchError
from tests.stand_ins.feed_world import FeedWorld, open_feed_world
from tests.stand_ins.newsroom import PARAGRAPHS, Newsroom, Story

MORNING = datetime(2016, 7, 1, 5, 0, tzinfo=UTC)
HALL = Story("hall", "Westport closes its swimming hall", MORNING)


@pytest.fixture
async def site() -> AsyncIterator[Newsroom]:
    async with Newsroom().run() as site:
        for outlet in site.outlets:
            site.publish(outlet, replace(HALL, title=f"{HALL.title}, says the {outlet}"))
        yield site


@pytest.fixture
async def news(tmp_path: Path) -> AsyncIterator[FeedWorld]:
    async with open_feed_world(tmp_path) as news:
        yield news


async def follow_all(news: FeedWorld, site: Newsroom) -> None:
    for outlet in site.outlets:
        await news.feed_service.follow(FeedRequest(site.build_feed_url(outlet), "U1"))


async def poll(news: FeedWorld) -> FeedReport:
    report = await news.feed_service.poll()
    assert report is not None
    return report


async def test_each_feed_format_adds_articles_with_metadata(news: FeedWorld, site: Newsroom) -> None:
    await follow_all(news, site)
    report = await poll(news)
    assert (report.polled_feeds, report.outcomes) == (3, Counter({Outcome.ADDED: 3}))
    for outlet, outlet_site in site.outlets.items():
        (article,) = news.repository.get_articles([site.build_article_url(outlet, "hall")])
        assert article.publisher == outlet_site.name
        assert article.published == date(2016, 7, 1)
        assert article.url == site.build_article_url(outlet, "hall")
        assert "We will not spend another pound" in article.text
        assert "All rights reserved" not in article.text
    assert {hit.speaker.name for hit in news.service.who_said("another pound").hits if hit.speaker} == {"Anna Berg"}


async def test_articles_are_correct_after_five_days_of_changes(news: FeedWorld, site: Newsroom) -> None:
    await follow_all(news, site)
    total = await poll(news)
    for hour in range(1, 25):
        news.clock.advance(hours=1)
        if hour == 2:  # a new article
            site.publish("courier", Story("bridge", "The bridge is open", MORNING, paragraphs=PARAGRAPHS[::-1]))
        if hour == 3:  # an article is corrected, but its feed does not change
            site.publish("herald", replace(HALL, paragraphs=(*PARAGRAPHS, "An earlier version gave another year.")))
        if hour == 5:  # an article moves
            site.outlets["signal"].redirects["hall"] = site.build_article_url("signal", "hall-closed")
            site.publish("signal", replace(HALL, slug="hall-closed"))
            del site.outlets["signal"].stories["hall"]
        if hour == 8:  # an article is behind a paywall
            site.publish("herald", Story("secret", "What the council hides", MORNING, has_paywall=True))
        if hour == 10:
            site.remove("courier", "bridge")
        total.merge(await poll(news))
    for _ in range(4 * 24):
        news.clock.advance(hours=1)
        total.merge(await poll(news))
    hall, bridge, secret = (
        site.build_article_url(*where) for where in (("herald", "hall"), ("courier", "bridge"), ("herald", "secret"))
    )
    (corrected,) = news.repository.get_articles([hall])
    assert "An earlier version" in corrected.text
    assert len(news.repository.list_versions(hall)) == 1
    assert news.repository.has_article(bridge)  # deleted from its site: marked, but kept in the database
    assert [page.article for page in news.feed_repository.list_gone_pages()] == [bridge]
    (teaser,) = news.repository.get_articles([secret])
    assert teaser.text.strip() == PARAGRAPHS[0]
    assert total.teaser_count == 1
    assert total.outcomes[Outcome.ADDED] == len(news.repository.find_ids()) + 0
    assert total.outcomes[Outcome.GONE_FROM_SITE] == 1
    assert sum(site.unchanged_counts.values()) > 50  # most responses were “not modified”
    assert total.failed_feeds == 0


async def test_robots_txt_is_respected_and_user_agent_is_sent(news: FeedWorld, site: Newsroom) -> None:
    site.robots = "User-agent: *\nDisallow: /courier/\n"
    report = await news.feed_service.add(site.build_article_url("courier", "hall"))
    assert report.failures == Counter({Failure.ROBOTS: 1})
    await news.feed_service.add(site.build_article_url("herald", "hall"))
    assert site.request_counts["/robots.txt"] == 1
    assert site.request_counts["/courier/hall"] == 0
    assert site.user_agents == {"OnTheRecord/1 (+https://desk.example)"}


async def test_adding_a_link_twice_reports_it_unchanged(news: FeedWorld, site: Newsroom) -> None:
    link = site.build_article_url("herald", "hall")
    first = await news.feed_service.add(f"{link}?utm_source=mail&utm_medium=x#top")
    again = await news.feed_service.add(link)
    assert first.articles == [link]
    assert (first.summarise(), again.summarise()) == ("1 added", "0 added, 1 unchanged")
    assert site.request_counts["/herald/hall"] == 2


async def test_adding_a_feed_link_adds_articles_without_following(news: FeedWorld, site: Newsroom) -> None:
    assert (await news.feed_service.add(site.build_feed_url("courier"))).summarise() == "1 added"
    assert (await news.feed_service.add(site.build_feed_url("courier"))).summarise() == "0 added, 1 unchanged"
    assert await news.feed_service.list_feeds() == ()


async def test_following_a_page_follows_its_feed(news: FeedWorld, site: Newsroom) -> None:
    feed = await news.feed_service.follow(FeedRequest(f"{site.base}/courier/", "U1"))
    assert (feed.address, feed.title, feed.entry_count, feed.is_new) == (
        site.build_feed_url("courier"),
        "Courier Daily",
        1,
        True,
    )
    assert not (await news.feed_service.follow(FeedRequest(feed.address, "U2"))).is_new
    assert await news.feed_service.unfollow(feed.address) == feed.address
    with pytest.raises(FetchError, match="You aren't following a feed at"):
        await news.feed_service.unfollow(feed.address)


async def test_full_texts_in_feed_need_no_page_request(news: FeedWorld, site: Newsroom) -> None:
    site.outlets["courier"].has_full_text = True
    await news.feed_service.follow(FeedRequest(site.build_feed_url("courier"), "U1"))
    assert (await poll(news)).summarise() == "1 added"
    assert site.request_counts["/courier/hall"] == 0
    assert news.repository.get_articles([site.build_article_url("courier", "hall")])[0].byline is not None
    site.publish("courier", replace(HALL, title="Another title"))
    news.clock.advance(hours=1)
    report = await poll(news)
    assert report.outcomes[Outcome.UPDATED] == 1
    assert site.request_counts["/courier/hall"] == 0


async def test_unavailable_site_is_retried_with_increasing_delays(news: FeedWorld, site: Newsroom) -> None:
    await follow_all(news, site)
    await poll(news)
    site.is_down = True
    requests_before = site.request_counts["/herald/feed"]
    for _ in range(24):
        news.clock.advance(hours=1)
        await poll(news)
    assert site.request_counts["/herald/feed"] - requests_before <= 6
    (feed, *_) = await news.feed_service.list_feeds()
    assert feed.failure is not None
    assert "the server is busy (status 503). Try again later" in feed.failure
    assert news.feed_repository.get_counts(news.clock.now).failing == 3
    site.is_down = False
    news.clock.advance(days=1)
    assert (await poll(news)).polled_feeds == 3
    assert news.feed_repository.get_counts(news.clock.now).failing == 0


async def test_removed_article_is_not_fetched_again(news: FeedWorld, site: Newsroom, tmp_path: Path) -> None:
    from briefings.storage.maintenance.removal import remove_articles

    await news.feed_service.follow(FeedRequest(site.build_feed_url("herald"), "U1"))
    await poll(news)
    link = site.build_article_url("herald", "hall")
    remove_articles(f"sqlite:///{tmp_path}/record.db", [link])
    for _ in range(30):
        news.clock.advance(hours=1)
        await poll(news)
    assert not news.repository.has_article(link)
    assert (await news.feed_service.add(link)).summarise() == "1 added"  # a person can still add it


async def test_second_process_takes_over_after_lease_expires(news: FeedWorld, site: Newsroom, tmp_path: Path) -> None:
    await follow_all(news, site)
    async with open_feed_world(tmp_path, clock=news.clock, holder="two") as standby:
        assert news.feed_repository.acquire_lease("polling", "one", news.clock.now, 300)
        assert await standby.feed_service.poll() is None
        news.clock.advance(minutes=6)
        report = await standby.feed_service.poll()
        assert report is not None
        assert report.polled_feeds == 3


async def test_feeds_follow_the_feed_file(news: FeedWorld, site: Newsroom) -> None:
    both = [
        FeedRequest(site.build_feed_url("herald"), "feeds.toml"),
        FeedRequest(site.build_feed_url("signal"), "feeds.toml", "The Signal", 30),
    ]
    await news.feed_service.sync_with_file(both, "feeds.toml")
    await news.feed_service.follow(FeedRequest(site.build_feed_url("courier"), "U1"))
    await news.feed_service.sync_with_file(both[1:], "feeds.toml")
    assert {feed.address: feed.minutes for feed in await news.feed_service.list_feeds()} == {
        site.build_feed_url("courier"): None,
        site.build_feed_url("signal"): 30,
    }
    await poll(news)
    assert news.repository.get_articles([site.build_article_url("signal", "hall")])[0].publisher == "The Signal"
