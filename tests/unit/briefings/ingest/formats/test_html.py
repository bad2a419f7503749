"""A page becomes an article: its running text, and of what is beside it only what the page marks as such."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.errors import BadInput
from briefings.ingest.formats.html import MAX_ELEMENTS, MAX_PAGE_BYTES, read_page
from briefings.model import Article
from tests.stand_ins.pages import news_article, page

ADDRESS = "https://paper.example/count"


def read(markup: str, url: str | None = None) -> Article:
    return read_page(markup.encode(), url)


def test_paragraphs_are_lines_and_menus_and_footers_are_left_out() -> None:
    lines = read(page()).text.splitlines()
    assert lines[0] == "The count goes on"
    assert lines[1].startswith(
        "“We will count every vote in ward 0,” said Anna Berg, the mayor of Oxbridge, on Tuesday."
    )
    assert len(lines) == 7


def test_what_json_ld_tells_goes_before_meta_tags() -> None:
    told = news_article(
        headline="Count goes on &amp; on",
        datePublished="2016-06-30T23:30:00-05:00",
        author=[{"@type": "Person", "name": "Jo Doe"}, {"@type": "Person", "name": "Ann Roe"}],
        publisher={"@type": "Organization", "name": "The Paper"},
    )
    found = read(page(told=told, head='<meta property="og:title" content="Other"><meta name=author content=Other>'))
    assert (found.title, found.byline, found.published, found.publisher) == (
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
    found = read(page(head=head))
    told = (found.title, found.publisher, found.published, found.byline)
    assert told == ("The count", "The Paper", date(2016, 6, 30), "Jo Doe")


def test_what_is_not_marked_is_not_told() -> None:
    found = read(page(), "https://paper.example/2016/06/30/count")
    assert (found.published, found.publisher, found.byline) == (None, None, None)


@pytest.mark.parametrize("written", ["2016-02-31", "yesterday", "", "2016", "9" * 5_000, "June 2016", "1 May or 2 May"])
def test_a_broken_date_is_no_date(written: str) -> None:
    assert read(page(told=news_article(datePublished=written))).published is None


@pytest.mark.parametrize(
    "written", ["2016-06-30", "Thu, 30 Jun 2016 22:00:00 GMT", "30 June 2016", "2016-06-30T10:00+0100"]
)
def test_a_date_may_be_written_in_several_ways(written: str) -> None:
    assert read(page(told=news_article(datePublished=written))).published == date(2016, 6, 30)


def test_a_script_in_a_title_is_text() -> None:
    assert read(page(title="Now <script>alert(1)</script>").replace("<h1>The count goes on</h1>", "")).title == (
        "Now <script>alert(1)</script>"
    )


def test_an_article_is_known_by_its_own_address_without_trackers_where_that_is_of_its_host() -> None:
    own = '<link rel="canonical" href="/count?id=7&utm_source=mail#top">'
    assert read(page(head=own), "https://www.paper.example/amp/count").id == "https://www.paper.example/count?id=7"
    other = '<link rel="canonical" href="https://bank.example/">'
    assert read(page(head=other), ADDRESS).url == ADDRESS


def test_a_page_without_an_address_is_known_by_its_text() -> None:
    first, second, other = read(page()), read(page(title="x")), read(page("<p>Something else was said there.</p>"))
    assert first.url is None
    assert first.id == second.id != other.id


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (page("<p>Le café de Zoë coûte £3, says the owner.</p>").encode("cp1252"), "text/html; charset=ISO-8859-1"),
        (
            page("<p>Le café de Zoë coûte £3, says the owner.</p>", head="<meta charset=windows-1252>").encode(
                "cp1252"
            ),
            None,
        ),
        (page("<p>Le café de Zoë coûte £3, says the owner.</p>", head="<meta charset=latin1>").encode(), None),
        (page("<p>Le café de Zoë coûte £3, says the owner.</p>").encode("utf-16"), None),
    ],
)
def test_the_encoding_is_what_it_must_be(data: bytes, content_type: str | None) -> None:
    assert "Le café de Zoë coûte £3" in read_page(data, None, content_type).text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty or damaged"),
        (b"<html><body></body></html>", "no running text"),
        (b"x" * (MAX_PAGE_BYTES + 1), "longer than"),
        (b"<body>" + b"<div>" * 50_000 + b"<p>Words that nobody finds.", "nested deeper"),
        (b"<body>" + b"<p>word</p>" * MAX_ELEMENTS, "elements"),
        (b'<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><p>&b;</p>', "entities of its own"),
    ],
)
def test_what_no_page_is_like_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read_page(data, None)


@given(st.binary(max_size=3_000))
def test_any_bytes_are_an_article_or_refused(data: bytes) -> None:
    for body in (data, b"<html><body><p>" + data):
        with suppress(BadInput):
            assert read_page(body, None).text.strip()


@given(st.text(max_size=300), st.text(max_size=300))
def test_whatever_a_page_tells_of_itself_is_storable_or_left_out(title: str, name: str) -> None:
    found = read(page(told=news_article(headline=title, author=name, publisher={"name": name}, datePublished=title)))
    for told in (found.title, found.byline, found.publisher):
        assert told is None or (told.strip() and told.encode())
