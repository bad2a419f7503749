"""Articles contain only what the page or the feed states."""

from datetime import date

import pytest

from briefings.feeds.article_builder import (
    build_from_feed,
    build_from_page,
    check_existence,
    check_type,
)
from briefings.ingest.http.failures import Failure, FetchError
from briefings.ingest.http.fetcher import NO_VALIDATORS, FetchResponse
from briefings.ingest.pages.html import read_page
from briefings.ingest.syndication.teasers import is_whole_article
from briefings.storage.writes.feed_repository import FeedMetadata
from tests.stand_ins.newsroom import PARAGRAPHS

TODAY = date(2016, 7, 1)
ADDRESS = "https://paper.example/2016/hall"
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
PAGE = f"<html><head><title>The hall</title>{{}}</head><body><article><h1>The hall</h1>{BODY}</article></body></html>"


def build_response(html: str, address: str = ADDRESS, content_type: str = "text/html; charset=utf-8") -> FetchResponse:
    return FetchResponse(address, html.encode(), content_type, NO_VALIDATORS)


def test_feed_metadata_fills_what_the_page_lacks() -> None:
    metadata = FeedMetadata("Feed's title", "2016-06-30T23:00:00+00:00", "A. Writer", "The Paper")
    article = build_from_page(ADDRESS, build_response(PAGE.format("")), metadata, read_page, TODAY).article
    assert (article.publisher, article.byline, article.published) == ("The Paper", "A. Writer", date(2016, 6, 30))
    assert (article.id, article.url) == (ADDRESS, ADDRESS)


@pytest.mark.parametrize("day", ["9999-11-01", "2016-07-03"])
def test_future_date_is_dropped(day: str) -> None:
    metadata = FeedMetadata(published=f"{day}T00:00:00+00:00")
    assert (
        build_from_page(ADDRESS, build_response(PAGE.format("")), metadata, read_page, TODAY).article.published is None
    )


def test_missing_metadata_is_not_invented() -> None:
    article = build_from_page(ADDRESS, build_response(PAGE.format("")), FeedMetadata(), read_page, TODAY).article
    assert (article.publisher, article.byline, article.published) == (None, None, None)


def test_canonical_url_is_used_only_on_the_same_site() -> None:
    same_site, foreign = ("https://paper.example/hall", "https://evil.example/hall")
    for link, expected in ((same_site, same_site), (foreign, ADDRESS)):
        response = build_response(PAGE.format(f"<link rel='canonical' href='{link}'>"))
        assert build_from_page(ADDRESS, response, FeedMetadata(), read_page, TODAY).article.url == expected


def test_paywalled_page_gives_the_teaser_or_fails_without_one() -> None:
    script = '<script type="application/ld+json">{"isAccessibleForFree": false}</script>'
    paywalled_page = f"<html><head>{script}</head><body></body></html>"
    extracted_article = build_from_page(
        ADDRESS, build_response(paywalled_page), FeedMetadata(html=f"<p>{PARAGRAPHS[0]}</p>"), read_page, TODAY
    )
    assert (extracted_article.is_teaser, extracted_article.article.text) == (True, PARAGRAPHS[0])
    with pytest.raises(FetchError, match="behind a paywall") as raised:
        build_from_page(ADDRESS, build_response(paywalled_page), FeedMetadata(), read_page, TODAY)
    assert raised.value.failure is Failure.ARTICLE


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "video/mp4", "application/json", "x" * 5_000])
def test_other_content_types_are_refused(kind: str) -> None:
    with pytest.raises(FetchError, match="is not a web page") as raised:
        check_type(ADDRESS, build_response("x", content_type=kind))
    assert raised.value.failure is Failure.KIND
    assert len(str(raised.value)) < 200


def test_redirect_to_the_front_page_counts_as_missing() -> None:
    with pytest.raises(FetchError) as raised:
        check_existence(ADDRESS, build_response("x", address="https://paper.example/"))
    assert raised.value.failure is Failure.MISSING
    check_existence("https://paper.example/", build_response("x", address="https://www.paper.example/"))


def test_whole_text_of_a_feed_is_distinguished_from_a_teaser() -> None:
    assert is_whole_article(BODY * 2)
    assert not is_whole_article(BODY * 2 + "<p>Read more</p>")
    assert not is_whole_article(BODY * 2 + "…")
    assert not is_whole_article(f"<p>{PARAGRAPHS[0]}</p>")
    text = build_from_feed(
        ADDRESS, FeedMetadata("The hall", html=BODY * 2 + "<script>alert(1)</script>"), read_page, TODAY
    ).article.text
    assert "alert" not in text
    assert PARAGRAPHS[1] in text
