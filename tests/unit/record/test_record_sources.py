"""Feeds, pages and the lease in the record, on either database: nothing is lost, nothing done twice."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from briefings.record.sources import FollowedFeed, Sources, Told, open_sources
from tests.unit.record.conftest import noon

FEED = FollowedFeed("https://a.example/feed", "A", "U1", noon(), None, noon())
ONE, OTHER = "https://a.example/1", "https://a.example/2"
LATER = timedelta(hours=1)


@pytest.fixture
def sources(address: str) -> Iterator[Sources]:
    with closing(open_sources(address)) as opened:
        yield opened


def test_a_feed_is_followed_once(sources: Sources) -> None:
    assert sources.follow(FEED)
    assert not sources.follow(replace(FEED, title="Another", minutes=30, followed_by="U2"))
    assert sources.feeds() == (replace(FEED, title="Another", minutes=30),)
    assert sources.unfollow(FEED.address)
    assert not sources.unfollow(FEED.address)
    assert sources.feeds() == ()


def test_what_is_due_comes_the_longest_waiting_first(sources: Sources) -> None:
    for number, hours in enumerate((3, 1, 2, -1)):
        sources.follow(replace(FEED, address=f"https://{number}.example/", due_at=noon() - hours * LATER))
    assert [feed.address[8] for feed in sources.feeds(due=noon())] == ["0", "2", "1"]


def test_a_feed_that_moved_keeps_its_pages_and_meets_its_double(sources: Sources) -> None:
    sources.follow(FEED)
    sources.queue([(ONE, Told(), False)], FEED.address, noon())
    moved = "https://b.example/feed"
    sources.settle_feed(FEED.address, {"failures": 0}, moved)
    assert [feed.address for feed in sources.feeds()] == [moved]
    (page,) = sources.pages(noon())
    assert page.feed == moved
    sources.follow(FEED)
    sources.settle_feed(FEED.address, {"failures": 0}, moved)
    assert [feed.address for feed in sources.feeds()] == [moved]


def test_a_page_comes_again_only_when_something_else_is_told_of_it(sources: Sources) -> None:
    told = Told("Title", html="<p>Words</p>")
    assert sources.queue([(ONE, told, False), (OTHER, told, True), (ONE, told, False)], FEED.address, noon()) == 2
    sources.settle_page(ONE, {"due_at": None, "article": "x", "looks": 1})
    assert sources.queue([(ONE, told, False)], FEED.address, noon() + LATER) == 0
    assert [page.address for page in sources.pages(noon() + LATER)] == [OTHER]
    sources.queue([(ONE, replace(told, title="Another"), False)], FEED.address, noon() + LATER)
    page = sources.page(ONE)
    assert page is not None
    assert (page.due_at, page.looks, page.article, page.told.title) == (noon() + LATER, 0, "x", "Another")


def test_thousands_of_pages_are_queued_at_once(sources: Sources) -> None:
    many = [(f"https://a.example/{number}", Told(), False) for number in range(2_000)]
    assert sources.queue(many, None, noon()) == 2_000
    assert sources.queue(many, None, noon()) == 0
    assert len(sources.pages(noon(), 50)) == 50


def test_what_is_gone_is_listed_and_counted(sources: Sources) -> None:
    sources.queue([(ONE, Told(), False), (OTHER, Told(), False)], None, noon())
    sources.settle_page(ONE, {"gone_at": noon(), "due_at": None, "teaser": True})
    sources.follow(replace(FEED, failures=2))
    assert [page.address for page in sources.gone()] == [ONE]
    counts = sources.counts(noon())
    assert (counts.feeds, counts.failing, counts.waiting, counts.teasers, counts.gone) == (1, 1, 1, 1, 1)


def test_one_holds_a_lease_until_it_ends(sources: Sources) -> None:
    assert sources.hold("polling", "one", noon(), 60)
    assert not sources.hold("polling", "two", noon(), 60)
    assert sources.hold("polling", "one", noon() + timedelta(seconds=50), 60)
    assert not sources.hold("polling", "two", noon() + timedelta(seconds=100), 60)
    assert sources.hold("polling", "two", noon() + timedelta(seconds=110), 60)
    sources.release("polling", "one")
    assert not sources.hold("polling", "one", noon() + timedelta(seconds=111), 60)
    sources.release("polling", "two")
    assert sources.hold("polling", "one", noon() + timedelta(seconds=111), 60)


def test_of_many_who_ask_at_once_one_gets_the_lease(address: str) -> None:
    with closing(open_sources(address)) as sources, ThreadPoolExecutor(8) as pool:
        asked = pool.map(lambda holder: sources.hold("polling", str(holder), noon(), 60), range(8))
        assert sorted(asked) == [False] * 7 + [True]
