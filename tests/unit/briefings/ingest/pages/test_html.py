"""A page becomes an article with its main text and only explicitly marked metadata."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.errors import BadInput
from briefings.ingest.pages.html import find_feed_links, read_page, strip_markup
from briefings.ingest.pages.page_tree import MAX_ELEMENTS, MAX_PAGE_BYTES
from briefings.model import Article
from tests.stand_ins.pages import make_json_ld, make_page

ADDRESS = "https://paper.example/count"


def parse(markup: str, url: str | None = None) -> Article:
    return read_page(markup.encode(), url)


def test_each_paragraph_is_a_line_and_menus_and_footers_are_dropped() -> None:
    lines = parse(make_page()).text.splitlines()
    assert lines[0] == "The count goes on"
    assert lines[1].startswith(
        "“We will count every vote in ward 0,” said Anna Berg, the mayor of Oxbridge, on Tuesday."
    )
    assert len(lines) == 7


def test_json_ld_overrides_meta_tags() -> None:
    json_ld = make_json_ld(
        headline="Count goes on &amp; on",
        datePublished="2016-06-30T23:30:00-05:00",
        author=[{"@type": "Person", "name": "Jo Doe"}, {"@type": "Person", "name": "Ann Roe"}],
        publisher={"@type": "Organization", "name": "The Paper"},
    )
    article = parse(
        make_page(json_ld=json_ld, head='<meta property="og:title" content="Other"><meta name=author content=Other>')
    )
    assert (article.title, article.byline, article.published, article.publisher) == (
        "Count goes on & on",
        "Jo Doe, Ann Roe",
        date(2016, 6, 30),
        "The Paper",
    )


def test_open_graph_and_meta_tags_are_read() -> None:
    head = (
        '<meta property="og:title" content="The count"><meta property="og:site_name" content="The Paper">'
        '<meta property="article:published_time" content="2016-06-30T10:00:00Z">'
        '<meta name="author" content="By Jo Doe">'
    )
    article = parse(make_page(head=head))
    metadata = (article.title, article.publisher, article.published, article.byline)
    assert metadata == ("The count", "The Paper", date(2016, 6, 30), "Jo Doe")


def test_unmarked_metadata_is_not_guessed() -> None:
    article = parse(make_page(), "https://paper.example/2016/06/30/count")
    assert (article.published, article.publisher, article.byline) == (None, None, None)


@pytest.mark.parametrize(
    "date_text", ["2016-02-31", "yesterday", "", "2016", "9" * 5_000, "June 2016", "1 May or 2 May"]
)
def test_invalid_date_is_ignored(date_text: str) -> None:
    assert parse(make_page(json_ld=make_json_ld(datePublished=date_text))).published is None


@pytest.mark.parametrize(
    "date_text", ["2016-06-30", "Thu, 30 Jun 2016 22:00:00 GMT", "30 June 2016", "2016-06-30T10:00+0100"]
)
def test_several_date_formats_are_read(date_text: str) -> None:
    assert parse(make_page(json_ld=make_json_ld(datePublished=date_text))).published == date(2016, 6, 30)


def test_script_in_a_title_is_plain_text() -> None:
    assert parse(make_page(title="Now <script>alert(1)</script>").replace("<h1>The count goes on</h1>", "")).title == (
        "Now <script>alert(1)</script>"
    )


def test_article_id_is_the_canonical_url_without_trackers_if_on_the_same_site() -> None:
    same_site_link = '<link rel="canonical" href="/count?id=7&utm_source=mail#top">'
    assert (
        parse(make_page(head=same_site_link), "https://www.paper.example/amp/count").id
        == "https://www.paper.example/count?id=7"
    )
    foreign_link = '<link rel="canonical" href="https://bank.example/">'
    assert parse(make_page(head=foreign_link), ADDRESS).url == ADDRESS


def test_page_without_url_gets_an_id_from_its_text() -> None:
    first, second, third = (
        parse(make_page()),
        parse(make_page(title="x")),
        parse(make_page("<p>Something else was said there.</p>")),
    )
    assert first.url is None
    assert first.id == second.id != third.id


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (
            make_page("<p>Le café de Zoë coûte £3, says the owner.</p>").encode("cp1252"),
            "text/html; charset=ISO-8859-1",
        ),
        (
            make_page("<p>Le café de Zoë coûte £3, says the owner.</p>", head="<meta charset=windows-1252>").encode(
                "cp1252"
            ),
            None,
        ),
        (make_page("<p>Le café de Zoë coûte £3, says the owner.</p>", head="<meta charset=latin1>").encode(), None),
        (make_page("<p>Le café de Zoë coûte £3, says the owner.</p>").encode("utf-16"), None),
    ],
)
def test_encoding_is_detected_or_declared(data: bytes, content_type: str | None) -> None:
    assert "Le café de Zoë coûte £3" in read_page(data, None, content_type).text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty or damaged"),
        (b"<html><body></body></html>", "no article text"),
        (b"x" * (MAX_PAGE_BYTES + 1), "longer than"),
        (b"<body>" + b"<div>" * 50_000 + b"<p>Hidden words.", "nested too deeply"),
        (b"<body>" + b"<p>word</p>" * MAX_ELEMENTS, "elements"),
        (b'<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><p>&b;</p>', "custom entities"),
    ],
)
def test_malformed_or_excessive_page_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        read_page(data, None)


@given(st.binary(max_size=3_000))
def test_any_bytes_are_an_article_or_refused(data: bytes) -> None:
    for body in (data, b"<html><body><p>" + data):
        with suppress(BadInput):
            assert read_page(body, None).text.strip()


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_metadata_is_storable_or_dropped(title: str, name: str) -> None:
    article = parse(
        make_page(json_ld=make_json_ld(headline=title, author=name, publisher={"name": name}, datePublished=title))
    )
    for value in (article.title, article.byline, article.publisher):
        assert value is None or (value.strip() and value.encode())


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
