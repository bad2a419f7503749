"""The day, byline and address of an entry are those of its article, as the feed states them."""

import json
from datetime import date

import pytest

from briefings.ingest.http.failures import Failure
from briefings.ingest.syndication.feed import FeedEntry, read_feed
from tests.unit.briefings.ingest.syndication.sample_feeds import ADDRESS, item, rss


def read_json(**item_values: object) -> FeedEntry:
    feed_object = {"version": "https://jsonfeed.org/version/1.1", "items": [item_values]}
    return read_feed(json.dumps(feed_object).encode(), ADDRESS).entries[0]


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
