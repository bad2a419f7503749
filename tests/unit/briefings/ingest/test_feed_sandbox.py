"""A feed is read in a separate process, and its failures keep their kind."""

import pickle

import pytest

from briefings.errors import BadInput
from briefings.ingest.http.failures import Failure, FetchError
from briefings.ingest.sandbox import FeedReader

AT = "https://paper.example/feed"
WORDS = "&lt;p&gt;some words and some more&lt;/p&gt;" * 50


def rss(items: str, before: str = "") -> bytes:
    return f"{before}<rss version='2.0'><channel><title>The Paper</title>{items}</channel></rss>".encode()


def test_feed_with_the_maximum_number_of_entries_is_read() -> None:
    items = (
        f"<item><title>T</title><link>https://paper.example/{number}</link><description>{WORDS}</description></item>"
        for number in range(2_000)
    )
    with FeedReader(seconds=60.0) as reader:
        feed = reader.read(rss("".join(items)), AT, "application/rss+xml")
        assert (feed.title, len(feed.entries)) == ("The Paper", 2_000)


def test_failures_keep_their_kind_across_processes() -> None:
    with FeedReader() as reader:
        with pytest.raises(FetchError) as raised:
            reader.read(rss("", "<!DOCTYPE x>"), AT, "")
        assert raised.value.failure is Failure.DOCTYPE
        feed = reader.read(rss("<item><title>x</title><link>file:///etc/passwd</link></item>"), AT, "")
        assert [error.failure for error in feed.failures] == [Failure.ADDRESS]
    error = pickle.loads(pickle.dumps(FetchError(Failure.BUSY, "Later.", 7.0)))  # noqa: S301 - pickled in the same line
    assert (error.failure, str(error), error.retry_after) == (Failure.BUSY, "Later.", 7.0)


def test_feed_that_takes_too_long_does_not_affect_the_next() -> None:
    with FeedReader(seconds=0.0) as impatient_reader, pytest.raises(BadInput, match="within 0 seconds"):
        impatient_reader.read(rss("&lt;b" * 100_000), AT, "")
    with FeedReader() as reader:
        assert reader.read(rss(""), AT, "").entries == ()
