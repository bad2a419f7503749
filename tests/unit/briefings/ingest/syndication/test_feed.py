"""Feeds become entries; unsafe feeds are refused, invalid entries fail separately, and no external script survives."""

import json
import time
import tracemalloc
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.ingest.http.failures import Failure, FetchError
from briefings.ingest.pages.html import extract_paragraphs, find_feed_links, strip_markup
from briefings.ingest.syndication.feed import Feed, FeedEntry, looks_like_feed, read_feed

ADDRESS = "https://paper.example/feed"


NAMESPACES = (
    "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:a='http://www.w3.org/2005/Atom' "
    "xmlns:p='http://prismstandard.org/namespaces/1.2/basic/' "
    "xmlns:dcterms='http://purl.org/dc/terms/' xmlns:fb='http://rssnamespace.org/feedburner/ext/1.0'"
)


def rss(items: str, before: str = "", encoding: str = "utf-8") -> bytes:
    text = f"<?xml version='1.0' encoding='{encoding}'?>{before}<rss version='2.0' {NAMESPACES}>"
    text += "<channel><title>The Paper</title>"
    return f"{text}{items}</channel></rss>".encode(encoding)


def item(title: str = "A title", link: str = "https://paper.example/a", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def read_json(**item_values: object) -> FeedEntry:
    feed_object = {"version": "https://jsonfeed.org/version/1.1", "items": [item_values]}
    return read_feed(json.dumps(feed_object).encode(), ADDRESS).entries[0]


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
    ("written", "day"),
    [
        ("Thu, 30 Jun 2016 22:30 -0400", date(2016, 6, 30)),  # already July in UTC
        ("Fri, 01 Jul 2016 00:20:00 +0100", date(2016, 7, 1)),  # still June in UTC
        ("2016-06-30T23:30:00-05:00", date(2016, 6, 30)),
        ("2016/6/29 15:07:41", date(2016, 6, 29)),
        (" 30 juin 2016 ", date(2016, 6, 30)),
        ("1467280800", date(2016, 6, 30)),
        ("2016", None),
        ("2016-06", None),
        ("05/06/2016", None),
        ("", None),
        ("yesterday", None),
        ("-1", None),
        ("32 Foo 20016", None),
        ("9999999999", None),
        ("Fri, 99 Jul 2016", None),
        ("0000-00-00", None),
    ],
)
def test_day_is_the_publishers_own_or_none(written: str, day: date | None) -> None:
    for element in ("pubDate", "dc:date"):
        (entry,) = read_feed(rss(item(more=f"<{element}>{written}</{element}>")), ADDRESS).entries
        assert entry.published == day
    assert read_json(url="https://a.example/", date_published=written).published == day


@pytest.mark.parametrize(
    ("more", "day"),
    [
        ("<a:updated>2016-06-30T10:00:00Z</a:updated>", None),
        ("<dcterms:modified>2016-06-30</dcterms:modified>", None),
        ("<a:updated>2017-01-01T10:00:00Z</a:updated><dc:date>2016-06-30</dc:date>", date(2016, 6, 30)),
        ("<dc:date>2016-06-30</dc:date><a:updated>2017-01-01T10:00:00Z</a:updated>", date(2016, 6, 30)),
        ("<dc:date>2016-07-01</dc:date><pubDate>Thu, 30 Jun 2016 10:00:00 GMT</pubDate>", date(2016, 6, 30)),
        ("<pubDate>05/06/2016</pubDate><dc:date>2016-06-05</dc:date>", date(2016, 6, 5)),
        ("<a:published>2016-06-30T10:00:00Z</a:published>", date(2016, 6, 30)),
        ("<p:publicationDate>2016-06-30</p:publicationDate>", date(2016, 6, 30)),
    ],
)
def test_date_of_a_change_is_no_day_of_publication(more: str, day: date | None) -> None:
    assert read_feed(rss(item(more=more)), ADDRESS).entries[0].published == day
    assert read_json(url="https://a.example/", date_modified="2016-06-30T10:00:00Z").published is None


def test_atom_update_alone_gives_no_day() -> None:
    data = (
        b"<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title><updated>2016-06-30T10:00:00Z</updated>"
        b"<entry><link href='/a'/><updated>2016-06-30T10:00:00Z</updated></entry>"
        b"<entry><link href='/b'/><published>2016-06-30T23:30:00-05:00</published></entry></feed>"
    )
    assert [entry.published for entry in read_feed(data, ADDRESS).entries] == [None, date(2016, 6, 30)]


@pytest.mark.parametrize(
    ("more", "byline"),
    [
        ("<author>desk@paper.example (Jane Roe)</author>", "Jane Roe"),
        ("<author>Jane Roe &lt;jane@paper.museum&gt;</author>", "Jane Roe"),
        ("<author>jane@paper.example (Jane Roe), john@paper.example (John Doe)</author>", "Jane Roe, John Doe"),
        ("<author>noreply@paper.example</author>", None),
        ("<dc:creator><![CDATA[By Jane Roe and John Doe]]></dc:creator>", "Jane Roe and John Doe"),
        ("<dc:creator><![CDATA[jane@paper.example (Jane Roe)]]></dc:creator>", "Jane Roe"),
        ("<dc:creator>Jane Roe</dc:creator><dc:creator>John Doe</dc:creator>", "Jane Roe, John Doe"),
        ("<dc:creator>Jane Roe</dc:creator><author>Jane Roe</author>", "Jane Roe"),
        ("<dc:creator>admin</dc:creator>", None),
        ("<a:author><a:name>Jane Roe</a:name><a:email>j@x.example</a:email></a:author>", "Jane Roe"),
        (
            "<a:author><a:name>Jane Roe</a:name></a:author><a:author><a:name>John Doe</a:name></a:author>",
            "Jane Roe, John Doe",
        ),
    ],
)
def test_byline_has_the_names_of_all_authors_and_no_addresses(more: str, byline: str | None) -> None:
    assert read_feed(rss(item(more=more)), ADDRESS).entries[0].byline == byline


@pytest.mark.parametrize(
    ("authors", "byline"),
    [
        (
            {"authors": [{"name": "By Jane Roe"}, {"name": "John Doe"}, {"url": "https://x.example"}]},
            "Jane Roe, John Doe",
        ),
        ({"author": {"name": "Jane Roe"}}, "Jane Roe"),
        ({"authors": [], "author": {"name": "Jane Roe"}}, "Jane Roe"),
        ({"authors": "Jane Roe", "author": 7}, None),
    ],
)
def test_byline_of_a_json_feed_has_the_names_of_all_authors(authors: dict[str, object], byline: str | None) -> None:
    assert read_json(url="https://a.example/", **authors).byline == byline


@pytest.mark.parametrize(
    ("links", "address"),
    [
        ("<link>/hall;art1,2</link>", "https://paper.example/hall;art1,2"),
        (
            "<link>/news//8?source=rss&amp;utm_medium=rss#top</link>",
            "https://paper.example/news//8?source=rss&utm_medium=rss#top",
        ),
        (
            "<link>/login?redirect=http://other.example/x</link>",
            "https://paper.example/login?redirect=http://other.example/x",
        ),
        ("<link>https://www.google.com/url?sa=t&amp;url=https://a.example/x&amp;ct=ga</link>", "https://a.example/x"),
        (
            "<link>http://feedproxy.example/~r/1</link><fb:origLink>https://a.example/1</fb:origLink>",
            "https://a.example/1",
        ),
        ("<guid>https://a.example/g</guid>", "https://a.example/g"),
        ("<guid>tag:a.example,2016:1</guid><link>https://a.example/l</link>", "https://a.example/l"),
        ("<a:link href='https://a.example/l'/><a:link rel='self' href='https://a.example/s'/>", "https://a.example/l"),
        (
            "<a:link href='https://a.example/l' hreflang='en'/><a:link href='https://a.example/de'/>",
            "https://a.example/l",
        ),
        ("<link>\n  https://a.example/l\n</link>", "https://a.example/l"),
        ("<link>//cdn.example/x</link>", "https://cdn.example/x"),
        ("<link>/feed#item7</link>", "https://paper.example/feed#item7"),
    ],
)
def test_address_is_the_articles_own_exactly_as_given(links: str, address: str) -> None:
    (entry,) = read_feed(rss(f"<item><title>T</title>{links}</item>"), ADDRESS).entries
    assert entry.address == address


@pytest.mark.parametrize(
    "links",
    [
        "<guid isPermaLink='false'>https://a.example/g</guid>",
        "<enclosure url='https://a.example/a.mp3'/>",
        "<a:link rel='enclosure' href='https://a.example/a.mp3'/><a:link rel='self' href='https://a.example/s'/>",
        "<link>/feed</link>",
    ],
)
def test_link_to_something_else_is_no_address_of_the_article(links: str) -> None:
    feed = read_feed(rss(f"<item><title>T</title>{links}</item>"), ADDRESS)
    assert (feed.entries, [failure.failure for failure in feed.failures]) == ((), [Failure.ADDRESS])


def test_links_are_relative_to_the_base_of_their_element() -> None:
    data = (
        b"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://base.example/x/'><title>T</title>"
        b"<entry xml:base='y/'><link href='z'/></entry><entry><link href='/q'/></entry></feed>"
    )
    assert [entry.address for entry in read_feed(data, ADDRESS).entries] == [
        "https://base.example/x/y/z",
        "https://base.example/q",
    ]


def test_entries_that_differ_only_in_the_fragment_are_different_articles() -> None:
    links = ["/day#a", "/day#b", "/hall#comments", "/x#xtor=RSS-1", "/x#xtor=RSS-2"]
    feed = read_feed(rss("".join(item(link=link) for link in links)), ADDRESS)
    assert [entry.key.removeprefix("https://paper.example") for entry in feed.entries] == [
        "/day#a", "/day#b", "/hall", "/x", "/x",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "link", ["file:///etc/passwd", "javascript:alert(1)", "", "ftp://x.example/", "http://" + "a" * 3_000]
)
def test_entry_without_a_web_address_does_not_affect_the_others(link: str) -> None:
    feed = read_feed(rss(item("Bad", link) + item("Good", "https://paper.example/good")), ADDRESS)
    assert [entry.title for entry in feed.entries if entry.address.endswith("/good")] == ["Good"]
    assert [error.failure for error in feed.failures] == [Failure.ADDRESS]
    assert all("entry 1" in str(error) for error in feed.failures)


def test_invalid_bytes_spoil_only_their_entry() -> None:
    data = rss(item("“Gut”", "https://paper.example/1") + item("cut \ufffd", "https://paper.example/2"))
    feed = read_feed(data.replace("\ufffd".encode(), b"\xe2\x80"), ADDRESS)
    assert [entry.title for entry in feed.entries] == ["“Gut”"]
    assert [error.failure for error in feed.failures] == [Failure.ARTICLE]


@pytest.mark.parametrize(
    "declared", [b"", b" encoding='utf-8'", b" encoding='iso-8859-1'", b" encoding='windows-1252'"]
)
@pytest.mark.parametrize("content_type", ["", "text/xml; charset=utf-8", "text/xml; charset=iso-8859-1"])
def test_windows_1252_is_read_whatever_is_declared(declared: bytes, content_type: str) -> None:
    words = "“Nobody’s café closes” – Zoë"
    data = rss(item(words), encoding="windows-1252").replace(b" encoding='windows-1252'", declared)
    assert read_feed(data, ADDRESS, content_type).entries[0].title == words


def test_stray_byte_is_mended_and_the_other_entries_stay() -> None:
    data = rss(item("“One” – Zoë") + item("“Two” – ?Three?", "https://paper.example/2"))
    feed = read_feed(data.replace(b"?Three?", b"\x93Three\x94"), ADDRESS)
    assert [entry.title for entry in feed.entries] == ["“One” – Zoë", "“Two” – “Three”"]


def test_mojibake_of_an_entry_is_mended_or_the_entry_fails_alone() -> None:
    texts = ["â€œWe waitâ€\x9d, said ZoÃ«", "â€œWe waitâ€\ufffd, she said", "Sound “words”", "cut â€\ufffd off"]
    feed = read_feed(
        rss("".join(item(text, f"https://paper.example/{text[:3]}{len(text)}") for text in texts)), ADDRESS
    )
    assert [entry.title for entry in feed.entries] == ["“We wait”, said Zoë", "“We wait”, she said", "Sound “words”"]
    assert [failure.failure for failure in feed.failures] == [Failure.ARTICLE]


def test_controls_and_loose_markup_lose_no_entry() -> None:
    data = rss(item("A\x03B\x0b") + item("Fish &ndash; chips & peas") + item("\x93Yes\x94"))
    assert [entry.title for entry in read_feed(data, ADDRESS).entries] == ["AB", "Fish – chips & peas", "“Yes”"]


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
