"""Feeds of each format become entries; unsafe feeds are refused, and invalid entries fail separately."""

import json
import time
import tracemalloc
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.ingest.http.failures import Failure, FetchError
from briefings.ingest.pages.html import extract_paragraphs
from briefings.ingest.syndication.feed import Feed, looks_like_feed, read_feed
from tests.unit.briefings.ingest.syndication.sample_feeds import ADDRESS, item, rss


def read_failure(data: bytes, content_type: str = "") -> Failure:
    with pytest.raises(FetchError) as raised:
        read_feed(data, ADDRESS, content_type)
    return raised.value.failure


def test_rss_feed_is_read() -> None:
    more = "<pubDate>Fri, 01 Jul 2016 10:00:00 +0200</pubDate><description>&lt;p&gt;Words.&lt;/p&gt;</description>"
    feed = read_feed(rss(item(more=more)), ADDRESS)
    (entry,) = feed.entries
    assert feed.title == "The Paper"
    assert (entry.address, entry.title) == ("https://paper.example/a", "A title")
    assert entry.published == date(2016, 7, 1)
    assert extract_paragraphs(entry.html) == "Words."


def test_rss_1_with_namespaces_is_read() -> None:
    data = (
        b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
        b"<channel><title>Old</title></channel><item><title>A</title><link>https://paper.example/a</link></item></rdf:RDF>"
    )
    assert [entry.address for entry in read_feed(data, ADDRESS).entries] == ["https://paper.example/a"]


@pytest.mark.parametrize(
    "before",
    [
        '<!DOCTYPE rss PUBLIC "-//Example//DTD RSS 0.91//EN" "http://dtd.example/rss-0.91.dtd">',
        "\n<!-- <!DOCTYPE x [ --><!doctype rss PUBLIC '-//Example//DTD RSS 0.91//EN'>\n",
        '<!DOCTYPE rss SYSTEM "http://dtd.example/rss-0.91.dtd">',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_doctype_that_only_names_a_public_dtd_is_allowed(before: str, encoding: str) -> None:
    assert read_feed(rss(item("Fish &amp; chips"), before, encoding), ADDRESS).entries[0].title == "Fish & chips"


@pytest.mark.parametrize(
    "before",
    [
        "<!DOCTYPE rss>",
        "<!DOCTYPE rss PUBLIC '-//X//EN' 'http://dtd.example/'><!DOCTYPE rss [<!ENTITY a 'b'>]>",
        "<!DOCTYPE rss PUBLIC '-//X//EN' 'http://dtd.example/' [<!ENTITY lol2 'b'>]>",
        "<!DOCTYPE rss SYSTEM 'http://dtd.example/' [<!ENTITY % p SYSTEM 'http://127.0.0.1/'> %p;]>",
        "<!DOCTYPE lolz [<!ENTITY lol 'lol'><!ENTITY lol2 '&lol;&lol;&lol;&lol;&lol;'>]>",
        "<!doctype rss SYSTEM 'file:///etc/passwd'>",
        "<!-- --><!DOCTYPE x [<!ENTITY % p SYSTEM 'http://127.0.0.1/'> %p;]>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_doctype_is_refused(before: str, encoding: str) -> None:
    """This also blocks entities that expand exponentially or read files."""
    assert read_failure(rss(item("&lol2;"), before, encoding)) is Failure.DOCTYPE


def test_no_encoding_hides_a_doctype() -> None:
    """UTF-7 can write a DOCTYPE without the character <."""
    hidden = "<?xml version='1.0' encoding='utf-7'?>+ADwAIQ-DOCTYPE x [+ADwAIQ-ENTITY bomb 'boom'+AD4]+AD4-"
    data = f"{hidden}<rss version='2.0'><channel>{item('&bomb;')}</channel></rss>".encode("ascii")
    for content_type in ("", "text/xml; charset=utf-7"):
        feed = read_feed(data, ADDRESS, content_type)
        assert not any("boom" in (entry.title or "") for entry in feed.entries)


def test_feed_of_100_000_entries_is_refused_before_parsing() -> None:
    data = rss(item() * 100_000)
    tracemalloc.start()
    try:
        assert read_failure(data) is Failure.ENTRIES
        assert tracemalloc.get_traced_memory()[1] < 5 * len(data)
    finally:
        tracemalloc.stop()
    large_feed = {"version": "https://jsonfeed.org/version/1", "items": [{"url": "https://a.example/"}] * 100_000}
    assert read_failure(json.dumps(large_feed).encode()) is Failure.ENTRIES


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0\0\0",
        b"<html><body>Hello</body></html>",
        b"{",
        b"[1]",
        b'{"version": 1}',
        b"\xff\xd8\xff\xe0JFIF",
        b"{" * 200_000,
        b'{"items": ' + b"[" * 100_000,
        b"%PDF-1.7",
        b'{"version":"x","items":[]}',
    ],
)
def test_content_that_is_not_a_feed_is_refused(data: bytes) -> None:
    assert read_failure(data) in (Failure.FEED, Failure.ARTICLE)


def test_scripts_in_titles_are_removed() -> None:
    bad = "&lt;script&gt;alert(1)&lt;/script&gt;&lt;b onclick=x&gt;Vote&lt;/b&gt; &lt;img src=x onerror=y&gt;lost"
    (entry,) = read_feed(rss(item(bad)), ADDRESS).entries
    assert entry.title == "Vote lost"


@pytest.mark.parametrize(
    "before",
    [
        b"\n\n  ",
        b"<br />\n<b>Deprecated</b>: old function in <b>/x.php</b> on line <b>7</b><br />\n",
        b"<!-- " + b"This feed is for readers. <html> <rss " * 100 + b"-->\n",
        b"\xef\xbb\xbf",
    ],
)
@pytest.mark.parametrize("content_type", ["text/html", "text/xml", ""])
def test_feed_is_recognised_after_anything_a_server_puts_before_it(before: bytes, content_type: str) -> None:
    data = before + rss(item())
    assert looks_like_feed(data, content_type)
    assert len(read_feed(data, ADDRESS, content_type).entries) == 1


@pytest.mark.parametrize(
    "page",
    [
        b"<!DOCTYPE html><html><body><pre><rss version='2.0'></pre>",
        b"<p>Words</p>" * 2_000 + b"<rss >",
        b"<!-- <rss > -->",
    ],
)
def test_page_that_only_mentions_a_feed_is_no_feed(page: bytes) -> None:
    assert not looks_like_feed(page, "text/html")


def test_invalid_json_feed_entries_fail_separately() -> None:
    items = [
        1,
        None,
        {},
        {"url": 5},
        {"url": "https://a.example/x", "title": ["x"], "authors": "me"},
        {"url": "\ud800"},
    ]
    feed_object = {"version": "https://jsonfeed.org/version/1.1", "title": 7, "items": items}
    feed = read_feed(json.dumps(feed_object).encode(), ADDRESS)
    assert [entry.address for entry in feed.entries] == ["https://a.example/x"]
    assert len(feed.failures) == 5


def test_feed_made_to_slow_its_patterns_is_read_quickly() -> None:
    for piece in ("<author>" + "@" * 900, "<dc:date " * 100, "<!--", "<author>a@b.example (" * 30):
        data = rss(item() + piece * (100_000 // len(piece)))
        started_at = time.perf_counter()
        with suppress(FetchError):
            read_feed(data, ADDRESS)
        assert time.perf_counter() - started_at < 5


@given(st.binary(max_size=2_000))
def test_any_bytes_are_a_feed_or_refused(data: bytes) -> None:
    with suppress(FetchError):
        assert isinstance(read_feed(data, ADDRESS), Feed)
    looks_like_feed(data, "")
