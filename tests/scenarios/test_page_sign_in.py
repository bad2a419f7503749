"""Signing in with Slack, over real HTTP: there and back, and whatever comes back that is not one's own."""

import hashlib
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from bot.server.server import build_web_app
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from bot.web.auth.sessions import COOKIE
from bot.web.auth.sign_in import COOKIE as UNDER_WAY
from bot.web.auth.sign_in import STATE_SECONDS
from tests.scenarios.conftest import run_app
from tests.scenarios.test_slack_installation import add_installation
from tests.stand_ins.briefing_service import FakeBriefingService
from tests.stand_ins.page_access import SIGNS_IN, Browser, come_back, confirms, set_out
from tests.support.clock import Clock

FRONT = "/record/"
MANY = SIGNS_IN | {"bot_token": None}


@pytest.fixture
def clock() -> Clock:
    return Clock(time.time())


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(20), clock)) as store:
        yield store


@asynccontextmanager
async def run_sign_in_bot(clock: Clock, store: Store | None = None, **more: Any) -> AsyncIterator[Browser]:
    async with run_app(
        lambda settings: build_web_app(settings, FakeBriefingService(), store=store, now=clock), **(SIGNS_IN | more)
    ) as slack:
        yield Browser(slack)


async def test_whoever_signs_in_comes_to_the_page_they_asked_for(clock: Clock) -> None:
    async with run_sign_in_bot(clock) as browser:
        closed = await (await browser.get("/record/search?q=a%20b")).text()
        assert f'href="/record/sign-in?to={quote("/record/search?q=a%20b", safe="")}"' in closed
        request = await set_out(browser, quote("/record/search?q=a%20b", safe=""))
        assert {name: request[name] for name in ("response_type", "scope", "client_id", "redirect_uri", "team")} == {
            "response_type": "code",
            "scope": "openid",
            "client_id": "1.2",
            "redirect_uri": "https://bot.example.org/record/signed-in",
            "team": "T1",
        }
        assert browser.cookies[UNDER_WAY] not in str(request)
        confirms(browser, request)
        answer = await come_back(browser, request)
        assert (answer.status, answer.headers["Location"]) == (303, "/record/search?q=a%20b")
        assert set(browser.cookies) == {COOKIE}
        exchanged = browser.slack.stand_in.arguments[browser.slack.stand_in.calls.index("openid.connect.token")]
        assert exchanged == {
            "client_id": "1.2",
            "client_secret": SIGNS_IN["client_secret"],
            "code": "code-1",
            "redirect_uri": "https://bot.example.org/record/signed-in",
            "grant_type": "authorization_code",
        }
        assert (await browser.get(FRONT)).status == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"nonce": "f" * 64},
        {"aud": "3.4"},
        {"iss": "https://slack.com.evil.example"},
        {"exp": 1},
        {"slack_team_id": "T2"},
        {"slack_team_id": "T2", "slack_enterprise_id": "E1"},
        {"slack_team_id": None},
    ],
)
async def test_what_slack_does_not_say_lets_nobody_in(clock: Clock, changed: dict[str, Any]) -> None:
    async with run_sign_in_bot(clock) as browser:
        request = await set_out(browser)
        confirms(browser, request, **changed)
        answer = await come_back(browser, request)
        assert answer.status == 403
        text = await answer.text()
        assert "not let in" in text or "not signed in" in text
        assert 'href="/record/sign-in' in text
        assert COOKIE not in browser.cookies


@pytest.mark.parametrize("again", ["the same browser", "another copy of the bot"])
async def test_what_comes_back_is_taken_once(tmp_path: Path, clock: Clock, store: Store, again: str) -> None:
    with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(20), clock)) as second:
        async with run_sign_in_bot(clock, store) as browser, run_sign_in_bot(clock, second) as elsewhere:
            request = await set_out(browser)
            mine = dict(browser.cookies)
            confirms(browser, request)
            assert (await come_back(browser, request)).status == 303
            repeats = browser if again == "the same browser" else elsewhere
            repeats.cookies = mine
            confirms(repeats, request)
            answer = await come_back(repeats, request)
            assert answer.status == 403
            assert "used already" in await answer.text()


async def test_one_copy_of_the_bot_may_begin_and_another_finish(tmp_path: Path, clock: Clock, store: Store) -> None:
    with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(20), clock)) as second:
        async with run_sign_in_bot(clock, store) as browser, run_sign_in_bot(clock, second) as elsewhere:
            request = await set_out(browser)
            elsewhere.cookies = dict(browser.cookies)
            confirms(elsewhere, request)
            assert (await come_back(elsewhere, request)).status == 303
            browser.cookies = elsewhere.cookies
            assert (await browser.get(FRONT)).status == 200


async def test_what_another_browser_began_is_not_taken(clock: Clock) -> None:
    """Somebody who is made to follow an attacker's way back is not signed in as the attacker."""
    async with run_sign_in_bot(clock) as attacker:
        request = await set_out(attacker)
        victim = Browser(attacker.slack)
        confirms(attacker, request)
        assert (await come_back(victim, request)).status == 403
        await set_out(victim)
        assert (await come_back(victim, request)).status == 403
        assert "openid.connect.token" not in attacker.slack.stand_in.calls
        assert COOKIE not in victim.cookies


async def test_a_sign_in_runs_out_and_a_state_is_no_other_of_ours(clock: Clock) -> None:
    async with run_sign_in_bot(clock) as browser:
        request = await set_out(browser)
        for state in ("", "x", request["state"][:-2], request["state"] + "A", "%00"):
            assert (await come_back(browser, request | {"state": state})).status == 403
        clock.move(STATE_SECONDS + 1)
        answer = await come_back(browser, request)
        assert answer.status == 403
        assert "begin again" in await answer.text()
        assert "openid.connect.token" not in browser.slack.stand_in.calls


@pytest.mark.parametrize(
    ("reply", "status", "sentence"),
    [
        ({"ok": False, "error": "invalid_code"}, 403, "did not confirm who you are"),
        ({"ok": False, "error": "cannot_install_an_org_installed_app"}, 403, "did not confirm who you are"),
        ({"ok": True}, 403, "does not fit the question"),
        ({"ok": True, "id_token": "a.b.c"}, 403, "does not fit the question"),
        ({"ok": True, "id_token": ["x"]}, 403, "does not fit the question"),
    ],
)
async def test_what_slack_refuses_is_a_sentence(
    clock: Clock, reply: dict[str, Any], status: int, sentence: str
) -> None:
    async with run_sign_in_bot(clock) as browser:
        request = await set_out(browser)
        browser.slack.stand_in.replies["openid.connect.token"] = [reply]
        answer = await come_back(browser, request)
        assert answer.status == status
        assert sentence in await answer.text()


async def test_who_changes_their_mind_and_who_sends_nonsense(clock: Clock) -> None:
    async with run_sign_in_bot(clock) as browser:
        request = await set_out(browser)
        address = f"/record/signed-in?error=%3Cscript%3Ealert(1)%3C/script%3E&state={request['state']}"
        answer = await browser.get(address)
        assert answer.status == 403
        assert "<script>" not in await answer.text()
        assert (await browser.get("/record/signed-in")).status == 403
        assert (await browser.get("/record/signed-in?code=" + "a" * 7000)).status == 403


async def test_slack_that_does_not_answer_is_a_page_and_no_loop(clock: Clock) -> None:
    async with run_sign_in_bot(clock, api_url="http://127.0.0.1:1/api/") as browser:
        answer = await browser.get("/record/sign-in?to=/record/")
        assert answer.status == 303
        assert "team=" not in answer.headers["Location"]
        state = answer.headers["Location"].partition("state=")[2].partition("&")[0]
        answer = await browser.get(f"/record/signed-in?code=c&state={state}")
        assert answer.status == 503
        assert "does not answer" in await answer.text()


@pytest.mark.parametrize(
    "to",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "/record/../x", "javascript:alert(1)", "/%0d%0a"],
)
async def test_nobody_is_led_to_another_site(clock: Clock, to: str) -> None:
    async with run_sign_in_bot(clock) as browser:
        request = await set_out(browser, quote(to, safe=""))
        confirms(browser, request)
        assert (await come_back(browser, request)).headers["Location"] == FRONT


async def test_people_of_every_workspace_that_installed_it_and_of_their_organisations(
    clock: Clock, store: Store
) -> None:
    async with run_sign_in_bot(clock, store, **MANY) as browser:
        await add_installation(store, "T1", lives=86_400)
        await add_installation(store, None, lives=86_400, enterprise_id="E1", is_enterprise_install=True)  # type: ignore[arg-type]  # an organisation has no team
        for team, organisation, allowed in (
            ("T1", None, True),
            ("T7", "E1", True),
            ("T7", None, False),
            ("T7", "E2", False),
        ):
            person = Browser(browser.slack)
            request = await set_out(person)
            assert "team" not in request
            confirms(person, request, slack_team_id=team, slack_enterprise_id=organisation)
            assert (await come_back(person, request)).status == (303 if allowed else 403)
            assert (await person.get(FRONT)).status == (200 if allowed else 403)


async def test_an_organisation_with_one_token(clock: Clock) -> None:
    """Any workspace of one that has installed the bot; where one workspace has, that one alone."""
    for org_wide, expected_status in ((True, 303), (False, 403)):
        async with run_sign_in_bot(clock) as browser:
            reply = {
                "ok": True,
                "team_id": "E1" if org_wide else "T1",
                "enterprise_id": "E1",
                "is_enterprise_install": org_wide,
            }
            browser.slack.stand_in.replies["auth.test"] = [reply]
            request = await set_out(browser)
            assert request.get("team") == (None if org_wide else "T1")
            confirms(browser, request, slack_team_id="T7", slack_enterprise_id="E1")
            assert (await come_back(browser, request)).status == expected_status


async def test_without_a_client_nobody_is_asked_to_sign_in(clock: Clock) -> None:
    async with run_sign_in_bot(clock, client_id=None, client_secret=None) as browser:
        assert "sign-in" not in await (await browser.get(FRONT)).text()
        assert (await browser.get("/record/sign-in")).status == 404
        assert (await browser.get("/record/signed-in?code=c&state=s")).status == 404


async def test_signing_in_is_not_to_be_tried_without_end(clock: Clock) -> None:
    async with run_sign_in_bot(clock) as browser:
        statuses = {(await browser.get("/record/sign-in")).status for _ in range(241)}
        assert statuses == {303, 429}


async def test_the_nonce_tells_nothing_of_the_cookie(clock: Clock) -> None:
    async with run_sign_in_bot(clock) as browser:
        request = await set_out(browser)
        assert request["nonce"] == hashlib.sha256(browser.cookies[UNDER_WAY].encode()).hexdigest()
