"""The pages of the web side, as a browser gets them."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from bot.core.settings import Settings
from bot.server.server import build_web_app
from briefings.service.service import BriefingService
from tests.golden.compare import compare
from tests.golden.person import Person
from tests.scenarios.conftest import run_app
from tests.stand_ins.briefing_service import GUARDIAN, RALLY, SHARECAST, UNDATED
from tests.stand_ins.page_access import LINK, SIGNS_IN, Browser, come_back, confirms, set_out
from tests.support.clock import Clock

YEAR = 366 * 86_400
PAGES = {
    "front": "/record/",
    "front_without_slash": "/record",
    "article_guardian": f"/record/articles/{GUARDIAN}",
    "article_undated": f"/record/articles/{UNDATED}",
    "article_rally": f"/record/articles/{RALLY}",
    "article_sharecast": f"/record/articles/{SHARECAST}",
    "article_at": f"/record/articles/{GUARDIAN}?at=300-340",
    "article_from": f"/record/articles/{RALLY}?from=2000",
    "article_bad_place": f"/record/articles/{GUARDIAN}?at=9-5",
    "article_place_outside": f"/record/articles/{GUARDIAN}?at=0-1000000000",
    "article_unknown": "/record/articles/nope",
    "articles_without_id": "/record/articles",
    "story_topic": "/record/stories/labour-crisis",
    "story_short": "/record/stories/labour-crisis?words=100",
    "story_days": "/record/stories/labour-crisis?since=2016-06-28&until=2016-06-30",
    "story_outlet": "/record/stories/labour-crisis?outlet=Guardian",
    "story_everything": "/record/stories/%2A",
    "story_words": "/record/stories/no-confidence%20vote",
    "story_slip": "/record/stories/labour-crysis",
    "story_unknown": "/record/stories/zeppelin",
    "story_bad_day": "/record/stories/labour-crisis?since=whenever",
    "story_bad_length": "/record/stories/labour-crisis?words=many",
    "story_json": "/record/stories/labour-crisis?format=json",
    "person": "/record/people/Jeremy%20Corbyn",
    "person_second_page": "/record/people/Jeremy%20Corbyn?page=2",
    "person_part": "/record/people/McDonnell",
    "person_slip": "/record/people/Jeremy%20Corbin",
    "person_unknown": "/record/people/Nobody%20Here",
    "search_empty": "/record/search",
    "search_words": "/record/search?q=lynch-mob",
    "search_several": "/record/search?q=leadership",
    "search_by": "/record/search?by=Corbyn",
    "search_by_second_page": "/record/search?by=Corbyn&page=2",
    "search_all_filters": "/record/search?q=party&by=Corbyn&about=labour-crisis&outlet=Guardian&since=2016-06-01",
    "search_narration": "/record/search?q=Noisy%20pro-Corbyn%20demonstrators%20gathered",
    "search_slip": "/record/search?q=linch%20mob",
    "search_nothing": "/record/search?q=xylophone%20zeppelin",
    "search_bad_day": "/record/search?q=party&since=whenever",
    "search_hostile": "/record/search?q=%3Cscript%3Ealert(1)%3C/script%3E",
    "nothing_there": "/record/nothing",
}


async def page_text(answer: ClientResponse) -> str:
    """The status, where it leads, and the page."""
    settings = [f"{answer.status} {answer.content_type}", answer.headers.get("Location", "")]
    return "\n".join([" ".join(filter(None, settings)), await answer.text()])


@asynccontextmanager
async def machine(
    desk: BriefingService, clock: Callable[[], float], **more: Any
) -> AsyncIterator[TestClient[Any, Any]]:
    """A browser on the machine of a bot without tokens."""
    app = build_web_app(Settings(**more), desk, now=clock)
    async with TestClient(TestServer(app)) as browser:
        yield browser


@pytest.fixture
async def browser(desk: BriefingService, clock: Clock) -> AsyncIterator[Browser]:
    """A browser elsewhere, whose people can sign in with Slack."""
    async with run_app(lambda settings: build_web_app(settings, desk, now=clock), **SIGNS_IN) as slack:
        yield Browser(slack)


@pytest.mark.parametrize("name", PAGES)
async def test_a_page_is_as_before(desk: BriefingService, clock: Clock, name: str) -> None:
    """To the letter, with its status."""
    async with machine(desk, clock) as browser:
        compare(f"web/{name}.html", await page_text(await browser.get(PAGES[name], allow_redirects=False)))


async def test_what_the_pages_refuse_is_as_before(desk: BriefingService, clock: Clock) -> None:
    """Another method, another name of this machine, the health of the bot and its figures."""
    async with machine(desk, clock) as browser:
        compare("web/other_method.html", await page_text(await browser.post("/record/")))
        elsewhere = await browser.get("/record/", headers={"Host": "evil.example"})
        compare("web/another_name.html", await page_text(elsewhere))
        compare("web/healthy.txt", await page_text(await browser.get("/healthz")))
        compare("web/ready.txt", await page_text(await browser.get("/readyz")))
        figures = await (await browser.get("/metrics")).text()
        ours = [line for line in figures.splitlines() if line.startswith("# ") and "python" not in line]
        compare("web/metrics.txt", "\n".join(ours) + "\n")


async def test_what_a_link_of_an_answer_opens_is_as_before(person: Person, clock: Clock) -> None:
    """The page; nothing without a key, with a forged one, or when it has run out; and the way out."""
    text = str(await person.run_command("/whosaid", "lynch-mob"))
    link_match = LINK.search(text)
    assert link_match
    link = link_match[1].replace("&amp;", "&").partition("#")[0]
    visitor, stranger = Browser(person.slack), Browser(person.slack)
    compare("web/doors/closed.html", await page_text(await stranger.get("/record/")))
    compare("web/doors/forged_key.html", await page_text(await stranger.get("/record/?key=abc")))
    compare("web/doors/link.html", await page_text(await visitor.get(link)))
    compare("web/doors/let_in.html", await page_text(await visitor.get("/record/")))
    compare("web/doors/sign_out.html", await page_text(await visitor.get("/record/sign-out")))
    compare("web/doors/signed_out.html", await page_text(await visitor.post("/record/sign-out")))
    clock.move(YEAR)
    compare("web/doors/expired_link.html", await page_text(await stranger.get(link)))


async def test_signing_in_is_as_before(browser: Browser) -> None:
    """The closed page, the way to Slack, the way back, the page asked for."""
    compare("web/doors/closed_with_sign_in.html", await page_text(await browser.get("/record/search?q=a%20b")))
    compare("web/doors/to_slack.html", await page_text(await browser.get("/record/sign-in?to=/record/")))
    request = await set_out(browser)
    confirms(browser, request)
    compare("web/doors/back_from_slack.html", await page_text(await come_back(browser, request)))
    compare("web/doors/signed_in.html", await page_text(await browser.get("/record/")))
    compare("web/doors/sign_out_with_sign_in.html", await page_text(await browser.get("/record/sign-out")))
    compare("web/doors/signed_out_with_sign_in.html", await page_text(await browser.post("/record/sign-out")))


async def test_who_is_not_signed_in_is_told_as_before(browser: Browser, clock: Clock) -> None:
    """Another team, nonsense, a refusal, a second return, a late one, a change of mind."""
    request = await set_out(browser)
    confirms(browser, request, slack_team_id="T2")
    compare("web/doors/another_team.html", await page_text(await come_back(browser, request)))
    request = await set_out(browser)
    confirms(browser, request, nonce="f" * 64)
    compare("web/doors/does_not_fit.html", await page_text(await come_back(browser, request)))
    request = await set_out(browser)
    browser.slack.stand_in.replies["openid.connect.token"] = [{"ok": False, "error": "invalid_code"}]
    compare("web/doors/not_confirmed.html", await page_text(await come_back(browser, request)))
    request = await set_out(browser)
    stranger = Browser(browser.slack)
    compare("web/doors/another_browser.html", await page_text(await come_back(stranger, request)))
    compare("web/doors/changed_mind.html", await page_text(await browser.get("/record/signed-in?error=access_denied")))
    compare("web/doors/nonsense.html", await page_text(await browser.get("/record/signed-in")))
    clock.move(YEAR)
    compare("web/doors/too_late.html", await page_text(await come_back(browser, request)))


async def test_a_slack_that_does_not_answer_is_told_as_before(desk: BriefingService, clock: Clock) -> None:
    """The page says so."""
    nowhere = "http://127.0.0.1:1/api/"
    async with run_app(lambda settings: build_web_app(settings, desk, now=clock), **SIGNS_IN, api_url=nowhere) as slack:
        browser = Browser(slack)
        answer = await browser.get("/record/sign-in?to=/record/")
        state = answer.headers["Location"].partition("state=")[2].partition("&")[0]
        page = await browser.get(f"/record/signed-in?code=c&state={state}")
        compare("web/doors/slack_does_not_answer.html", await page_text(page))


async def test_who_reads_too_much_is_told_as_before(browser: Browser) -> None:
    """After many pages in a minute."""
    for _ in range(300):
        answer = await browser.get("/record/sign-in")
        if answer.status == 429:
            break
    compare("web/doors/too_often.html", await page_text(answer))
