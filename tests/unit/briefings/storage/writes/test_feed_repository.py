"""Feeds, pages and the lease in the record, on either database: nothing is lost, nothing done twice."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.unit.briefings.storage.conftest import noon

from briefings.storage.writes.feed_repository import FeedMetadata, FeedRepository, FollowedFeed, open_feed_repository

FEED = FollowedFeed("https://a.example/feed", "A", "U1", noon(), None, noon())
ONE, OTHER = "https://a.example/1", "https://a.example/2"
LATER = timedelta(hours=1)


@pytest.fixture
def sources(address: str) -> Iterator[FeedRepository]:
    with closing(open_feed_repository(address)) as opened:
        yield opened


def test_a_feed_is_followed_once(sources: FeedRepository) -> None:
    assert sources.follow(FEED)
    assert not sources.follow(replace(FEED, title="Another", minutes=30, followed_by="U2"))
    assert sources.list_feeds() == (replace(FEED, title="Another", minutes=30),)
    assert sources.unfollow(FEED.address)
    assert not sources.unfollow(FEED.address)
    assert sources.list_feeds() == ()


def test_what_is_due_comes_the_longest_waiting_first(sources: FeedRepository) -> None:
    for number, hours in enumerate((3, 1, 2, -1)):
        sources.follow(replace(FEED, address=f"https://{number}.example/", due_at=noon() - hours * LATER))
    assert [feed.address[8] for feed in sources.list_feeds(due_before=noon())] == ["0", "2", "1"]


def test_a_feed_that_moved_keeps_its_pages_and_meets_its_double(sources: FeedRepository) -> None:
    sources.follow(FEED)
    sources.queue_pages([(ONE, FeedMetadata(), False)], FEED.address, noon())
    moved = "https://b.example/feed"
    sources.update_feed(FEED.address, {"failures": 0}, moved)
    assert [feed.address for feed in sources.list_feeds()] == [moved]
    (page,) = sources.list_due_pages(noon())
    assert page.feed == moved
    sources.follow(FEED)
    sources.update_feed(FEED.address, {"failures": 0}, moved)
    assert [feed.address for feed in sources.list_feeds()] == [moved]


def test_a_page_comes_again_only_when_something_else_is_told_of_it(sources: FeedRepository) -> None:
    told = FeedMetadata("Title", html="<p>Words</p>")
    assert sources.queue_pages([(ONE, told, False), (OTHER, told, True), (ONE, told, False)], FEED.address, noon()) == 2
    sources.update_page(ONE, {"due_at": None, "article": "x", "looks": 1})
    assert sources.queue_pages([(ONE, told, False)], FEED.address, noon() + LATER) == 0
    assert [page.address for page in sources.list_due_pages(noon() + LATER)] == [OTHER]
    sources.queue_pages([(ONE, replace(told, title="Another"), False)], FEED.address, noon() + LATER)
    page = sources.get_page(ONE)
    assert page is not None
    assert (page.due_at, page.looks, page.article, page.feed_metadata.title) == (noon() + LATER, 0, "x", "Another")


def test_thousands_of_pages_are_queued_at_once(sources: FeedRepository) -> None:
    many = [(f"https://a.example/{number}", FeedMetadata(), False) for number in range(2_000)]
    assert sources.queue_pages(many, None, noon()) == 2_000
    assert sources.queue_pages(many, None, noon()) == 0
    assert len(sources.list_due_pages(noon(), 50)) == 50


def test_what_is_gone_is_listed_and_counted(sources: FeedRepository) -> None:
    sources.queue_pages([(ONE, FeedMetadata(), False), (OTHER, FeedMetadata(), False)], None, noon())
    sources.update_page(ONE, {"gone_at": noon(), "due_at": None, "teaser": True})
    sources.follow(replace(FEED, failures=2))
    assert [page.address for page in sources.list_gone_pages()] == [ONE]
    counts = sources.get_counts(noon())
    assert (counts.feeds, counts.failing, counts.waiting, counts.teasers, counts.gone_pages) == (1, 1, 1, 1, 1)


def test_one_holds_a_lease_until_it_ends(sources: FeedRepository) -> None:
    assert sources.acquire_lease("polling", "one", noon(), 60)
    assert not sources.acquire_lease("polling", "two", noon(), 60)
    assert sources.acquire_lease("polling", "one", noon() + timedelta(seconds=50), 60)
    assert not sources.acquire_lease("polling", "two", noon() + timedelta(seconds=100), 60)
    assert sources.acquire_lease("polling", "two", noon() + timedelta(seconds=110), 60)
    sources.release_lease("polling", "one")
    assert not sources.acquire_lease("polling", "one", noon() + timedelta(seconds=111), 60)
    sources.release_lease("polling", "two")
    assert sources.acquire_lease("polling", "one", noon() + timedelta(seconds=111), 60)


def test_of_many_who_ask_at_once_one_gets_the_lease(address: str) -> None:
    with closing(open_feed_repository(address)) as sources, ThreadPoolExecutor(8) as pool:
        asked = pool.map(lambda holder: sources.acquire_lease("polling", str(holder), noon(), 60), range(8))
        assert sorted(asked) == [False] * 7 + [True]
