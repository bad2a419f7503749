"""The pages over real HTTP: the text to the character, the right status for bad input, headers on every answer."""

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
from tests.stand_ins.briefing_service import GUARDIAN, RALLY, SHARECAST, UNDATED, FakeBriefingService, seed
from tests.support.seed_service import seeded_desk

SEEDS = (GUARDIAN, UNDATED, RALLY, SHARECAST)


class Site:
    """The bot's server, asked as a browser asks."""

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
    """What a page says: its text, that of the article alone, its elements."""

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
    settings = Settings(**more)  # without tokens: the pages are open to this machine
    async with TestServer(build_web_app(settings, service)) as server, ClientSession() as session:
        yield Site(session, server)


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BriefingService]:
    """The seeds, to be read alone."""
    with seeded_desk(f"sqlite:///{tmp_path_factory.mktemp('seeds') / 'record.db'}") as service:
        yield service


@pytest.fixture
def service(tmp_path: Path) -> Iterator[BriefingService]:
    """An empty record, to add to."""
    with closing(open_repository(f"sqlite:///{tmp_path / 'record.db'}", lambda: datetime.now(UTC))) as repository:
        yield BriefingService(repository)


@pytest.fixture
async def site(seeds: BriefingService) -> AsyncIterator[Site]:
    async with serve_pages(seeds) as site:
        yield site


@pytest.fixture
async def own(service: BriefingService) -> AsyncIterator[Site]:
    """The site of the empty record."""
    async with serve_pages(service) as site:
        yield site


@pytest.mark.parametrize("article", SEEDS)
async def test_the_text_stands_on_the_page_as_it_came(site: Site, article: str) -> None:
    """To the character, whatever is marked in it."""
    text = seed(article)
    for address in (urls.article(article), urls.article(article, 30, len(text) - 30)):
        assert (await site.page(address)).text == text


@pytest.mark.parametrize(
    "text", ["a\r\nb\rc\n\n\n", "\n\n“One,” said Ada.\t\x0c<b>&amp;</b>", "  x\u2028y\x85z ", "<!--"]
)
async def test_odd_texts_stand_there_too(own: Site, service: BriefingService, text: str) -> None:
    """Carriage returns, tabs, markup and odd line breaks come back out of the page as they went in."""
    service.add([Article("odd", text)])
    raw = await (await own.get(urls.article("odd"))).text()
    page = Page()
    page.feed(raw)
    assert page.text == text


async def test_the_words_asked_for_are_marked_and_the_publisher_comes_first(site: Site) -> None:
    """The first link of the page's own opens the publisher's page at these words, and tells it nothing of us."""
    start = seed(GUARDIAN).index("Yes, I’m here.")
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
    other_start = seed(UNDATED).index("Yes, I'm here, thank you.")
    assert urls.article(UNDATED, other_start, other_start + 25) in inside
    for expected in ("How the name was found", "99 in 100", "thank you", "Heather Stewart", "Sat 25 Jun 2016"):
        assert expected in page.all_text


async def test_every_link_within_the_page_leads_somewhere(site: Site) -> None:
    """Each quotation to its note and back; no name is given twice."""
    for article in SEEDS:
        page = await site.page(urls.article(article, 0, 30))
        ids = [attributes["id"] for _, attributes in page.elements if attributes.get("id")]
        assert len(ids) == len(set(ids))
        assert {link[1:] for link in page.links() if link.startswith("#")} <= set(ids)


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
async def test_bad_addresses_get_the_right_status_and_a_helpful_page(site: Site, address: str, status: int) -> None:
    """A heading, a way on, and nothing of what was typed."""
    page = await site.page(address, status)
    assert "script" not in [tag for tag, _ in page.elements]
    assert urls.index() in page.links()
    assert "Traceback" not in page.all_text


async def test_other_methods_are_refused_in_the_same_look(site: Site) -> None:
    response = await site.post(urls.index())
    assert response.status == 405
    assert response.headers["Allow"] == "GET,HEAD"
    assert "can only be read" in await response.text()


async def test_a_hostile_article_does_nothing(own: Site, service: BriefingService) -> None:
    """No element, attribute or address of a stranger's; directions stay within their element."""
    hostile = '"><script>alert(1)</script><img src=x onerror=alert(2)>\u202eevil'
    text = f"{hostile}\n“{hostile} is what we want,” said Ada {hostile} Berg."
    service.add([Article(hostile, text, hostile, None, "javascript:alert(3)", hostile, hostile)])
    response = await own.get(urls.article(hostile, 0, 20))
    page = Page()
    page.feed(await response.text())
    assert response.status == 200
    assert page.text == text
    assert not {"script", "img", "iframe", "style", "object"} & {tag for tag, _ in page.elements}
    names = {name for _, attributes in page.elements for name in attributes}
    assert not [name for name in names if name.startswith("on") or name == "style"]
    assert not [link for link in page.links() if not link.startswith(("/record", "#"))]
    assert "address of the publisher’s page is not known" in page.all_text


async def test_a_huge_article_is_shown_in_parts_that_join_to_the_text(own: Site, service: BriefingService) -> None:
    """Five megabytes: each part is bounded, says so, and leads to the next; the words asked for are in theirs."""
    text = "A line of the council's very long report, which nobody has read to its end.\n" * 66_000
    service.add([Article("huge", text)])
    page = await own.page(urls.article("huge", 4_000_000, 4_000_010))
    assert "Part 100 of" in page.all_text
    assert [attributes for tag, attributes in page.elements if tag == "mark"]
    address, joined_text = urls.article("huge"), ""
    for _ in range(3):
        page = await own.page(address)
        assert len(page.text) < 50_000
        joined_text += page.text
        address = next(attributes["href"] or "" for tag, attributes in page.elements if attributes.get("rel") == "next")
    assert text.startswith(joined_text)


async def test_with_full_texts_off_only_quoted_sentences_are_shown(seeds: BriefingService) -> None:
    """And what a link asks for beyond them is left to the publisher."""
    narrated = "The Labour leader was confronted as he arrived at the march"
    start = seed(GUARDIAN).index(narrated)
    async with serve_pages(seeds, reader=ReaderMode.QUOTES) as site:
        page = await site.page(urls.article(GUARDIAN, start, start + 30))
        assert narrated not in page.all_text
        assert "full texts are switched off" in page.all_text
        assert "Yes, I’m here." in page.text
        start = seed(GUARDIAN).index("Yes, I’m here.")
        page = await site.page(urls.article(GUARDIAN, start, start + 14))
        assert [attributes for tag, attributes in page.elements if attributes.get("id") == "at"]
    async with serve_pages(seeds) as site:
        assert narrated in (await site.page(urls.article(GUARDIAN))).text


async def test_older_versions_and_copies_are_told(own: Site, service: BriefingService) -> None:
    text = seed(RALLY)
    service.add([Article(RALLY, text, publisher="One")])
    service.add([Article(RALLY, text + "\nThis is new.", publisher="One"), Article("copy", text, publisher="The Copy")])
    page = await own.page(urls.article(RALLY))
    assert "1 older version" in page.all_text
    assert urls.article("copy") in page.links()


async def test_the_front_page_tells_what_is_held(site: Site) -> None:
    page = await site.page(urls.index())
    assert "4 articles with 45 quotations" in page.all_text
    assert urls.story("labour-crisis") in page.links()
    assert urls.article(GUARDIAN) in page.links()
    assert (await site.get("/record")).headers["Location"] == "/record/"


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (ValueError("a secret of the house"), 500, "It was noted as"),
        (DatabaseUnavailable("The record is locked."), 503, "The record is locked."),
        (BriefingsError("Ask for less."), 400, "Ask for less."),
        (TimeoutError(), 503, "takes longer than a page may"),
    ],
)
async def test_what_breaks_is_a_page_that_says_nothing_of_itself(
    error: Exception, status: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The reference that the page shows stands in the log; what the error says in neither."""

    class Broken(FakeBriefingService):
        def get_overview(self) -> Any:
            raise error

    logs.configure("INFO", colours=False)
    async with serve_pages(Broken()) as site:
        page = await site.page(urls.index(), status)
    logged = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    assert says in page.all_text
    assert "secret of the house" not in page.all_text + str(logged)
    if status == 500:
        (failed,) = [entry for entry in logged if entry["event"] == "page failed"]
        assert f"noted as {failed['request']}" in page.all_text


async def test_the_style_ships_with_the_pages(site: Site) -> None:
    """And is answered under the same headers; it asks for nothing else."""
    response = await site.get(urls.static("record.css"))
    assert (response.status, response.content_type) == (200, "text/css")
    assert routes.HEADERS.items() <= dict(response.headers).items()
    assert "url(" not in await response.text()
