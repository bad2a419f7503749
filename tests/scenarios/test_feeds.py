"""A day of news: three outlets, feeds of each kind, articles that change, move, hide behind a wall, disappear."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from briefings.feeds.polling import FeedReport, Outcome
from briefings.feeds.service import FeedRequest
from briefings.ingest.http.failures import Failure, FetchError
from tests.stand_ins.feed_world import Newsdesk, newsdesk
from tests.stand_ins.newsroom import PARAGRAPHS, Newsroom, Story

MORNING = datetime(2016, 7, 1, 5, 0, tzinfo=UTC)
HALL = Story("hall", "Westport closes its swimming hall", MORNING)


@pytest.fixture
async def site() -> AsyncIterator[Newsroom]:
    async with Newsroom().running() as site:
        for outlet in site.outlets:
            site.publish(outlet, replace(HALL, title=f"{HALL.title}, says the {outlet}"))
        yield site


@pytest.fixture
async def news(tmp_path: Path) -> AsyncIterator[Newsdesk]:
    async with newsdesk(tmp_path) as news:
        yield news


async def follow_all(news: Newsdesk, site: Newsroom) -> None:
    for outlet in site.outlets:
        await news.gathering.follow(FeedRequest(site.feed(outlet), "U1"))


async def poll(news: Newsdesk) -> FeedReport:
    report = await news.gathering.poll()
    assert report is not None
    return report


async def test_a_feed_of_each_kind_brings_its_articles_with_what_they_tell(news: Newsdesk, site: Newsroom) -> None:
    await follow_all(news, site)
    report = await poll(news)
    assert (report.polled_feeds, report.outcomes) == (3, Counter({Outcome.ADDED: 3}))
    for outlet, outlet_site in site.outlets.items():
        (article,) = news.record.get_articles([site.link(outlet, "hall")])
        assert article.publisher == outlet_site.name
        assert article.published == date(2016, 7, 1)
        assert article.url == site.link(outlet, "hall")
        assert "We will not spend another pound" in article.text
        assert "All rights reserved" not in article.text
    assert {hit.speaker.name for hit in news.desk.who_said("another pound").hits if hit.speaker} == {"Anna Berg"}


async def test_the_record_ends_right_after_a_day_and_a_few_more(news: Newsdesk, site: Newsroom) -> None:
    await follow_all(news, site)
    total = await poll(news)
    for hour in range(1, 25):
        news.clock.turn(hours=1)
        if hour == 2:  # news comes
            site.publish("courier", Story("bridge", "The bridge is open", MORNING, paragraphs=PARAGRAPHS[::-1]))
        if hour == 3:  # an article is corrected, its feed says nothing of it
            site.publish("herald", replace(HALL, paragraphs=(*PARAGRAPHS, "An earlier version gave another year.")))
        if hour == 5:  # one is renamed
            site.outlets["signal"].moved["hall"] = site.link("signal", "hall-closed")
            site.publish("signal", replace(HALL, slug="hall-closed"))
            del site.outlets["signal"].stories["hall"]
        if hour == 8:  # one is for those who pay
            site.publish("herald", Story("secret", "What the council hides", MORNING, wall=True))
        if hour == 10:
            site.take_away("courier", "bridge")
        total.merge(await poll(news))
    for _ in range(4 * 24):
        news.clock.turn(hours=1)
        total.merge(await poll(news))
    hall, bridge, secret = (
        site.link(*where) for where in (("herald", "hall"), ("courier", "bridge"), ("herald", "secret"))
    )
    (corrected,) = news.record.get_articles([hall])
    assert "An earlier version" in corrected.text
    assert len(news.record.list_versions(hall)) == 1
    assert news.record.has_article(bridge)  # gone from its site, and marked; never from the record
    assert [page.article for page in news.sources.list_gone_pages()] == [bridge]
    (teaser,) = news.record.get_articles([secret])
    assert teaser.text.strip() == PARAGRAPHS[0]
    assert total.teaser_count == 1
    assert total.outcomes[Outcome.ADDED] == len(news.record.find_ids()) + 0
    assert total.outcomes[Outcome.GONE_FROM_SITE] == 1
    assert sum(site.unchanged.values()) > 50  # most answers were “not modified”
    assert total.failed_feeds == 0


async def test_robots_are_asked_and_the_agent_says_who_it_is(news: Newsdesk, site: Newsroom) -> None:
    site.robots = "User-agent: *\nDisallow: /courier/\n"
    report = await news.gathering.add(site.link("courier", "hall"))
    assert report.failures == Counter({Failure.ROBOTS: 1})
    await news.gathering.add(site.link("herald", "hall"))
    assert site.asked["/robots.txt"] == 1
    assert site.asked["/courier/hall"] == 0
    assert site.agents == {"OnTheRecord/1 (+https://desk.example)"}


async def test_a_link_is_added_once_and_told_again(news: Newsdesk, site: Newsroom) -> None:
    link = site.link("herald", "hall")
    first = await news.gathering.add(f"{link}?utm_source=mail&utm_medium=x#top")
    again = await news.gathering.add(link)
    assert first.articles == [link]
    assert (first.summarise(), again.summarise()) == ("1 added", "0 added, 1 already there")
    assert site.asked["/herald/hall"] == 2


async def test_the_link_of_a_feed_adds_what_it_has_and_follows_nothing(news: Newsdesk, site: Newsroom) -> None:
    assert (await news.gathering.add(site.feed("courier"))).summarise() == "1 added"
    assert (await news.gathering.add(site.feed("courier"))).summarise() == "0 added, 1 already there"
    assert await news.gathering.list_feeds() == ()


async def test_a_page_names_the_feed_to_follow(news: Newsdesk, site: Newsroom) -> None:
    feed = await news.gathering.follow(FeedRequest(f"{site.base}/courier/", "U1"))
    assert (feed.address, feed.title, feed.entry_count, feed.is_new) == (
        site.feed("courier"),
        "Courier Daily",
        1,
        True,
    )
    assert not (await news.gathering.follow(FeedRequest(feed.address, "U2"))).is_new
    assert await news.gathering.unfollow(feed.address) == feed.address
    with pytest.raises(FetchError, match="No feed at"):
        await news.gathering.unfollow(feed.address)


async def test_whole_texts_are_taken_from_the_feed_without_asking_for_their_pages(
    news: Newsdesk, site: Newsroom
) -> None:
    site.outlets["courier"].whole = True
    await news.gathering.follow(FeedRequest(site.feed("courier"), "U1"))
    assert (await poll(news)).summarise() == "1 added"
    assert site.asked["/courier/hall"] == 0
    assert news.record.get_articles([site.link("courier", "hall")])[0].byline is not None
    site.publish("courier", replace(HALL, title="Another title"))
    news.clock.turn(hours=1)
    report = await poll(news)
    assert report.outcomes[Outcome.UPDATED] == 1
    assert site.asked["/courier/hall"] == 0


async def test_a_site_that_is_down_is_asked_ever_more_rarely_and_as_it_wishes(news: Newsdesk, site: Newsroom) -> None:
    await follow_all(news, site)
    await poll(news)
    site.down = True
    requests_before = site.asked["/herald/feed"]
    for _ in range(24):
        news.clock.turn(hours=1)
        await poll(news)
    assert site.asked["/herald/feed"] - requests_before <= 6
    (feed, *_) = await news.gathering.list_feeds()
    assert feed.failure is not None
    assert "come back later" in feed.failure
    assert news.sources.get_counts(news.clock.now).failing == 3
    site.down = False
    news.clock.turn(days=1)
    assert (await poll(news)).polled_feeds == 3
    assert news.sources.get_counts(news.clock.now).failing == 0


async def test_what_the_team_removed_is_not_fetched_again(news: Newsdesk, site: Newsroom, tmp_path: Path) -> None:
    from briefings.storage.maintenance.removal import remove_articles

    await news.gathering.follow(FeedRequest(site.feed("herald"), "U1"))
    await poll(news)
    link = site.link("herald", "hall")
    remove_articles(f"sqlite:///{tmp_path}/record.db", [link])
    for _ in range(30):
        news.clock.turn(hours=1)
        await poll(news)
    assert not news.record.has_article(link)
    assert (await news.gathering.add(link)).summarise() == "1 added"  # unless a person asks for it


async def test_one_process_polls_and_the_next_takes_over_when_it_is_heard_of_no_more(
    news: Newsdesk, site: Newsroom, tmp_path: Path
) -> None:
    await follow_all(news, site)
    async with newsdesk(tmp_path, clock=news.clock, holder="two") as other:
        assert news.sources.acquire_lease("polling", "one", news.clock.now, 300)
        assert await other.gathering.poll() is None
        news.clock.turn(minutes=6)
        report = await other.gathering.poll()
        assert report is not None
        assert report.polled_feeds == 3


async def test_the_files_feeds_are_followed_as_it_lists_them(news: Newsdesk, site: Newsroom) -> None:
    both = [
        FeedRequest(site.feed("herald"), "feeds.toml"),
        FeedRequest(site.feed("signal"), "feeds.toml", "The Signal", 30),
    ]
    await news.gathering.sync_with_file(both, "feeds.toml")
    await news.gathering.follow(FeedRequest(site.feed("courier"), "U1"))
    await news.gathering.sync_with_file(both[1:], "feeds.toml")
    assert {feed.address: feed.minutes for feed in await news.gathering.list_feeds()} == {
        site.feed("courier"): None,
        site.feed("signal"): 30,
    }
    await poll(news)
    assert news.record.get_articles([site.link("signal", "hall")])[0].publisher == "The Signal"
