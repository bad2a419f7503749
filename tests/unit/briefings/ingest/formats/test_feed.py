"""Feeds come as their entries; a trap is refused whole, a bad entry alone, and nothing of a stranger's markup runs."""

import json
import tracemalloc
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.ingest.formats.feed import Feed, looks_like_feed, read_feed
from briefings.ingest.formats.html import extract_paragraphs, find_feed_links, strip_markup
from briefings.ingest.http.failures import Failure, FetchError

AT = "https://paper.example/feed"


def rss(items: str, before: str = "", encoding: str = "utf-8") -> bytes:
    text = f"<?xml version='1.0' encoding='{encoding}'?>{before}<rss version='2.0'><channel><title>The Paper</title>"
    return f"{text}{items}</channel></rss>".encode(encoding)


def item(title: str = "A title", link: str = "https://paper.example/a", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def refused(data: bytes, content_type: str = "") -> Failure:
    with pytest.raises(FetchError) as failed:
        read_feed(data, AT, content_type)
    return failed.value.failure


def test_an_rss_feed() -> None:
    date = "<pubDate>Fri, 01 Jul 2016 10:00:00 +0200</pubDate><description>&lt;p&gt;Words.&lt;/p&gt;</description>"
    feed = read_feed(rss(item(more=date)), AT)
    (entry,) = feed.entries
    assert feed.title == "The Paper"
    assert (entry.address, entry.title) == ("https://paper.example/a", "A title")
    assert entry.published == datetime(2016, 7, 1, 8, tzinfo=UTC)
    assert extract_paragraphs(entry.html) == "Words."


def test_rss_1_with_its_namespaces() -> None:
    data = (
        b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
        b"<channel><title>Old</title></channel><item><title>A</title><link>https://paper.example/a</link></item></rdf:RDF>"
    )
    assert [entry.address for entry in read_feed(data, AT).entries] == ["https://paper.example/a"]


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
def test_a_doctype_is_refused(before: str, encoding: str) -> None:
    """And with it every entity that multiplies or reads a file."""
    assert refused(rss(item("&lol2;"), before, encoding)) is Failure.DOCTYPE


def test_no_encoding_hides_a_doctype() -> None:
    """UTF-7 spells it without a single <."""
    hidden = "<?xml version='1.0' encoding='utf-7'?>+ADwAIQ-DOCTYPE x [+ADwAIQ-ENTITY bomb 'boom'+AD4]+AD4-"
    data = f"{hidden}<rss version='2.0'><channel>{item('&bomb;')}</channel></rss>".encode("ascii")
    for content_type in ("", "text/xml; charset=utf-7"):
        feed = read_feed(data, AT, content_type)
        assert not any("boom" in (entry.title or "") for entry in feed.entries)


def test_a_feed_of_100_000_entries_is_refused_before_it_is_read() -> None:
    data = rss(item() * 100_000)
    tracemalloc.start()
    try:
        assert refused(data) is Failure.ENTRIES
        assert tracemalloc.get_traced_memory()[1] < 5 * len(data)
    finally:
        tracemalloc.stop()
    many = {"version": "https://jsonfeed.org/version/1", "items": [{"url": "https://a.example/"}] * 100_000}
    assert refused(json.dumps(many).encode()) is Failure.ENTRIES


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\0\0\0", b"<html><body>Hello</body></html>", b"{", b"[1]", b'{"version": 1}', b"\xff\xd8\xff\xe0JFIF",
        b"{" * 200_000, b'{"items": ' + b"[" * 100_000, b"%PDF-1.7", b'{"version":"x","items":[]}',
    ],
)  # fmt: skip
def test_what_is_no_feed_is_said_to_be_none(data: bytes) -> None:
    assert refused(data) in (Failure.FEED, Failure.ARTICLE)


def test_titles_with_scripts_are_their_words_alone() -> None:
    bad = "&lt;script&gt;alert(1)&lt;/script&gt;&lt;b onclick=x&gt;Vote&lt;/b&gt; &lt;img src=x onerror=y&gt;lost"
    (entry,) = read_feed(rss(item(bad)), AT).entries
    assert entry.title == "Vote lost"


@pytest.mark.parametrize("date", ["yesterday", "32 Foo 20016", "9999999999", "-1", "Fri, 99 Jul 2016", "0000-00-00"])
def test_a_date_that_is_none_is_not_made_up(date: str) -> None:
    (entry,) = read_feed(rss(item(more=f"<pubDate>{date}</pubDate>")), AT).entries
    assert entry.published is None or date == "9999999999"  # a day to come, which `reading` takes for a slip
    told = {
        "version": "https://jsonfeed.org/version/1",
        "items": [{"url": "https://a.example/", "date_published": date}],
    }
    assert read_feed(json.dumps(told).encode(), AT).entries[0].published is None


@pytest.mark.parametrize(
    "link", ["file:///etc/passwd", "javascript:alert(1)", "", "ftp://x.example/", "http://" + "a" * 3_000]
)
def test_an_entry_without_a_web_address_fails_alone(link: str) -> None:
    feed = read_feed(rss(item("Bad", link) + item("Good", "https://paper.example/good")), AT)
    assert [entry.title for entry in feed.entries if entry.address.endswith("/good")] == ["Good"]
    assert [failed.failure for failed in feed.failures] == [Failure.ADDRESS]
    assert all("entry 1" in str(failed) for failed in feed.failures)


def test_bytes_of_another_encoding_spoil_their_entry_alone() -> None:
    data = rss(item("Gut", "https://paper.example/1") + item("K\ufffdln", "https://paper.example/2"))
    feed = read_feed(data.replace("\ufffd".encode(), b"\xf6"), AT)
    assert [entry.title for entry in feed.entries] == ["Gut"]
    assert [failed.failure for failed in feed.failures] == [Failure.ARTICLE]


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "utf-16"])
def test_a_feed_in_the_encoding_that_it_names(encoding: str) -> None:
    assert read_feed(rss(item("Köln"), encoding=encoding), AT).entries[0].title == "Köln"


def test_the_header_names_the_encoding_where_there_is_one() -> None:
    data = rss(item("Köln"), encoding="windows-1252").replace(b" encoding='windows-1252'", b"")
    assert read_feed(data, AT, "text/xml; charset=windows-1252").entries[0].title == "Köln"


def test_json_feeds_of_every_shape_fail_by_the_entry() -> None:
    items = [
        1,
        None,
        {},
        {"url": 5},
        {"url": "https://a.example/x", "title": ["x"], "authors": "me"},
        {"url": "\ud800"},
    ]
    told = {"version": "https://jsonfeed.org/version/1.1", "title": 7, "items": items}
    feed = read_feed(json.dumps(told).encode(), AT)
    assert [entry.address for entry in feed.entries] == ["https://a.example/x"]
    assert len(feed.failures) == 5


@given(st.binary(max_size=2_000))
def test_no_bytes_are_worse_than_no_feed(data: bytes) -> None:
    with suppress(FetchError):
        assert isinstance(read_feed(data, AT), Feed)
    looks_like_feed(data, "")


@given(st.text(max_size=500))
def test_no_markup_is_left_in_plain_text(markup: str) -> None:
    text = strip_markup(f"<p title='{markup}'>{markup}</p>")
    assert text == " ".join(text.split())
    assert all(char.isprintable() for char in text)


def test_a_page_names_its_feeds() -> None:
    page = (
        "<head><link rel='stylesheet' href='x.css'><LINK href=/rss type='application/rss+xml' rel='alternate home'>"
        '<link rel="alternate" type="application/atom+xml; charset=utf-8" href="https://a.example/atom?a=1&amp;b=2">'
        "<link rel=alternate hreflang=de href=/de><link rel=alternate type=application/rss+xml href=/rss></head>"
    )
    assert find_feed_links(page) == ("/rss", "https://a.example/atom?a=1&b=2")
