"""Web pages, as a browser gets them."""

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
from tests.stand_ins.page_access import (
    LINK_PATTERN,
    SIGN_IN_SETTINGS,
    Browser,
    begin_sign_in,
    confirm_sign_in,
    return_from_slack,
)
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
    """Return the status, the content type, the redirect target and the body."""
    headers = [f"{answer.status} {answer.content_type}", answer.headers.get("Location", "")]
    return "\n".join([" ".join(filter(None, headers)), await answer.text()])


@asynccontextmanager
async def open_browser(
    service: BriefingService, clock: Callable[[], float], **settings: Any
) -> AsyncIterator[TestClient[Any, Any]]:
    """Open a browser on the machine of a bot without tokens."""
    app = build_web_app(Settings(**settings), service, now=clock)
    async with TestClient(TestServer(app)) as browser:
        yield browser


@pytest.fixture
async def browser(service: BriefingService, clock: Clock) -> AsyncIterator[Browser]:
    """A browser on another machine, where people can sign in with Slack."""
    async with run_app(lambda settings: build_web_app(settings, service, now=clock), **SIGN_IN_SETTINGS) as slack:
        yield Browser(slack)


@pytest.mark.parametrize("name", PAGES)
async def test_page(service: BriefingService, clock: Clock, name: str) -> None:
    async with open_browser(service, clock) as browser:
        compare(f"web/{name}.html", await page_text(await browser.get(PAGES[name], allow_redirects=False)))


async def test_refused_requests_health_and_metrics(service: BriefingService, clock: Clock) -> None:
    """A wrong method, a wrong host name, the health checks and the metrics."""
    async with open_browser(service, clock) as browser:
        compare("web/other_method.html", await page_text(await browser.post("/record/")))
        elsewhere = await browser.get("/record/", headers={"Host": "evil.example"})
        compare("web/another_name.html", await page_text(elsewhere))
        compare("web/healthy.txt", await page_text(await browser.get("/healthz")))
        compare("web/ready.txt", await page_text(await browser.get("/readyz")))
        metrics = await (await browser.get("/metrics")).text()
        own_lines = [line for line in metrics.splitlines() if line.startswith("# ") and "python" not in line]
        compare("web/metrics.txt", "\n".join(own_lines) + "\n")


async def test_page_link_of_an_answer(person: Person, clock: Clock) -> None:
    """The page and the sign-out, and refusals for a missing, forged or expired key."""
    text = str(await person.run_command("/whosaid", "lynch-mob"))
    link_match = LINK_PATTERN.search(text)
    assert link_match
    link = link_match[1].replace("&amp;", "&").partition("#")[0]
    visitor, stranger = Browser(person.slack), Browser(person.slack)
    compare("web/sign_in/closed.html", await page_text(await stranger.get("/record/")))
    compare("web/sign_in/forged_key.html", await page_text(await stranger.get("/record/?key=abc")))
    compare("web/sign_in/link.html", await page_text(await visitor.get(link)))
    compare("web/sign_in/let_in.html", await page_text(await visitor.get("/record/")))
    compare("web/sign_in/sign_out.html", await page_text(await visitor.get("/record/sign-out")))
    compare("web/sign_in/signed_out.html", await page_text(await visitor.post("/record/sign-out")))
    clock.advance(YEAR)
    compare("web/sign_in/expired_link.html", await page_text(await stranger.get(link)))


async def test_sign_in(browser: Browser) -> None:
    """The refused page, the redirect to Slack, the return, and the requested page."""
    compare("web/sign_in/closed_with_sign_in.html", await page_text(await browser.get("/record/search?q=a%20b")))
    compare("web/sign_in/to_slack.html", await page_text(await browser.get("/record/sign-in?to=/record/")))
    request = await begin_sign_in(browser)
    confirm_sign_in(browser, request)
    compare("web/sign_in/back_from_slack.html", await page_text(await return_from_slack(browser, request)))
    compare("web/sign_in/signed_in.html", await page_text(await browser.get("/record/")))
    compare("web/sign_in/sign_out_with_sign_in.html", await page_text(await browser.get("/record/sign-out")))
    compare("web/sign_in/signed_out_with_sign_in.html", await page_text(await browser.post("/record/sign-out")))


async def test_failed_sign_in(browser: Browser, clock: Clock) -> None:
    """Another workspace, a wrong nonce, a rejected code, another browser, a cancellation, a late return."""
    request = await begin_sign_in(browser)
    confirm_sign_in(browser, request, slack_team_id="T2")
    compare("web/sign_in/another_team.html", await page_text(await return_from_slack(browser, request)))
    request = await begin_sign_in(browser)
    confirm_sign_in(browser, request, nonce="f" * 64)
    compare("web/sign_in/does_not_fit.html", await page_text(await return_from_slack(browser, request)))
    request = await begin_sign_in(browser)
    browser.slack.stand_in.replies["openid.connect.token"] = [{"ok": False, "error": "invalid_code"}]
    compare("web/sign_in/not_confirmed.html", await page_text(await return_from_slack(browser, request)))
    request = await begin_sign_in(browser)
    stranger = Browser(browser.slack)
    compare("web/sign_in/another_browser.html", await page_text(await return_from_slack(stranger, request)))
    compare(
        "web/sign_in/changed_mind.html", await page_text(await browser.get("/record/signed-in?error=access_denied"))
    )
    compare("web/sign_in/nonsense.html", await page_text(await browser.get("/record/signed-in")))
    clock.advance(YEAR)
    compare("web/sign_in/too_late.html", await page_text(await return_from_slack(browser, request)))


async def test_sign_in_when_slack_does_not_answer(service: BriefingService, clock: Clock) -> None:
    nowhere = "http://127.0.0.1:1/api/"
    async with run_app(
        lambda settings: build_web_app(settings, service, now=clock), **SIGN_IN_SETTINGS, api_url=nowhere
    ) as slack:
        browser = Browser(slack)
        answer = await browser.get("/record/sign-in?to=/record/")
        state = answer.headers["Location"].partition("state=")[2].partition("&")[0]
        page = await browser.get(f"/record/signed-in?code=c&state={state}")
        compare("web/sign_in/slack_does_not_answer.html", await page_text(page))


async def test_page_above_the_rate_limit(browser: Browser) -> None:
    for _ in range(300):
        answer = await browser.get("/record/sign-in")
        if answer.status == 429:
            break
    compare("web/sign_in/too_often.html", await page_text(answer))
