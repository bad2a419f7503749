"""Tests of the article pages over HTTP: exact text, status codes for bad input, and security headers."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession
from aiohttp.test_utils import TestServer
from yarl import URL

from bot.core import logs
from bot.core.settings import ReaderMode, Settings
from bot.links import urls
from bot.server.server import build_web_app
from bot.web import routes
from briefings.errors import BriefingsError, DatabaseUnavailable
from briefings.model import Article
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository
from tests.stand_ins.briefing_service import GUARDIAN, RALLY, SHARECAST, UNDATED, FakeBriefingService, load_seed_text
from tests.support.depth import choose
from tests.support.seed_service import open_seed_service

SEEDS = (GUARDIAN, UNDATED, RALLY, SHARECAST)


class Site:
    """Client for the bot's web pages. It does not follow redirects."""

    def __init__(self, session: ClientSession, server: TestServer) -> None:
        self._session, self._server = session, server

    async def get(self, address: str, **more: Any) -> ClientResponse:
        at = URL(str(self._server.make_url("/")).rstrip("/") + address, encoded=True)
        return await self._session.get(at, allow_redirects=False, **more)

    async def post(self, address: str) -> ClientResponse:
        return await self._session.post(self._server.make_url(address))

    async def page(self, address: str, status: int = 200) -> "Page":
        response = await self.get(address)
        assert response.status == status, await response.text()
        assert routes.HEADERS.items() <= dict(response.headers).items()
        page = Page()
        page.feed(await response.text())
        return page


class Page(HTMLParser):
    """Parsed page: all its text, the article's text, and its elements."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.all_text, self.text = "", ""
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        if self._depth or "text" in (attributes.get("class") or "").split():
            self._depth += tag not in ("br", "img", "input", "link", "meta")

    def handle_endtag(self, tag: str) -> None:
        self._depth -= bool(self._depth and tag)

    def handle_data(self, data: str) -> None:
        self.all_text += data
        if self._depth:
            self.text += data

    def links(self) -> list[str]:
        return [attributes.get("href") or "" for tag, attributes in self.elements if tag == "a"]


@asynccontextmanager
async def serve_pages(service: BriefingService, **more: Any) -> AsyncIterator[Site]:
    settings = Settings(**more)  # without tokens, the pages are open to this machine
    async with TestServer(build_web_app(settings, service)) as server, ClientSession() as session:
        yield Site(session, server)


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BriefingService]:
    """Return a service over the seed articles, used read-only."""
    with open_seed_service(f"sqlite:///{tmp_path_factory.mktemp('seeds') / 'record.db'}") as service:
        yield service


@pytest.fixture
def service(tmp_path: Path) -> Iterator[BriefingService]:
    """Return a service over an empty database."""
    with closing(open_repository(f"sqlite:///{tmp_path / 'record.db'}", lambda: datetime.now(UTC))) as repository:
        yield BriefingService(repository)


@pytest.fixture
async def site(seeds: BriefingService) -> AsyncIterator[Site]:
    async with serve_pages(seeds) as site:
        yield site


@pytest.fixture
async def own(service: BriefingService) -> AsyncIterator[Site]:
    """Serve the pages of the empty database."""
    async with serve_pages(service) as site:
        yield site


@pytest.mark.parametrize("article", SEEDS)
async def test_page_contains_article_text_unchanged(site: Site, article: str) -> None:
    """Every character is kept, with or without marked words."""
    text = load_seed_text(article)
    for address in (urls.article(article), urls.article(article, 30, len(text) - 30)):
        assert (await site.page(address)).text == text


@pytest.mark.parametrize(
    "text", ["a\r\nb\rc\n\n\n", "\n\n“One,” said Ada.\t\x0c<b>&amp;</b>", "  x\u2028y\x85z ", "<!--"]
)
async def test_unusual_text_is_unchanged_on_page(own: Site, service: BriefingService, text: str) -> None:
    """Carriage returns, tabs, markup and unusual line breaks survive the page unchanged."""
    service.add([Article("odd", text)])
    raw = await (await own.get(urls.article("odd"))).text()
    page = Page()
    page.feed(raw)
    assert page.text == text


async def test_cited_words_are_marked_and_publisher_link_is_first(site: Site) -> None:
    """The first external link opens the publisher's page at these words, without a referrer."""
    start = load_seed_text(GUARDIAN).index("Yes, I’m here.")
    page = await site.page(urls.article(GUARDIAN, start, start + 14))
    assert [attributes for tag, attributes in page.elements if tag == "mark" and attributes.get("id") == "at"]
    outside = [
        attributes for tag, attributes in page.elements if tag == "a" and (attributes["href"] or "").startswith("http")
    ]
    assert outside == [outside[0]]
    assert outside[0]["href"].startswith("https://www.theguardian.com/")  # type: ignore[union-attr]  # a link has one
    assert {"noopener", "noreferrer"} <= set((outside[0]["rel"] or "").split())
    inside = page.links()[page.links().index(outside[0]["href"] or "") + 1 :]
    assert urls.person("Jeremy Corbyn") in inside
    other_start = load_seed_text(UNDATED).index("Yes, I'm here, thank you.")
    assert urls.article(UNDATED, other_start, other_start + 25) in inside
    for expected in ("How we know", "named in the article", "thank you", "Heather Stewart", "Sat 25 Jun 2016"):
        assert expected in page.all_text


async def test_every_internal_link_has_a_target(site: Site) -> None:
    """Quotes link to their notes and back, and ids are unique."""
    for article in SEEDS:
        page = await site.page(urls.article(article, 0, 30))
        ids = [attributes["id"] for _, attributes in page.elements if attributes.get("id")]
        assert len(ids) == len(set(ids))
        assert {link[1:] for link in page.links() if link.startswith("#")} <= set(ids)


def list_foreign_scripts(page: Page) -> list[dict[str, str | None]]:
    """Return the attributes of the scripts other than our own file."""
    scripts = [dict(attributes) for tag, attributes in page.elements if tag == "script"]
    return [script for script in scripts if script != {"src": urls.static("copy.js"), "defer": None}]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (urls.article("nope"), 404),
        (urls.article("../../etc/passwd"), 404),
        (urls.article(".."), 404),
        (urls.article("\0"), 404),
        (urls.article("<script>alert(1)</script>"), 404),
        ("/record/articles/%FF%FE", 404),
        ("/record/articles", 404),
        ("/record/nothing", 404),
        ("/record/articles/a/b/c", 404),
        ("/record/static/../mount.py", 404),
        ("/record/static/..%2Fmount.py", 404),
        ("/record/static/", 404),
        (urls.article(GUARDIAN, 5, 5), 400),
        (urls.article(GUARDIAN, 9, 5), 400),
        (urls.article(GUARDIAN, 0, 10**9), 404),
        (urls.article(GUARDIAN) + "?at=0-" + "9" * 500, 400),
        (urls.article(GUARDIAN) + "?at=", 400),
        (urls.article(GUARDIAN) + "?at=a-b", 400),
        (urls.article(GUARDIAN) + "?at=-5-5", 400),
        (urls.article(GUARDIAN) + "?at=%D9%A1-%D9%A2", 400),
        (urls.article(GUARDIAN) + "?from=x&from=1e9", 200),
    ],
)
async def test_bad_address_gets_matching_status_and_helpful_page(site: Site, address: str, status: int) -> None:
    """The error page links to the index and echoes no input."""
    page = await site.page(address, status)
    assert list_foreign_scripts(page) == []
    assert urls.index() in page.links()
    assert "Traceback" not in page.all_text


async def test_post_is_refused_with_styled_page(site: Site) -> None:
    response = await site.post(urls.index())
    assert response.status == 405
    assert response.headers["Allow"] == "GET,HEAD"
    assert "can only be read" in await response.text()


async def test_hostile_article_is_shown_as_plain_text(own: Site, service: BriefingService) -> None:
    """The article cannot add elements, attributes or links. Text direction marks stay inside their element."""
    hostile = '"><script>alert(1)</script><img src=x onerror=alert(2)>\u202eevil'
    text = f"{hostile}\n“{hostile} is what we want,” said Ada {hostile} Berg."
    service.add([Article(hostile, text, hostile, None, "javascript:alert(3)", hostile, hostile)])
    response = await own.get(urls.article(hostile, 0, 20))
    page = Page()
    page.feed(await response.text())
    assert response.status == 200
    assert page.text == text
    assert list_foreign_scripts(page) == []
    assert not {"img", "iframe", "style", "object"} & {tag for tag, _ in page.elements}
    names = {name for _, attributes in page.elements for name in attributes}
    assert not [name for name in names if name.startswith("on") or name == "style"]
    assert not [link for link in page.links() if not link.startswith(("/record", "#"))]
    assert "We have no link to the publisher’s page." in page.all_text


async def test_huge_article_is_split_into_parts_that_join_to_the_text(own: Site, service: BriefingService) -> None:
    """A very long article has bounded, numbered, linked parts. The cited words are in the part that opens."""
    text = "A line of the council's very long report, which nobody has read to its end.\n" * choose(14_000, 66_000)
    cited_at, number = choose((800_000, 20), (4_000_000, 100))
    service.add([Article("huge", text)])
    page = await own.page(urls.article("huge", cited_at, cited_at + 10))
    assert f"Part {number} of" in page.all_text
    assert [attributes for tag, attributes in page.elements if tag == "mark"]
    address, joined_text = urls.article("huge"), ""
    for _ in range(3):
        page = await own.page(address)
        assert len(page.text) < 50_000
        joined_text += page.text
        address = next(attributes["href"] or "" for tag, attributes in page.elements if attributes.get("rel") == "next")
    assert text.startswith(joined_text)


async def test_quotes_mode_shows_only_quoted_sentences(seeds: BriefingService) -> None:
    """A link to other words leads to the publisher's page instead."""
    narrated = "The Labour leader was confronted as he arrived at the march"
    start = load_seed_text(GUARDIAN).index(narrated)
    async with serve_pages(seeds, reader=ReaderMode.QUOTES) as site:
        page = await site.page(urls.article(GUARDIAN, start, start + 30))
        assert narrated not in page.all_text
        assert "full texts are turned off here" in page.all_text
        assert "Yes, I’m here." in page.text
        start = load_seed_text(GUARDIAN).index("Yes, I’m here.")
        page = await site.page(urls.article(GUARDIAN, start, start + 14))
        assert [attributes for tag, attributes in page.elements if attributes.get("id") == "at"]
    async with serve_pages(seeds) as site:
        assert narrated in (await site.page(urls.article(GUARDIAN))).text


async def test_older_versions_and_duplicates_are_listed(own: Site, service: BriefingService) -> None:
    text = load_seed_text(RALLY)
    service.add([Article(RALLY, text, publisher="One")])
    service.add([Article(RALLY, text + "\nThis is new.", publisher="One"), Article("copy", text, publisher="The Copy")])
    page = await own.page(urls.article(RALLY))
    assert "1 older version" in page.all_text
    assert urls.article("copy") in page.links()


async def test_index_shows_article_and_quote_counts(site: Site) -> None:
    page = await site.page(urls.index())
    assert "4 articles with 45 quotes" in page.all_text
    assert urls.story("labour-crisis") in page.links()
    assert urls.article(GUARDIAN) in page.links()
    assert (await site.get("/record")).headers["Location"] == "/record/"


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (ValueError("a secret detail"), 500, "report this reference:"),
        (DatabaseUnavailable("The database is locked."), 503, "The record is not available."),
        (BriefingsError("Ask for less."), 400, "Ask for less."),
        (TimeoutError(), 503, "took too long to load"),
    ],
)
async def test_error_page_hides_internal_details(
    error: Exception, status: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The page shows a reference that is also in the log. Neither contains the error message."""

    class BrokenService(FakeBriefingService):
        def get_overview(self) -> Any:
            raise error

    logs.configure("INFO", colours=False)
    async with serve_pages(BrokenService()) as site:
        page = await site.page(urls.index(), status)
    logged = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    assert says in page.all_text
    assert "secret detail" not in page.all_text + str(logged)
    if status == 500:
        (failed,) = [entry for entry in logged if entry["event"] == "page failed"]
        assert f"report this reference: {failed['request']}" in page.all_text


async def test_stylesheet_is_served_with_security_headers(site: Site) -> None:
    """The stylesheet has the pages' headers and loads no other resource."""
    response = await site.get(urls.static("record.css"))
    assert (response.status, response.content_type) == (200, "text/css")
    assert routes.HEADERS.items() <= dict(response.headers).items()
    assert "url(" not in await response.text()
