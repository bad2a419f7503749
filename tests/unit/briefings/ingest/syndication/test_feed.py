"""Feeds become entries; unsafe feeds are refused, invalid entries fail separately, and no external script survives."""

import json
import tracemalloc
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.ingest.http.failures import Failure, FetchError
from briefings.ingest.pages.html import extract_paragraphs, find_feed_links, strip_markup
from briefings.ingest.syndication.feed import Feed, looks_like_feed, read_feed

ADDRESS = "https://paper.example/feed"


def rss(items: str, before: str = "", encoding: str = "utf-8") -> bytes:
    text = f"<?xml version='1.0' encoding='{encoding}'?>{before}<rss version='2.0'><channel><title>The Paper</title>"
    return f"{text}{items}</channel></rss>".encode(encoding)


def item(title: str = "A title", link: str = "https://paper.example/a", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def read_failure(data: bytes, content_type: str = "") -> Failure:
    with pytest.raises(FetchError) as raised:
        read_feed(data, ADDRESS, content_type)
    return raised.value.failure


def test_rss_feed_is_read() -> None:
    date = "<pubDate>Fri, 01 Jul 2016 10:00:00 +0200</pubDate><description>&lt;p&gt;Words.&lt;/p&gt;</description>"
    feed = read_feed(rss(item(more=date)), ADDRESS)
    (entry,) = feed.entries
    assert feed.title == "The Paper"
    assert (entry.address, entry.title) == ("https://paper.example/a", "A title")
    assert entry.published == datetime(2016, 7, 1, 8, tzinfo=UTC)
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
        "<!DOCTYPE rss>",
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
        b"", b"\0\0\0", b"<html><body>Hello</body></html>", b"{", b"[1]", b'{"version": 1}', b"\xff\xd8\xff\xe0JFIF",
        b"{" * 200_000, b'{"items": ' + b"[" * 100_000, b"%PDF-1.7", b'{"version":"x","items":[]}',
    ],
)  # fmt: skip
def test_content_that_is_not_a_feed_is_refused(data: bytes) -> None:
    assert read_failure(data) in (Failure.FEED, Failure.ARTICLE)


def test_scripts_in_titles_are_removed() -> None:
    bad = "&lt;script&gt;alert(1)&lt;/script&gt;&lt;b onclick=x&gt;Vote&lt;/b&gt; &lt;img src=x onerror=y&gt;lost"
    (entry,) = read_feed(rss(item(bad)), ADDRESS).entries
    assert entry.title == "Vote lost"


@pytest.mark.parametrize("date", ["yesterday", "32 Foo 20016", "9999999999", "-1", "Fri, 99 Jul 2016", "0000-00-00"])
def test_invalid_date_is_ignored(date: str) -> None:
    (entry,) = read_feed(rss(item(more=f"<pubDate>{date}</pubDate>")), ADDRESS).entries
    assert entry.published is None or date == "9999999999"  # a future date, which the article builder drops
    feed_object = {
        "version": "https://jsonfeed.org/version/1",
        "items": [{"url": "https://a.example/", "date_published": date}],
    }
    assert read_feed(json.dumps(feed_object).encode(), ADDRESS).entries[0].published is None


@pytest.mark.parametrize(
    "link", ["file:///etc/passwd", "javascript:alert(1)", "", "ftp://x.example/", "http://" + "a" * 3_000]
)
def test_entry_without_a_web_address_does_not_affect_the_others(link: str) -> None:
    feed = read_feed(rss(item("Bad", link) + item("Good", "https://paper.example/good")), ADDRESS)
    assert [entry.title for entry in feed.entries if entry.address.endswith("/good")] == ["Good"]
    assert [error.failure for error in feed.failures] == [Failure.ADDRESS]
    assert all("entry 1" in str(error) for error in feed.failures)


def test_invalid_bytes_spoil_only_their_entry() -> None:
    data = rss(item("Gut", "https://paper.example/1") + item("K\ufffdln", "https://paper.example/2"))
    feed = read_feed(data.replace("\ufffd".encode(), b"\xf6"), ADDRESS)
    assert [entry.title for entry in feed.entries] == ["Gut"]
    assert [error.failure for error in feed.failures] == [Failure.ARTICLE]


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "utf-16"])
def test_feed_is_decoded_with_its_declared_encoding(encoding: str) -> None:
    assert read_feed(rss(item("Köln"), encoding=encoding), ADDRESS).entries[0].title == "Köln"


def test_encoding_in_the_header_is_used() -> None:
    data = rss(item("Köln"), encoding="windows-1252").replace(b" encoding='windows-1252'", b"")
    assert read_feed(data, ADDRESS, "text/xml; charset=windows-1252").entries[0].title == "Köln"


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


@given(st.binary(max_size=2_000))
def test_any_bytes_are_a_feed_or_refused(data: bytes) -> None:
    with suppress(FetchError):
        assert isinstance(read_feed(data, ADDRESS), Feed)
    looks_like_feed(data, "")


@given(st.text(max_size=500))
def test_plain_text_contains_no_markup(markup: str) -> None:
    text = strip_markup(f"<p title='{markup}'>{markup}</p>")
    assert text == " ".join(text.split())
    assert all(char.isprintable() for char in text)


def test_feed_links_of_a_page_are_found() -> None:
    page = (
        "<head><link rel='stylesheet' href='x.css'><LINK href=/rss type='application/rss+xml' rel='alternate home'>"
        '<link rel="alternate" type="application/atom+xml; charset=utf-8" href="https://a.example/atom?a=1&amp;b=2">'
        "<link rel=alternate hreflang=de href=/de><link rel=alternate type=application/rss+xml href=/rss></head>"
    )
    assert find_feed_links(page) == ("/rss", "https://a.example/atom?a=1&b=2")
