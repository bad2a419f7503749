"""Downloads of pages, and the meta tags of an article's page as Zotero reads them."""

import csv
import io
import json
from collections.abc import AsyncIterator, Iterator
from datetime import date
from urllib.parse import quote, unquote

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from lxml import html

from bot.core.settings import ReaderMode, Settings
from bot.web.auth.middleware import AuthMiddleware
from bot.web.auth.throttle import PageThrottle
from bot.web.pages import downloads
from bot.web.routes import add_pages
from briefings.exports import Format
from briefings.model import Article
from briefings.service.service import BriefingService
from tests.support.export_readers import read_bibtex, read_ris, read_word_quotes
from tests.support.seed_service import open_seed_service
from tests.support.zotero import read_as_zotero

NOON = 1_467_288_000.0
Client = TestClient[web.Request, web.Application]
ROE = Article(
    "roe/1",
    "The mayor spoke on Tuesday.\n“We have 5 < 6 & 7 votes ready,” said Jane Roe, the mayor.\n“=1+1,” she said.",
    publisher="The Tribune",
    published=date(2016, 6, 28),
    url="https://tribune.example/vote?a=1&b=2",
    title='Mayor: "ready" & waiting <now>',
    byline="Sam Poe, political editor, and Ann van der Berg",
)
PAGES = [
    "/record/stories/labour-crisis",
    "/record/search?q=lynch-mob",
    "/record/people/Jeremy%20Corbyn",
    "/record/articles/roe%2F1",
    "/record/people/Jeremy%20Corbyn/timeline",
    "/record/people/Jeremy%20Corbyn/timeline?about=labour-crisis&since=2016-06-01",
    "/record/compare?first=Corbyn&second=McDonnell",
    "/record/news?since=2016-06-01&until=2016-06-30",
    "/record/",
]


@pytest.fixture(scope="module")
def service() -> Iterator[BriefingService]:
    with open_seed_service("sqlite://") as service:
        service.add([ROE])
        yield service


def build_client(service: BriefingService, settings: Settings) -> Client:
    app = web.Application()
    auth_middleware = AuthMiddleware(settings, PageThrottle(lambda: NOON), None)
    add_pages(app, settings, service, auth_middleware=auth_middleware, now=lambda: NOON)
    return TestClient(TestServer(app))


@pytest.fixture
async def client(service: BriefingService) -> AsyncIterator[Client]:
    async with build_client(service, Settings()) as client:
        yield client


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", list(Format))
async def test_every_page_can_be_saved_in_every_format(client: Client, page: str, name: Format) -> None:
    response = await client.get(f"{page}{'&' if '?' in page else '?'}format={name}")
    assert response.status == 200
    assert response.headers["Content-Type"].partition(";")[0] == name.content_type.partition(";")[0]
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith('attachment; filename="')
    assert unquote(disposition.rpartition("''")[2]).endswith(name.suffix)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert len(await response.read()) > 100


@pytest.mark.parametrize("page", PAGES)
async def test_every_page_links_to_its_downloads_and_they_open(client: Client, page: str) -> None:
    tree = html.fromstring(await (await client.get(page)).text())
    links = tree.xpath("//details[@class='saving']//a/@href")
    assert len(links) == len(Format)
    for link in links:
        assert (await client.get(link)).status == 200


@pytest.mark.parametrize("page", PAGES)
async def test_every_quotation_can_be_copied_as_plain_text_without_a_script(client: Client, page: str) -> None:
    tree = html.fromstring(await (await client.get(page)).text())
    copies = [copy.text_content() for copy in tree.xpath("//details[@class='copy']/p[@class='copyable']")]
    assert copies
    assert all(" — " in copy for copy in copies)
    assert len(copies) >= len(tree.xpath("//ul[@class='lines']/li | //li[contains(@class, 'said')]"))


async def test_copied_text_has_quotation_speaker_outlet_day_and_link(client: Client) -> None:
    tree = html.fromstring(await (await client.get("/record/articles/roe%2F1")).text())
    first_copy = tree.xpath("//p[@class='copyable']")[0].text_content()
    assert first_copy.startswith(
        "“We have 5 < 6 & 7 votes ready” — Jane Roe (mayor), The Tribune, Tue 28 Jun 2016, https://tribune"
    )


@pytest.mark.parametrize("words", ["labour-crisis", "*", "crisis ../vote", "crisis " * 100])
async def test_all_files_of_a_story_have_one_name(client: Client, words: str) -> None:
    names = set()
    for name in (Format.JSON, Format.MARKDOWN):
        response = await client.get(f"/record/stories/{quote(words, safe='')}", params={"format": name})
        assert response.status == 200
        file_name = unquote(response.headers["Content-Disposition"].rpartition("''")[2])
        names.add(file_name.removesuffix(name.suffix))
    (file_name,) = names
    assert len(file_name) < 120
    assert set(file_name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


async def test_the_first_page_is_saved_as_its_news(client: Client) -> None:
    text = await (await client.get("/record/?format=md")).text()
    assert text.startswith("# News, 30 June 2016\n")


@pytest.mark.parametrize("name", ["pdf", "md csv", "../x", "<script>", "x" * 500])
@pytest.mark.parametrize("page", PAGES)
async def test_unknown_format_is_explained(client: Client, page: str, name: str) -> None:
    response = await client.get(page, params={"format": name})
    text = await response.text()
    assert response.status == 400
    assert "doesn’t work for format=" in text.replace("&#39;", "’")
    assert "<script>" not in text


async def test_format_html_and_an_empty_format_are_the_page(client: Client) -> None:
    for name in ("", "html"):
        response = await client.get("/record/search", params={"q": "lynch-mob", "format": name})
        assert (response.status, response.content_type) == (200, "text/html")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/record/articles/missing?format=md", 404),
        ("/record/people/Nobody%20Known?format=csv", 404),
        ("/record/stories/no-such-words-anywhere?format=docx", 404),
        ("/record/search?q=harbour&since=whenever&format=md", 400),
        ("/record/people/Nobody%20Known/timeline?format=csv", 404),
        ("/record/people/Jeremy%20Corbyn/timeline?about=zebras&format=md", 404),
        ("/record/people/Jeremy%20Corbyn/timeline?since=whenever&format=md", 400),
        ("/record/people/%00%3Cscript%3E/timeline?format=ris", 404),
        ("/record/people/Eagle/timeline?format=md", 404),
        ("/record/compare?first=Nobody%20Known&second=Noone&format=docx", 404),
        ("/record/news?days=yesterday&format=md&outlet=Nowhere", 404),
        ("/record/news?days=someday&format=md", 400),
        ("/record/search?format=md", 400),
        ("/record/compare?format=csv", 400),
        ("/record/compare?first=Corbyn&format=csv", 400),
        ("/record/search?format=pdf", 400),
        ("/record/?format=pdf", 400),
    ],
)
async def test_a_download_of_nothing_is_an_error_page(client: Client, path: str, status: int) -> None:
    response = await client.get(path)
    assert (response.status, response.content_type) == (status, "text/html")
    assert "Content-Disposition" not in response.headers


async def test_downloads_are_refused_where_the_page_is(service: BriefingService) -> None:
    settings = Settings(bot_token="xoxb-made-up", signing_secret="0123456789abcdef")
    async with build_client(service, settings) as client:
        for page in PAGES:
            for path in (page, f"{page}{'&' if '?' in page else '?'}format=csv"):
                assert (await client.get(path)).status == 403


async def test_a_download_of_an_article_never_has_its_full_text(service: BriefingService) -> None:
    async with build_client(service, Settings(reader=ReaderMode.QUOTES)) as client:
        for name in Format:
            content = await (await client.get(f"/record/articles/roe%2F1?format={name}")).read()
            assert b"The mayor spoke on Tuesday" not in content


async def test_formulas_are_harmless_and_quotations_whole_in_downloads(client: Client) -> None:
    text = (await (await client.get("/record/articles/roe%2F1?format=csv")).read()).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["text"] for row in rows] == ["We have 5 < 6 & 7 votes ready", "'=1+1"]
    word_quotes = read_word_quotes(await (await client.get("/record/articles/roe%2F1?format=docx")).read())
    assert word_quotes == ["“We have 5 < 6 & 7 votes ready”", "“=1+1”"]


async def test_citations_of_an_article_name_its_authors(client: Client) -> None:
    (entry,) = read_bibtex(await (await client.get("/record/articles/roe%2F1?format=bibtex")).read())
    assert entry["author"] == "Poe, Sam and van der Berg, Ann"
    (record,) = read_ris(await (await client.get("/record/articles/roe%2F1?format=ris")).read())
    assert record["authors"] == ["Poe, Sam", "van der Berg, Ann"]
    (item,) = json.loads(await (await client.get("/record/articles/roe%2F1?format=csl")).read())
    assert item["URL"] == ROE.url


async def test_zotero_reads_the_citation_from_an_articles_page(client: Client) -> None:
    item = read_as_zotero(await (await client.get("/record/articles/roe%2F1")).text())
    assert item == {
        "itemType": "newspaperArticle",
        "title": ROE.title,
        "date": "2016/06/28",
        "publicationTitle": "The Tribune",
        "url": ROE.url,
        "creators": [("Poe", "Sam"), ("van der Berg", "Ann")],
    }


async def test_zotero_reads_nothing_that_an_article_does_not_state(service: BriefingService) -> None:
    service.add([Article("bare", "“We are ready,” said Jane Roe.")])
    async with build_client(service, Settings()) as client:
        item = read_as_zotero(await (await client.get("/record/articles/bare")).text())
    assert item == {"itemType": "webpage", "creators": []}


@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        ("a.md", "attachment; filename=\"a.md\"; filename*=UTF-8''a.md"),
        ("zoë.md", "attachment; filename=\"zoe.md\"; filename*=UTF-8''zo%C3%AB.md"),
        ("мэр.md", "attachment; filename=\"md\"; filename*=UTF-8''%D0%BC%D1%8D%D1%80.md"),
        ('a"\r\nX: y.md', "attachment; filename=\"a---X--y.md\"; filename*=UTF-8''a%22%0D%0AX%3A%20y.md"),
    ],
)
def test_file_name_cannot_break_the_header(name: str, disposition: str) -> None:
    assert downloads.format_disposition(name) == disposition
