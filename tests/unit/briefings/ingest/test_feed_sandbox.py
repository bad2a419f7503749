"""A feed is read in a process of its own: what it does there is one failure, named as it would be here."""

import pickle

import pytest

from briefings.errors import BadInput
from briefings.ingest.http.failures import Failure, FetchError
from briefings.ingest.sandbox import FeedReader

AT = "https://paper.example/feed"
WORDS = "&lt;p&gt;some words and some more&lt;/p&gt;" * 50


def rss(items: str, before: str = "") -> bytes:
    return f"{before}<rss version='2.0'><channel><title>The Paper</title>{items}</channel></rss>".encode()


def test_the_longest_feed_is_read_within_its_bounds() -> None:
    items = (
        f"<item><title>T</title><link>https://paper.example/{number}</link><description>{WORDS}</description></item>"
        for number in range(2_000)
    )
    with FeedReader(seconds=60.0) as reader:
        feed = reader.read(rss("".join(items)), AT, "application/rss+xml")
        assert (feed.title, len(feed.entries)) == ("The Paper", 2_000)


def test_failures_keep_their_names_from_one_process_to_the_other() -> None:
    with FeedReader() as reader:
        with pytest.raises(FetchError) as failed:
            reader.read(rss("", "<!DOCTYPE x>"), AT, "")
        assert failed.value.failure is Failure.DOCTYPE
        feed = reader.read(rss("<item><title>x</title><link>file:///etc/passwd</link></item>"), AT, "")
        assert [one.failure for one in feed.failures] == [Failure.ADDRESS]
    error = pickle.loads(pickle.dumps(FetchError(Failure.BUSY, "Later.", 7.0)))  # noqa: S301 - made a moment ago
    assert (error.failure, str(error), error.retry_after) == (Failure.BUSY, "Later.", 7.0)


def test_a_feed_that_takes_too_long_is_ended_and_the_next_is_read() -> None:
    with FeedReader(seconds=0.0) as hasty, pytest.raises(BadInput, match="within 0 seconds"):
        hasty.read(rss("&lt;b" * 100_000), AT, "")
    with FeedReader() as reader:
        assert reader.read(rss(""), AT, "").entries == ()
