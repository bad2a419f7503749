"""The story, person and search pages over the seeds: what they show, and what they say to bad input."""

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
from briefings.service.service import BriefingService
from tests.support.seed_service import seeded_desk

NOON = 1_467_374_400.0  # 1 July 2016, a Friday
HOSTILE = "“<script>alert(1)</script> will not do,” said <b>Ada Marsh</b>. “The harbour is shut,” said Tom Marsh."
Client = TestClient[web.Request, web.Application]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BriefingService]:
    path = tmp_path_factory.mktemp("pages") / "record.db"
    with seeded_desk(f"sqlite:///{path}") as desk:
        desk.add([Article("hostile", HOSTILE, publisher='<i>Paper</i>"', title="\u202e<script>alert(1)</script>")])
        desk.add([Article("other", "“The harbour is open,” said Ada Marsh.", publisher="The Post")])
        yield desk


@pytest.fixture
async def client(desk: BriefingService) -> AsyncIterator[Client]:
    app = web.Application()
    add_pages(
        app,
        Settings(),
        desk,
        auth_middleware=AuthMiddleware(Settings(), PageThrottle(lambda: NOON), None),
        now=lambda: NOON,
    )
    async with TestClient(TestServer(app)) as client:
        yield client


async def read(response: ClientResponse, status: int = 200) -> str:
    text = await response.text()
    assert response.status == status, text
    assert "script-src" not in response.headers["Content-Security-Policy"]
    assert "<script" not in text
    assert " style=" not in text
    assert "Traceback" not in text
    return unescape(text)


async def test_a_story_shows_every_line_of_its_briefing_linked_to_its_sentence(
    client: Client, desk: BriefingService
) -> None:
    page = await read(await client.get("/record/stories/labour-crisis"))
    briefing = desk.brief("labour-crisis")
    for line in briefing.lines:
        if line.evidence:
            assert all(piece.text in page for piece in line.evidence) or line.text in page
            for piece in line.evidence:
                assert f"/record/articles/{piece.article}?at={piece.start}-{piece.end}#at" in page
                assert piece.link is None or piece.link in page


async def test_as_json_it_is_the_briefing_of_the_command_line_and_its_figures(
    client: Client, desk: BriefingService
) -> None:
    response = await client.get("/record/stories/labour-crisis?format=json")
    assert response.content_type == "application/json"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    told = await response.json()
    figures = told.pop("figures")
    assert told == json.loads(json.dumps(json_output.render_briefing(desk.brief("labour-crisis"))))
    assert sum(count["articles"] for count in figures["days"]) == 4
    assert figures["heard"][0]["speaker"] == "Jeremy Corbyn"


async def test_as_json_an_error_is_json(client: Client) -> None:
    response = await client.get("/record/stories/labor-crisis?format=json")
    told = await response.json()
    assert (response.status, told["nearest"]) == (404, ["labour-crisis"])


async def test_a_story_is_narrowed_by_days_outlet_and_words(client: Client) -> None:
    response = await client.get("/record/stories/labour-crisis?format=json&outlet=guardian&since=2016-06-20&words=60")
    told = await response.json()
    assert {source["publisher"] for source in told["articles"]} == {"The Guardian"}
    assert told["words"] <= 60
    page = await read(await client.get("/record/stories/labour-crisis?since=monday"), 200)
    assert "Sat 25 Jun 2016" not in page.partition('id="sources"')[2]


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("stories/nothing-of-this", 404, "None of the"),
        ("stories/labour-crisis?since=whenever", 400, "is no day that can be told"),
        ("stories/labour-crisis?since=2016-07-01&until=2016-06-01", 400, "The first day is after the last one"),
        ("stories/labour-crisis?words=5", 400, "from 50 to 1,000"),
        (f"stories/{'x' * 2000}", 400, "over 1000 characters"),
        ("stories/%00", 400, "Say what the briefing is to be about"),
        ("stories/%3Cmarquee%3E", 404, "None of the"),
        ("people/Nobody%20Atall", 404, "Nobody is quoted as"),
        ("people/%E2%80%AE", 400, "holds no word"),
        ("people/Jeremy%20Corbyn?page=99999", 404, "there is no page 99,999"),
        ("people/Jeremy%20Corbyn?page=-1", 400, "behind page= is no number"),
        (f"people/{'x%20' * 600}", 400, "over 1000 characters"),
        ("search?q=harbour&page=99999", 404, "Pages end at 200"),
        ("search?q=harbour&page=7", 404, "There is no page 7"),
        ("search?q=harbour&page=-1", 400, "behind page= is no number"),
        ("search?q=harbour&until=nonsense", 400, "is no day that can be told"),
        (f"search?q={'x' * 3000}", 400, "over 1000 characters"),
        ("search?about=harbour", 400, "Say the words to look for"),
        ("search?q=...&by=...", 400, "holds no word"),
    ],
)
async def test_bad_input_gets_its_status_and_a_sentence(client: Client, path: str, status: int, sentence: str) -> None:
    assert sentence in await read(await client.get(f"/record/{path}"), status)


async def test_a_person_has_roles_stories_and_what_they_said(client: Client) -> None:
    page = await read(await client.get("/record/people/John%20McDonnell"))
    assert "shadow chancellor" in page
    assert "like a lynch-mob without the rope" in page
    assert "/record/stories/labour-crisis" in page


async def test_another_spelling_leads_to_the_one_page(client: Client) -> None:
    response = await client.get("/record/people/corbyn?page=2", allow_redirects=False)
    assert (response.status, response.headers["Location"]) == (302, "/record/people/Jeremy%20Corbyn?page=2")
    assert "Page 2 of 2" in await read(await client.get(response.headers["Location"]))


async def test_a_surname_of_two_is_a_choice_and_a_slip_has_the_nearest(client: Client) -> None:
    page = await read(await client.get("/record/people/marsh"), 300)
    assert "/record/people/Ada%20Marsh" in page
    assert "/record/people/Tom%20Marsh" in page
    assert "/record/people/Jeremy%20Corbyn" in await read(await client.get("/record/people/Jeremy%20Corbin"), 404)


async def test_every_quotation_of_a_person_stands_on_one_of_the_pages(client: Client, desk: BriefingService) -> None:
    pages = [await read(await client.get(f"/record/people/Jeremy%20Corbyn?page={n}")) for n in (1, 2)]
    for hit in desk.who_said("", by="Jeremy Corbyn").hits:
        assert any(f"/record/articles/{hit.article}?at={hit.start}-{hit.end}#at" in page for page in pages)


async def test_the_empty_form_says_how_much_is_held(client: Client) -> None:
    assert "quotations in 6 articles" in await read(await client.get("/record/search"))


async def test_a_search_shows_who_said_it_and_keeps_what_was_typed(client: Client) -> None:
    page = await read(await client.get("/record/search?q=lynch-mob&outlet=business"))
    assert "John McDonnell" in page
    assert 'value="lynch-mob"' in page
    assert 'value="business"' in page


async def test_nothing_found_says_how_much_was_searched_and_what_may_be_meant(client: Client) -> None:
    page = await read(await client.get("/record/search?q=linch+mob"))
    assert "is in no quotation" in page
    assert "Searched: 4" in page
    assert "/record/search?q=lynch%20mob" in page
    assert "The closest real quotations" in page


async def test_a_name_leads_to_the_person_and_a_topic_to_the_story(client: Client) -> None:
    page = await read(await client.get("/record/search?q=Corbyn"))
    assert "/record/people/Jeremy%20Corbyn" in page
    assert "/record/stories/labour-crisis" in await read(await client.get("/record/search?q=labour+crisis"))


async def test_what_nobody_says_is_the_papers_own(client: Client) -> None:
    page = await read(await client.get(f"/record/search?q={quote('a mood of defiance')}"))
    assert "Nobody is quoted as saying" in page
    assert "In the articles’ own text" in page


async def test_pages_of_a_search_lead_on_with_the_same_filters(client: Client) -> None:
    page = await read(await client.get("/record/search?by=Corbyn"))
    assert "/record/search?by=Corbyn&page=2" in page
    assert "Newer" in await read(await client.get("/record/search?by=Corbyn&page=2"))


async def test_hostile_words_and_outlets_are_text(client: Client) -> None:
    page = await (await client.get("/record/search?q=harbour")).text()
    assert "&lt;i&gt;Paper&lt;/i&gt;" in page
    page = await read(await client.get("/record/stories/harbour"))
    assert "<bdi>" in page
