"""A saved feed gives the articles that it contains whole, and names the entries that it does not."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.errors import BadInput
from briefings.ingest.context import ReadOptions
from briefings.ingest.documents import feed_file
from briefings.ingest.formats.file_type import FileType, detect_file_type
from briefings.ingest.reader import read_raw_articles
from briefings.model import Article

WORDS = "Councillors in Easton voted to close the swimming hall after a long debate. " * 8
HTML = f"<p>{WORDS}</p><p>“Nobody here wants that,” said Jane Roe, the leader.</p><p>{WORDS}</p>"


def item(link: str = "https://paper.example/hall?utm_source=rss", html: str = HTML, more: str = "") -> str:
    return (
        f"<item><title>The hall</title><link>{link}</link><author>desk@paper.example (John Doe)</author>"
        f"<pubDate>Thu, 30 Jun 2016 22:30 -0400</pubDate>{more}<description><![CDATA[{html}]]></description></item>"
    )


def rss(items: str, title: str = "The Paper", before: str = "<?xml version='1.0'?>") -> bytes:
    return f"{before}<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>".encode()


def read(data: bytes) -> list[Article | BadInput]:
    return list(feed_file.read(data, "saved.xml", "saved", ReadOptions()))


def test_entry_with_its_whole_text_is_an_article_with_what_the_feed_states() -> None:
    (article,) = read(rss(item()))
    assert isinstance(article, Article)
    assert (article.id, article.url) == ("https://paper.example/hall", "https://paper.example/hall")
    assert (article.title, article.publisher, article.byline) == ("The hall", "The Paper", "John Doe")
    assert article.published == date(2016, 6, 30)
    assert "“Nobody here wants that,” said Jane Roe" in article.text


def test_teasers_and_entries_without_an_address_are_named() -> None:
    teaser, missing = read(rss(item(html="Only a teaser.") + item(link="")))
    assert str(teaser) == (
        "saved.xml: https://paper.example/hall?utm_source=rss was not taken: the feed has only a teaser. "
        "Follow the feed or add this address."
    )
    assert str(missing) == "saved.xml, entry 2: it has no web address."


def test_relative_links_of_a_saved_feed_are_not_completed_by_guesses() -> None:
    (failure,) = read(rss(item(link="/hall")))
    assert isinstance(failure, BadInput)


@pytest.mark.parametrize(
    ("title", "links", "outlets"),
    [
        ("The Paper", ["https://paper.example/1", "https://www.paper.example/2"], ["The Paper"] * 2),
        (
            "The Paper",
            ["https://paper.example/1", "https://paper.example/2", "https://other.example/3"],
            ["The Paper"] * 2 + [None],
        ),
        ("A planet", ["https://a.example/1", "https://b.example/2"], [None, None]),
        ("Google Alert - hall", ["https://paper.example/1"], [None]),
        ("The Paper", ["https://news.paper.co.uk/1", "https://sport.paper.co.uk/2"], ["The Paper"] * 2),
        ("The Paper", ["https://paper.co.uk/1", "https://other.co.uk/2"], [None, None]),
    ],
)
def test_title_of_a_feed_is_the_outlet_of_its_own_site_only(
    title: str, links: list[str], outlets: list[str | None]
) -> None:
    articles = read(rss("".join(map(item, links)), title))
    assert [article.publisher for article in articles if isinstance(article, Article)] == outlets


def test_source_that_an_entry_names_is_its_outlet_in_a_collection() -> None:
    source = "<source url='https://other.example/'>The Tribune</source>"
    for title, outlet in (("Google News", "The Tribune"), ("The Paper", "The Paper")):
        (article,) = read(rss(item(more=source), title))
        assert isinstance(article, Article)
        assert article.publisher == outlet


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (rss(""), "is a feed without entries"),
        (b"<html>", "is not a feed"),
        (rss(item(), before="<!DOCTYPE rss [<!ENTITY a 'b'>]>"), "declares its own entities"),
        (rss(item() * 2_001), "more than 2,000 entries"),
        (rss("x" * feed_file.MAX_BYTES), "is longer than"),
    ],
)
def test_unusable_feed_is_refused_by_name(data: bytes, message: str) -> None:
    with pytest.raises(BadInput, match=message) as raised:
        read(data)
    assert str(raised.value).startswith("saved.xml ")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (rss(item()), "saved.xml"),
        (b"\n\n " + rss(item()), "saved.rss"),
        (b"<br />\n<b>Deprecated</b>: in <b>/x.php</b><br />\n" + rss(item()), "saved.xml"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": []}', "saved.json"),
        (b'{"title": "T", "version":"https:\\/\\/jsonfeed.org\\/version\\/1"}', "feed.json"),
    ],
)
def test_saved_feed_is_recognised(data: bytes, name: str) -> None:
    assert detect_file_type(data, name) is FileType.FEED


def test_saved_json_feed_is_read_in_the_sandbox(tmp_path: Path) -> None:
    items = [
        {"url": "https://paper.example/1", "content_html": HTML, "date_published": "2016-06-30"},
        {"url": "https://paper.example/2", "content_html": HTML, "date_modified": "2016-06-30"},
    ]
    file = tmp_path / "feed.json"
    file.write_text(json.dumps({"version": "https://jsonfeed.org/version/1", "title": "The Paper", "items": items}))
    assert [(article.id, article.published) for article in read_raw_articles(file)] == [
        ("https://paper.example/1", date(2016, 6, 30)),
        ("https://paper.example/2", None),
    ]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 1_500), st.integers(0, 1_500))
def test_only_our_own_error_comes_out_of_damaged_feeds(noise: bytes, start: int, end: int) -> None:
    sound = rss(item() + item("https://paper.example/2"))
    try:
        items = read(sound[:start] + noise + sound[end:])
    except BadInput as error:
        items = [error]
    for entry in items:
        assert isinstance(entry, Article) or "\n" not in str(entry)
