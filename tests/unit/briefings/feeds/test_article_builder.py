"""What a page or a feed tells becomes the article, and nothing else does."""

from datetime import date

import pytest

from briefings.feeds.article_builder import build_from_feed, build_from_page, check_page, is_whole_article
from briefings.ingest.formats.html import read_page
from briefings.ingest.http.failures import Failure, FetchError
from briefings.ingest.http.fetcher import NO_VALIDATORS, FetchResponse
from briefings.storage.writes.feed_repository import FeedMetadata
from tests.stand_ins.newsroom import PARAGRAPHS

TODAY = date(2016, 7, 1)
AT = "https://paper.example/2016/hall"
BODY = "".join(f"<p>{one}</p>" for one in PARAGRAPHS)
PAGE = f"<html><head><title>The hall</title>{{}}</head><body><article><h1>The hall</h1>{BODY}</article></body></html>"


def page(html: str, at: str = AT, content_type: str = "text/html; charset=utf-8") -> FetchResponse:
    return FetchResponse(at, html.encode(), content_type, NO_VALIDATORS)


def test_the_feed_tells_what_the_page_does_not() -> None:
    told = FeedMetadata("Feed's title", "2016-06-30T23:00:00+00:00", "A. Writer", "The Paper")
    article = build_from_page(AT, page(PAGE.format("")), told, read_page, TODAY).article
    assert (article.publisher, article.byline, article.published) == ("The Paper", "A. Writer", date(2016, 6, 30))
    assert (article.id, article.url) == (AT, AT)


@pytest.mark.parametrize("day", ["9999-11-01", "2016-07-03"])
def test_a_date_to_come_is_a_slip_and_not_kept(day: str) -> None:
    told = FeedMetadata(published=f"{day}T00:00:00+00:00")
    assert build_from_page(AT, page(PAGE.format("")), told, read_page, TODAY).article.published is None


def test_nothing_is_told_of_an_article_that_nobody_told() -> None:
    article = build_from_page(AT, page(PAGE.format("")), FeedMetadata(), read_page, TODAY).article
    assert (article.publisher, article.byline, article.published) == (None, None, None)


def test_the_page_names_its_own_address_and_only_on_its_own_site() -> None:
    own, foreign = ("https://paper.example/hall", "https://evil.example/hall")
    for link, expected in ((own, own), (foreign, AT)):
        found = page(PAGE.format(f"<link rel='canonical' href='{link}'>"))
        assert build_from_page(AT, found, FeedMetadata(), read_page, TODAY).article.url == expected


def test_a_wall_leaves_the_teaser_and_nothing_where_there_is_none() -> None:
    script = '<script type="application/ld+json">{"isAccessibleForFree": false}</script>'
    wall = f"<html><head>{script}</head><body></body></html>"
    read = build_from_page(AT, page(wall), FeedMetadata(html=f"<p>{PARAGRAPHS[0]}</p>"), read_page, TODAY)
    assert (read.is_teaser, read.article.text) == (True, PARAGRAPHS[0])
    with pytest.raises(FetchError, match="for those who pay") as failed:
        build_from_page(AT, page(wall), FeedMetadata(), read_page, TODAY)
    assert failed.value.failure is Failure.ARTICLE


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "video/mp4", "application/json", "x" * 5_000])
def test_what_is_no_page_is_said_to_be_none(kind: str) -> None:
    with pytest.raises(FetchError, match="is no page but") as failed:
        check_page(AT, page("x", content_type=kind))
    assert failed.value.failure is Failure.KIND
    assert len(str(failed.value)) < 200


def test_a_site_that_sends_to_its_front_page_has_the_article_no_more() -> None:
    with pytest.raises(FetchError) as failed:
        check_page(AT, page("x", at="https://paper.example/"))
    assert failed.value.failure is Failure.MISSING
    check_page("https://paper.example/", page("x", at="https://www.paper.example/"))


def test_a_feeds_whole_text_is_told_from_its_teaser() -> None:
    assert is_whole_article(BODY * 2)
    assert not is_whole_article(BODY * 2 + "<p>Read more</p>")
    assert not is_whole_article(BODY * 2 + "…")
    assert not is_whole_article(f"<p>{PARAGRAPHS[0]}</p>")
    text = build_from_feed(
        AT, FeedMetadata("The hall", html=BODY * 2 + "<script>alert(1)</script>"), read_page, TODAY
    ).article.text
    assert "alert" not in text
    assert PARAGRAPHS[1] in text
