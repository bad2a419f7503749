"""The timeline and comparison pages: content, redirects, choices, and bad or hostile input."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from html import unescape

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from bot.core.settings import Settings
from bot.web.auth.middleware import AuthMiddleware
from bot.web.auth.throttle import PageThrottle
from bot.web.routes import add_pages
from briefings.model import Article
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository

NOON = 1_754_000_000.0
ARTICLES = (
    Article(
        "a",
        "The ferry was late. “The ferry will sail every day from now on,” said Jane Roe, the mayor.",
        "<i>The Tribune</i>",
        date(2025, 6, 3),
        "https://tribune.example/a",
    ),
    Article(
        "b",
        "Jane Roe, the mayor, spoke. “The ferry will sail every night from now on,” said Roe.\n\n"
        "“The budget is a mess that nobody wants to clean up,” said Roe.",
        "Easton Herald",
        date(2025, 6, 5),
    ),
    Article(
        "c", "“The ferry cannot <script>sail</script> in such a storm,” said Tom Alder.", "Herald", date(2025, 6, 4)
    ),
    Article("d", "“I will not wait for any ferry,” said Peter Marsh.", "Herald"),
    Article("e", "“I have waited for years,” said Susan Marsh.", "Herald"),
)
Client = TestClient[web.Request, web.Application]


@pytest.fixture(scope="module")
def service() -> Iterator[BriefingService]:
    with closing(open_repository("sqlite://", lambda: datetime(2025, 8, 1, tzinfo=UTC))) as repository:
        service = BriefingService(repository)
        service.add(ARTICLES)
        yield service


@pytest.fixture
async def client(service: BriefingService) -> AsyncIterator[Client]:
    app = web.Application()
    auth_middleware = AuthMiddleware(Settings(), PageThrottle(lambda: NOON), None)
    add_pages(app, Settings(), service, auth_middleware=auth_middleware, now=lambda: NOON)
    async with TestClient(TestServer(app)) as client:
        yield client


async def read_page(response: ClientResponse, status: int = 200) -> str:
    text = await response.text()
    assert response.status == status, text
    # the page's own script, and none of an article
    assert "<script" not in text.replace('<script src="/record/static/copy.js"', "")
    assert "<i>" not in text
    assert " style=" not in text
    assert "Traceback" not in text
    return unescape(text.replace("<bdi>", "").replace("</bdi>", ""))


async def test_timeline_has_a_chart_and_the_other_wordings(client: Client) -> None:
    page = await read_page(await client.get("/record/people/Jane%20Roe/timeline"))
    assert "2 statements, reported 3 times" in page
    assert page.index("First") < page.index("every night") < page.index("In other words") < page.index("Latest")
    assert '<mark class="differs">day</mark>' in page
    assert "Quotes per day, by outlet" in page
    assert "3 dated quotes, Tue 3 Jun 2025 to Thu 5 Jun 2025" in page


async def test_other_spellings_redirect_with_their_filters(client: Client) -> None:
    response = await client.get("/record/people/Roe/timeline?about=ferry&since=2025-06-01", allow_redirects=False)
    assert response.status == 302
    assert response.headers["Location"] == "/record/people/Jane%20Roe/timeline?about=ferry&since=2025-06-01"
    assert "budget" not in await read_page(await client.get(response.headers["Location"]))


async def test_a_subject_without_quotes_is_said(client: Client) -> None:
    page = await read_page(await client.get("/record/people/Jane%20Roe/timeline?about=zebras"))
    assert "No quotes by Jane Roe about “zebras”. On all subjects: 3 quotes." in page
    assert "Quotes over time" not in page


async def test_a_shared_name_is_a_choice_of_timelines(client: Client) -> None:
    page = await read_page(await client.get("/record/people/Marsh/timeline?about=ferry"), 300)
    assert "/record/people/Peter%20Marsh/timeline?about=ferry" in page
    await read_page(await client.get("/record/people/Nobody%20Here/timeline"), 404)


async def test_two_people_are_in_two_columns(client: Client) -> None:
    page = await read_page(await client.get("/record/compare?first=Roe&second=Alder&about=ferry"))
    assert "Jane Roe" in page
    assert "Tom Alder" in page
    assert page.count('class="slot" aria-labelledby="person-') == 2
    assert "budget" not in page
    assert "/record/people/Jane%20Roe/timeline?about=ferry" in page


async def test_days_of_two_people_have_different_names_for_screen_readers(client: Client) -> None:
    page = await read_page(await client.get("/record/compare?first=Roe&second=Alder"))
    labels = re.findall(r'class="day" aria-labelledby="([^"]+)"', page)
    assert labels
    assert all(re.fullmatch(r"person-[01] day-[01]-\d+", label) for label in labels)


async def test_a_paraphrase_is_not_shown_as_a_quotation(service: BriefingService, client: Client) -> None:
    words = "build the old harbour wall again before the winter"
    service.add(
        [
            Article("p", f"“I will {words},” said Ada Birch.", "The Tribune", date(2025, 6, 3)),
            Article("r", f"Ada Birch said that she would {words}.", "Easton Herald", date(2025, 6, 4)),
        ]
    )
    page = await read_page(await client.get("/record/people/Ada%20Birch/timeline"))
    assert f"<q>I will {words}</q>" in page
    assert page.count("<q") == 1
    assert "In the article’s words:" in page


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ("", "First person"),
        ("first=Roe", "First person"),
        ("first=Roe&second=Zork", "No quotes by Zork."),
        ("first=Roe&second=Marsh", "Several people have this name."),
        ("first=Roe&second=Alder&about=budget", "No quotes by Tom Alder about “budget”."),
        ("first=Roe&second=Jane+Roe", "Both names mean Jane Roe."),
    ],
)
async def test_a_missing_side_is_said(client: Client, params: str, words: str) -> None:
    assert words in await read_page(await client.get(f"/record/compare?{params}"))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("compare?first=Roe&second=Alder&since=whenever", 400),
        ("compare?first=%E2%80%A6&second=Alder", 400),
        ("compare?first=Roe&second=Alder&since=2025-06-05&until=2025-06-01", 400),
        ("compare?first=Roe&second=Alder&about=%E2%80%A6", 400),
        (f"compare?first=Roe&second={'x' * 2000}", 200),
        ("compare?first=%3Cscript%3E&second=%3Cscript%3E", 200),
        ("people/%E2%80%A6/timeline", 400),
        ("people/Roe/timeline?since=whenever", 400),
        ("people/%3Cscript%3E/timeline", 404),
        ("people/a%2Fb/timeline", 404),
        (f"people/{'x' * 1500}/timeline", 400),
    ],
)
async def test_bad_input_is_one_sentence(client: Client, path: str, status: int) -> None:
    await read_page(await client.get(f"/record/{path}"), status)


async def test_a_persons_words_are_in_quotation_marks_in_the_news(service: BriefingService, client: Client) -> None:
    words = "Ten boats were lost by the harbour wall in the storm that day"
    service.add([Article("boats", f"“{words},” said Ian Oakes, the harbour master.", "Herald", date(2025, 6, 20))])
    for path in ("/record/news?since=2025-06-20&until=2025-06-20", "/record/"):
        text = await read_page(await client.get(path))
        assert f"<q>{words}</q>" in text
        assert f"“{words}” — Ian Oakes" in text


async def test_no_quotes_in_some_days_is_one_plain_sentence(client: Client) -> None:
    text = await read_page(await client.get("/record/people/Jane%20Roe/timeline?until=2020-01-01"))
    assert "No quotes by Jane Roe until 1 January 2020. On all subjects: 3 quotes." in " ".join(text.split())
