"""Links of a feed are fetched exactly as given, each article is stored once, and no part passes for the whole."""

import gzip
from collections.abc import AsyncIterator
from html import escape
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from briefings.errors import BadInput
from briefings.feeds.service import FeedRequest, FollowResult
from briefings.model import Article
from briefings.storage.writes.feed_repository import FeedMetadata
from tests.stand_ins.feed_world import FeedWorld, open_feed_world
from tests.stand_ins.newsroom import PARAGRAPHS

LONG_TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in (*PARAGRAPHS, "The council meets again on Monday. " * 30))


class Site:
    """A site that serves a page at every path, and a feed of `entries` (link and text) at /feed."""

    def __init__(self) -> None:
        self.base = ""
        self.entries: list[tuple[str, str]] = []
        self.paths: list[str] = []
        #: responses that are sent instead of a page, by path
        self.answers: dict[str, tuple[bytes, dict[str, str]]] = {}

    async def answer(self, request: web.Request) -> web.Response:
        if request.path == "/robots.txt":
            raise web.HTTPNotFound
        self.paths.append(request.raw_path)
        if request.raw_path in self.answers:
            body, headers = self.answers[request.raw_path]
            return web.Response(body=body, headers=headers)
        if request.path == "/feed":
            items = "".join(
                f"<item><link>{escape(link)}</link><description>{escape(text)}</description></item>"
                for link, text in self.entries
            )
            feed = f"<rss version='2.0'><channel><title>The Paper</title>{items}</channel></rss>"
            return web.Response(text=feed, content_type="application/rss+xml")
        return web.Response(text=self.render(request.path), content_type="text/html")

    def render(self, path: str) -> str:
        """Return the page at a path; its text differs from that of other pages."""
        return (
            f"<html><body><article><h1>On {escape(path)}</h1><p>{escape(path)}</p>{LONG_TEXT}</article></body></html>"
        )


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    app = web.Application()
    app.router.add_get("/{path:.*}", site.answer)
    async with TestServer(app, host="127.0.0.1") as server:
        site.base = str(server.make_url("/")).rstrip("/")
        yield site


@pytest.fixture
async def news(tmp_path: Path) -> AsyncIterator[FeedWorld]:
    async with open_feed_world(tmp_path) as news:
        yield news


async def test_links_are_fetched_exactly_as_the_feed_gives_them(news: FeedWorld, site: Site) -> None:
    written = ["/hall;art12,34", "/news//8", "/login?redirect=http://other.example/x", "/a?source=rss&b=2&a=1"]
    site.entries = [(link, "A teaser.") for link in written]
    report = await news.feed_service.add(f"{site.base}/feed")
    assert report.summarise() == "4 added"
    assert sorted(site.paths) == sorted(["/feed", *written])
    assert sorted(report.articles) == sorted(f"{site.base}{link}" for link in written)


async def test_trackers_are_sent_but_do_not_make_another_article(news: FeedWorld, site: Site) -> None:
    site.entries = [("/hall?utm_source=rss&id=7#top", "A teaser.")]
    assert (await news.feed_service.add(f"{site.base}/feed")).articles == [f"{site.base}/hall?id=7"]
    assert "/hall?utm_source=rss&id=7" in site.paths
    site.entries = [("/hall?id=7&utm_source=home", "A teaser.")]
    assert (await news.feed_service.add(f"{site.base}/feed")).summarise() == "0 added, 1 unchanged"
    assert (await news.feed_service.add(f"{site.base}/hall?id=7")).summarise() == "0 added, 1 unchanged"


async def test_reports_on_the_page_of_a_day_are_separate_articles(news: FeedWorld, site: Site) -> None:
    site.entries = [("/day#a", f"<p>About the hall.</p>{LONG_TEXT}"), ("/day#b", f"<p>About a bridge.</p>{LONG_TEXT}")]
    report = await news.feed_service.add(f"{site.base}/feed")
    assert report.articles == [f"{site.base}/day#a", f"{site.base}/day#b"]
    site.entries = site.entries[:1]  # the other one has left the feed
    assert (await news.feed_service.add(f"{site.base}/feed")).summarise() == "0 added, 1 unchanged"


async def test_article_that_an_earlier_version_stored_stays_one_article(news: FeedWorld, site: Site) -> None:
    former_id = f"{site.base}/hall%3Bart12"
    news.service.upsert_article(Article(former_id, "An older text.", url=former_id))
    news.feed_repository.queue_pages([(former_id, FeedMetadata("Old"), False)], None, news.clock.now)
    news.feed_repository.update_page(former_id, {"article": former_id, "due_at": None})
    site.entries = [("/hall;art12", "A teaser.")]
    assert (await news.feed_service.add(f"{site.base}/feed")).summarise() == "0 added, 1 updated"
    assert "/hall;art12" in site.paths
    assert [article.id for article in news.repository.get_articles([former_id, f"{site.base}/hall;art12"])] == [
        former_id
    ]


async def test_cut_off_page_is_a_failure_and_the_whole_page_no_correction(news: FeedWorld, site: Site) -> None:
    page = gzip.compress(site.render("/hall").encode())
    headers = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
    site.answers["/hall"] = page[:-40], headers
    report = await news.feed_service.add(f"{site.base}/hall")
    assert report.articles == []
    assert "arrived incomplete" in report.sentences[0]
    site.answers["/hall"] = page, headers
    assert (await news.feed_service.add(f"{site.base}/hall")).summarise() == "1 added"


async def test_plain_text_page_keeps_its_paragraphs(news: FeedWorld, site: Site) -> None:
    text = f"Harbour plan agreed\n\n{PARAGRAPHS[0]}\n\n{PARAGRAPHS[1]}\n"
    site.answers["/release.txt"] = text.encode(), {"Content-Type": "text/plain; charset=utf-8"}
    (article_id,) = (await news.feed_service.add(f"{site.base}/release.txt")).articles
    (article,) = news.repository.get_articles([article_id])
    assert (article.id, article.text, article.title) == (f"{site.base}/release.txt", text, "Harbour plan agreed")


async def test_every_feed_of_a_list_is_followed_and_each_result_is_reported(news: FeedWorld, site: Site) -> None:
    site.entries = [("/hall", "A teaser.")]
    results: list[FollowResult | BadInput] = []
    addresses = [f"{site.base}/feed", f"{site.base}/hall", f"{site.base}/feed?a;b", "ftp://x.example"]
    await news.feed_service.follow_all([FeedRequest(address, "U1") for address in addresses], results.append)
    followed = [result.address for result in results if isinstance(result, FollowResult)]
    assert followed == [f"{site.base}/feed", f"{site.base}/feed?a;b"]
    assert len([result for result in results if isinstance(result, BadInput)]) == 2
    assert len(await news.feed_service.list_feeds()) == 2


async def test_adding_the_address_of_a_list_says_how_to_follow_it(news: FeedWorld, site: Site) -> None:
    opml = b"<?xml version='1.0'?>\n<opml version='2.0'><body><outline xmlUrl='https://a.example/1'/></body></opml>"
    site.answers["/feeds.opml"] = opml, {"Content-Type": "text/x-opml"}
    report = await news.feed_service.add(f"{site.base}/feeds.opml")
    assert "is a list of feeds" in report.sentences[0]
