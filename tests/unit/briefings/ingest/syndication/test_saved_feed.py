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
from briefings.ingest.syndication.feed import read_feed
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
    assert str(missing) == ("saved.xml, entry 2: it has no web address. Save its article as a file, and add that file.")


FLASH = "Mayor Tilda Orr has resigned. “I am going,” she said after the vote on Monday night."


def short_rss(elements: str) -> bytes:
    start = "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    itunes = "xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'"
    return f"{start} {itunes}><channel><item><link>https://paper.example/1</link>{elements}</item></channel></rss>".encode()


def short_atom(element: str) -> bytes:
    entry = f"<entry><title>T</title><link href='https://paper.example/1'/>{element}</entry>"
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>The Paper</title>{entry}</feed>".encode()


def short_json(**values: str) -> bytes:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "7", **values}]}).encode()


@pytest.mark.parametrize(
    "data",
    [
        short_rss(f"<content:encoded><![CDATA[<p>{FLASH}</p>]]></content:encoded>"),
        short_rss(f"<description>Mayor…</description><content:encoded>&lt;p&gt;{FLASH}&lt;/p&gt;</content:encoded>"),
        short_rss(
            f"<content:encoded><![CDATA[<p>{FLASH}</p><p>The post <a href='/1'>Mayor</a> appeared first on "
            "<a href='/'>The Paper</a>.</p>]]></content:encoded>"
        ),
        short_rss(f"<content:encoded><![CDATA[<p>{FLASH}</p><p>Read more: Walls repaired</p>]]></content:encoded>"),
        short_atom(f"<content type='html'>&lt;p&gt;{FLASH}&lt;/p&gt;</content>"),
        short_atom(f"<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>{FLASH}</p></div></content>"),
        short_atom(f"<summary>Mayor</summary><content>{FLASH}</content>"),
        short_json(url="https://paper.example/1", content_text=FLASH),
        short_json(url="https://paper.example/1", content_html=f"<p>{FLASH}</p>", summary="Mayor"),
        short_json(external_url="https://paper.example/1", content_text=FLASH),
    ],
)
def test_short_text_that_the_feed_calls_content_is_a_whole_article(data: bytes) -> None:
    (article,) = read(data)
    assert isinstance(article, Article), article
    assert article.id == "https://paper.example/1"
    assert "“I am going,” she said" in article.text


@pytest.mark.parametrize("text", [f"{FLASH}\n\nShe led the\ntown.", f"{FLASH}\r\n \r\nShe led the town."])
def test_paragraphs_of_plain_content_stay_apart(text: str) -> None:
    (article,) = read(short_json(url="https://paper.example/1", content_text=text))
    assert isinstance(article, Article)
    assert article.text.split("\n")[-2:] == [FLASH, "She led the town."]


def test_short_id_is_no_address_if_the_entry_has_another_one() -> None:
    values = {"external_url": "https://paper.example/1", "content_text": FLASH}
    feed = read_feed(short_json(**values), "https://paper.example/feed.json")
    assert [entry.key for entry in feed.entries] == ["https://paper.example/1"]


@pytest.mark.parametrize(
    "data",
    [
        short_rss(f"<description>{FLASH}</description>"),
        short_rss(f"<description>{FLASH}</description><itunes:summary>{FLASH} And so on.</itunes:summary>"),
        short_rss("<content:encoded>Comments</content:encoded>"),
        short_atom(f"<summary>{FLASH}</summary>"),
        short_json(url="https://paper.example/1", summary=FLASH),
        *(
            short_rss(f"<content:encoded><![CDATA[<p>{FLASH}{end}</p>]]></content:encoded>")
            for end in (
                " The council […]",
                " The council [&#8230;]",
                " The council ...",
                "</p><p>Read more",
                " <a href='/1'>Read more »</a>",
                "</p><p><a href='/1'>Continue reading Mayor resigns →</a>",
                "</p><p>Read the full story on The Paper.",
                " The council […]</p><p>The post <a href='/1'>Mayor</a> appeared first on <a href='/'>The Paper</a>.",
            )
        ),
    ],
)
def test_short_description_and_cut_content_are_teasers(data: bytes) -> None:
    (teaser,) = read(data)
    assert isinstance(teaser, BadInput)
    assert "has only a teaser" in str(teaser)


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
