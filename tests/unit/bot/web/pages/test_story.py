"""Tests of the story, person and search pages with the seed articles: content, and errors for bad input."""

import json
from collections.abc import AsyncIterator
from html import unescape
from urllib.parse import quote

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from bot.core.settings import Settings
from bot.web.auth.middleware import AuthMiddleware
from bot.web.auth.throttle import PageThrottle
from bot.web.routes import add_pages
from briefings.model import Article
from briefings.render import json_output
from briefings.service import quote_search
from briefings.service.service import BriefingService
from tests.support.seed_service import open_seed_service

NOON = 1_467_374_400.0  # 1 July 2016, a Friday
HOSTILE = "“<script>alert(1)</script> will not do,” said <b>Ada Marsh</b>. “The harbour is shut,” said Tom Marsh."
MAYOR = (
    "The Easton Bridge opened. The Harbour Alliance, the Ferry Union and the Chamber of Easton were there. "
    "“The bridge is open to all of you now,” said John Smith, the mayor of Easton."
)
COACH = (
    "Fans of Weston Rovers sang in Park Lane. Lena Reyes and Ivo Strand scored in the Northern League. "
    "“We played the second half as a team at last,” said John Smith, the coach."
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FERRIES = ("morning", "midday", "evening")
#: one quotation of Ada Marsh, and twenty-one more for a second page
HARBOUR = "\n\n".join(
    [
        "“The harbour is open,” said Ada Marsh.",
        *(f"“The {ferry} ferry of {day} is full again,” Ada Marsh said." for day in _DAYS for ferry in _FERRIES),
    ]
)
Client = TestClient[web.Request, web.Application]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BriefingService]:
    path = tmp_path_factory.mktemp("pages") / "record.db"
    with open_seed_service(f"sqlite:///{path}") as service:
        service.add([Article("hostile", HOSTILE, publisher='<i>Paper</i>"', title="\u202e<script>alert(1)</script>")])
        service.add([Article("other", HARBOUR, publisher="The Post")])
        service.add([Article("mayor", MAYOR, publisher="The Post"), Article("coach", COACH, publisher="The Post")])
        yield service


@pytest.fixture
async def client(service: BriefingService) -> AsyncIterator[Client]:
    app = web.Application()
    add_pages(
        app,
        Settings(),
        service,
        auth_middleware=AuthMiddleware(Settings(), PageThrottle(lambda: NOON), None),
        now=lambda: NOON,
    )
    async with TestClient(TestServer(app)) as client:
        yield client


def find_scripts(text: str) -> list[str]:
    return ["<script" + part for part in text.split("<script")[1:]]


async def read_page(response: ClientResponse, status: int = 200) -> str:
    text = await response.text()
    assert response.status == status, text
    assert "script-src 'self';" in response.headers["Content-Security-Policy"]
    assert all(tag.startswith('<script src="/record/static/copy.js" defer>') for tag in find_scripts(text))
    assert " style=" not in text
    assert "Traceback" not in text
    return unescape(text)


async def test_story_links_every_line_to_its_sentence(client: Client, service: BriefingService) -> None:
    page = await read_page(await client.get("/record/stories/labour-crisis"))
    briefing = service.brief("labour-crisis")
    for line in briefing.lines:
        if line.evidence:
            assert all(piece.text in page for piece in line.evidence) or line.text in page
            for piece in line.evidence:
                assert f"/record/articles/{piece.article}?at={piece.start}-{piece.end}#at" in page
                assert piece.link is None or piece.link in page


async def test_story_json_is_the_command_line_briefing_and_its_figures(
    client: Client, service: BriefingService
) -> None:
    response = await client.get("/record/stories/labour-crisis?format=json")
    assert response.content_type == "application/json"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    document = await response.json()
    figures = document.pop("figures")
    assert document == json.loads(json.dumps(json_output.render_briefing(service.brief("labour-crisis"))))
    assert sum(count["articles"] for count in figures["days"]) == 4
    assert figures["heard"][0]["speaker"] == "Jeremy Corbyn"


async def test_story_json_error_is_json(client: Client) -> None:
    response = await client.get("/record/stories/labor-crisis?format=json")
    document = await response.json()
    assert (response.status, document["nearest"]) == (404, ["labour-crisis"])


async def test_story_is_filtered_by_days_outlet_and_length(client: Client) -> None:
    response = await client.get("/record/stories/labour-crisis?format=json&outlet=guardian&since=2016-06-20&words=60")
    document = await response.json()
    assert {source["publisher"] for source in document["articles"]} == {"The Guardian"}
    assert document["words"] <= 60
    page = await read_page(await client.get("/record/stories/labour-crisis?since=monday"), 200)
    assert "Sat 25 Jun 2016" not in page.partition('id="sources"')[2]


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("stories/nothing-of-this", 404, "No articles about"),
        ("stories/labour-crisis?since=whenever", 400, "as a date"),
        ("stories/labour-crisis?since=2016-07-01&until=2016-06-01", 400, "The start date is after the end date"),
        ("stories/labour-crisis?words=5", 400, "from 50 to 1,000"),
        (f"stories/{'x' * 2000}", 400, "over 1000 characters"),
        ("stories/%00", 400, "Enter a topic or some words"),
        ("stories/%3Cmarquee%3E", 404, "No articles about"),
        ("people/Nobody%20Atall", 404, "No quotes from"),
        ("people/%E2%80%AE", 400, "Enter a person's name"),
        ("people/Jeremy%20Corbyn?page=99999", 404, "Page 99,999 doesn't exist"),
        ("people/Jeremy%20Corbyn?page=-1", 400, "work for page="),
        (f"people/{'x%20' * 600}", 400, "over 1000 characters"),
        ("search?q=harbour&page=99999", 404, "Pages end at 200"),
        ("search?q=harbour&page=7", 404, "Page 7 doesn't exist"),
        ("search?q=harbour&page=-1", 400, "work for page="),
        ("search?q=harbour&until=nonsense", 400, "as a date"),
        (f"search?q={'x' * 3000}", 400, "over 1000 characters"),
        ("search?about=harbour", 400, "Enter the words to look for"),
        ("search?q=...&by=...", 400, "has no words"),
    ],
)
async def test_bad_input_gets_a_status_and_a_sentence(client: Client, path: str, status: int, sentence: str) -> None:
    assert sentence in await read_page(await client.get(f"/record/{path}"), status)


async def test_person_page_shows_roles_stories_and_quotes(client: Client) -> None:
    page = await read_page(await client.get("/record/people/John%20McDonnell"))
    assert "shadow chancellor" in page
    assert "like a lynch-mob without the rope" in page
    assert "/record/stories/labour-crisis" in page


async def test_page_of_a_name_that_two_people_have_says_so(client: Client) -> None:
    text = " ".join((await read_page(await client.get("/record/people/John%20Smith"))).split())
    assert "Perhaps 2 people with this name" in text
    assert "mayor of Easton" in text
    assert "Perhaps" not in await read_page(await client.get("/record/people/Ada%20Marsh"))


async def test_other_spelling_redirects_to_the_person(client: Client) -> None:
    response = await client.get("/record/people/ada%20marsh?page=2", allow_redirects=False)
    assert (response.status, response.headers["Location"]) == (302, "/record/people/Ada%20Marsh?page=2")
    assert "Page 2 of 2" in await read_page(await client.get(response.headers["Location"]))


async def test_shared_surname_lists_people_and_a_typo_lists_similar_names(client: Client) -> None:
    page = await read_page(await client.get("/record/people/marsh"), 300)
    assert "/record/people/Ada%20Marsh" in page
    assert "/record/people/Tom%20Marsh" in page
    assert "/record/people/Jeremy%20Corbyn" in await read_page(await client.get("/record/people/Jeremy%20Corbin"), 404)


async def test_every_quotation_of_a_person_is_on_one_of_the_pages(client: Client, service: BriefingService) -> None:
    pages = [await read_page(await client.get(f"/record/people/Ada%20Marsh?page={n}")) for n in (1, 2)]
    for hit in service.who_said("", by="Ada Marsh").hits:
        assert any(f"/record/articles/{hit.article}?at={hit.start}-{hit.end}#at" in page for page in pages)


async def test_empty_search_form_shows_the_totals(client: Client) -> None:
    assert "quotes in 8 articles" in await read_page(await client.get("/record/search"))


async def test_search_shows_the_speaker_and_keeps_the_form_values(client: Client) -> None:
    page = await read_page(await client.get("/record/search?q=lynch-mob&outlet=business"))
    assert "John McDonnell" in page
    assert 'value="lynch-mob"' in page
    assert 'value="business"' in page


async def test_search_without_hits_shows_its_scope_and_suggestions(client: Client) -> None:
    page = await read_page(await client.get("/record/search?q=linch+mob"))
    assert "No exact match for" in page
    assert "in 8 articles, Sat 25 Jun 2016 to Thu 30 Jun 2016." in page
    assert "/record/search?q=lynch%20mob" in page
    assert "Closest quotes" in page


async def test_search_links_names_to_people_and_topics_to_stories(client: Client) -> None:
    page = await read_page(await client.get("/record/search?q=Corbyn"))
    assert "/record/people/Jeremy%20Corbyn" in page
    assert "/record/stories/labour-crisis" in await read_page(await client.get("/record/search?q=labour+crisis"))


async def test_search_finds_words_in_article_text_without_a_speaker(client: Client) -> None:
    page = await read_page(await client.get(f"/record/search?q={quote('a mood of defiance')}"))
    assert "No one is quoted saying" in page
    assert "In the articles’ own text, not in a quote" in page


async def test_search_pagination_keeps_the_filters(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quote_search, "PAGE_SIZE", 5)
    page = await read_page(await client.get("/record/search?by=Corbyn"))
    assert "/record/search?by=Corbyn&page=2" in page
    assert "Newer" in await read_page(await client.get("/record/search?by=Corbyn&page=2"))


async def test_hostile_text_is_escaped(client: Client) -> None:
    page = await (await client.get("/record/search?q=harbour")).text()
    assert "&lt;i&gt;Paper&lt;/i&gt;" in page
    page = await read_page(await client.get("/record/stories/harbour"))
    assert "<bdi>" in page
