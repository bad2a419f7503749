"""Feeds, pages and leases on both databases: nothing is lost, and nothing is done twice."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from briefings.storage.writes.feed_repository import FeedMetadata, FeedRepository, FollowedFeed, open_feed_repository
from tests.unit.briefings.storage.conftest import noon

FEED = FollowedFeed("https://a.example/feed", "A", "U1", noon(), None, noon())
FIRST_URL, SECOND_URL = "https://a.example/1", "https://a.example/2"
HOUR = timedelta(hours=1)


@pytest.fixture
def feeds(address: str) -> Iterator[FeedRepository]:
    with closing(open_feed_repository(address)) as feed_repository:
        yield feed_repository


def test_feed_is_followed_once(feeds: FeedRepository) -> None:
    assert feeds.follow(FEED)
    assert not feeds.follow(replace(FEED, title="Another", minutes=30, followed_by="U2"))
    assert feeds.list_feeds() == (replace(FEED, title="Another", minutes=30),)
    assert feeds.unfollow(FEED.address)
    assert not feeds.unfollow(FEED.address)
    assert feeds.list_feeds() == ()


def test_due_feeds_are_listed_longest_overdue_first(feeds: FeedRepository) -> None:
    for number, hours in enumerate((3, 1, 2, -1)):
        feeds.follow(replace(FEED, address=f"https://{number}.example/", due_at=noon() - hours * HOUR))
    assert [feed.address[8] for feed in feeds.list_feeds(due_before=noon())] == ["0", "2", "1"]


def test_moved_feed_keeps_its_pages_and_merges_with_its_duplicate(feeds: FeedRepository) -> None:
    feeds.follow(FEED)
    feeds.queue_pages([(FIRST_URL, FeedMetadata(), False)], FEED.address, noon())
    new_address = "https://b.example/feed"
    feeds.update_feed(FEED.address, {"failures": 0}, new_address)
    assert [feed.address for feed in feeds.list_feeds()] == [new_address]
    (page,) = feeds.list_due_pages(noon())
    assert page.feed == new_address
    feeds.follow(FEED)
    feeds.update_feed(FEED.address, {"failures": 0}, new_address)
    assert [feed.address for feed in feeds.list_feeds()] == [new_address]


def test_page_is_due_again_only_if_its_metadata_changes(feeds: FeedRepository) -> None:
    metadata = FeedMetadata("Title", html="<p>Words</p>")
    assert (
        feeds.queue_pages(
            [(FIRST_URL, metadata, False), (SECOND_URL, metadata, True), (FIRST_URL, metadata, False)],
            FEED.address,
            noon(),
        )
        == 2
    )
    feeds.update_page(FIRST_URL, {"due_at": None, "article": "x", "looks": 1})
    assert feeds.queue_pages([(FIRST_URL, metadata, False)], FEED.address, noon() + HOUR) == 0
    assert [page.address for page in feeds.list_due_pages(noon() + HOUR)] == [SECOND_URL]
    feeds.queue_pages([(FIRST_URL, replace(metadata, title="Another"), False)], FEED.address, noon() + HOUR)
    page = feeds.get_page(FIRST_URL)
    assert page is not None
    assert (page.due_at, page.looks, page.article, page.feed_metadata.title) == (noon() + HOUR, 0, "x", "Another")


def test_thousands_of_pages_are_queued_at_once(feeds: FeedRepository) -> None:
    pages = [(f"https://a.example/{number}", FeedMetadata(), False) for number in range(2_000)]
    assert feeds.queue_pages(pages, None, noon()) == 2_000
    assert feeds.queue_pages(pages, None, noon()) == 0
    assert len(feeds.list_due_pages(noon(), 50)) == 50


def test_gone_pages_are_listed_and_counted(feeds: FeedRepository) -> None:
    feeds.queue_pages([(FIRST_URL, FeedMetadata(), False), (SECOND_URL, FeedMetadata(), False)], None, noon())
    feeds.update_page(FIRST_URL, {"gone_at": noon(), "due_at": None, "teaser": True})
    feeds.follow(replace(FEED, failures=2))
    assert [page.address for page in feeds.list_gone_pages()] == [FIRST_URL]
    counts = feeds.get_counts(noon())
    assert (counts.feeds, counts.failing, counts.waiting, counts.teasers, counts.gone_pages) == (1, 1, 1, 1, 1)


def test_lease_has_one_holder_until_it_ends(feeds: FeedRepository) -> None:
    assert feeds.acquire_lease("polling", "one", noon(), 60)
    assert not feeds.acquire_lease("polling", "two", noon(), 60)
    assert feeds.acquire_lease("polling", "one", noon() + timedelta(seconds=50), 60)
    assert not feeds.acquire_lease("polling", "two", noon() + timedelta(seconds=100), 60)
    assert feeds.acquire_lease("polling", "two", noon() + timedelta(seconds=110), 60)
    feeds.release_lease("polling", "one")
    assert not feeds.acquire_lease("polling", "one", noon() + timedelta(seconds=111), 60)
    feeds.release_lease("polling", "two")
    assert feeds.acquire_lease("polling", "one", noon() + timedelta(seconds=111), 60)


def test_only_one_of_many_concurrent_requests_gets_the_lease(address: str) -> None:
    with closing(open_feed_repository(address)) as feeds, ThreadPoolExecutor(8) as pool:
        results = pool.map(lambda holder: feeds.acquire_lease("polling", str(holder), noon(), 60), range(8))
        assert sorted(results) == [False] * 7 + [True]
