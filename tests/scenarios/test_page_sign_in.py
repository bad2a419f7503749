"""Sign in with Slack over HTTP: the full flow, and refused or forged returns."""

import hashlib
import html
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
from bot.web.auth.sign_in import COOKIE as SIGN_IN_COOKIE
from bot.web.auth.sign_in import STATE_SECONDS
from tests.scenarios.conftest import run_app
from tests.scenarios.test_slack_installation import add_installation
from tests.stand_ins.briefing_service import FakeBriefingService
from tests.stand_ins.page_access import SIGN_IN_SETTINGS, Browser, begin_sign_in, confirm_sign_in, return_from_slack
from tests.support.clock import Clock
from tests.support.keys import KEYS

FRONT = "/record/"
MANY = SIGN_IN_SETTINGS | {"bot_token": None}


@pytest.fixture
def clock() -> Clock:
    return Clock(time.time())


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(20), clock, KEYS)) as store:
        yield store


@asynccontextmanager
async def run_sign_in_bot(clock: Clock, store: Store | None = None, **more: Any) -> AsyncIterator[Browser]:
    async with run_app(
        lambda settings: build_web_app(settings, FakeBriefingService(), store=store, now=clock),
        **(SIGN_IN_SETTINGS | more),
    ) as slack:
        yield Browser(slack)


async def test_sign_in_returns_to_requested_page(clock: Clock) -> None:
    async with run_sign_in_bot(clock) as browser:
        closed = await (await browser.get("/record/search?q=a%20b")).text()
        assert f'href="/record/sign-in?to={quote("/record/search?q=a%20b", safe="")}"' in closed
        request = await begin_sign_in(browser, quote("/record/search?q=a%20b", safe=""))
        assert {name: request[name] for name in ("response_type", "scope", "client_id", "redirect_uri", "team")} == {
            "response_type": "code",
            "scope": "openid",
            "client_id": "1.2",
            "redirect_uri": "https://bot.example.org/record/signed-in",
            "team": "T1",
        }
        assert browser.cookies[SIGN_IN_COOKIE] not in str(request)
        confirm_sign_in(browser, request)
        answer = await return_from_slack(browser, request)
        assert (answer.status, answer.headers["Location"]) == (303, "/record/search?q=a%20b")
        assert set(browser.cookies) == {COOKIE}
        exchanged = browser.slack.stand_in.arguments[browser.slack.stand_in.calls.index("openid.connect.token")]
        assert exchanged == {
            "client_id": "1.2",
            "client_secret": SIGN_IN_SETTINGS["client_secret"],
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
async def test_wrong_identity_claims_are_refused(clock: Clock, changed: dict[str, Any]) -> None:
    async with run_sign_in_bot(clock) as browser:
        request = await begin_sign_in(browser)
        confirm_sign_in(browser, request, **changed)
        answer = await return_from_slack(browser, request)
        assert answer.status == 403
        text = await answer.text()
        assert "This workspace has no access" in text or "You are not signed in" in text
        assert 'href="/record/sign-in' in text
        assert COOKIE not in browser.cookies


@pytest.mark.parametrize("again", ["the same browser", "another replica"])
async def test_sign_in_return_works_once(tmp_path: Path, clock: Clock, store: Store, again: str) -> None:
    with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(20), clock, KEYS)) as second:
        async with run_sign_in_bot(clock, store) as browser, run_sign_in_bot(clock, second) as elsewhere:
            request = await begin_sign_in(browser)
            mine = dict(browser.cookies)
            confirm_sign_in(browser, request)
            assert (await return_from_slack(browser, request)).status == 303
            repeats = browser if again == "the same browser" else elsewhere
            repeats.cookies = mine
            confirm_sign_in(repeats, request)
            answer = await return_from_slack(repeats, request)
            assert answer.status == 403
            assert "This sign-in was already used" in await answer.text()


async def test_sign_in_can_finish_on_another_replica(tmp_path: Path, clock: Clock, store: Store) -> None:
    with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(20), clock, KEYS)) as second:
        async with run_sign_in_bot(clock, store) as browser, run_sign_in_bot(clock, second) as elsewhere:
            request = await begin_sign_in(browser)
            elsewhere.cookies = dict(browser.cookies)
            confirm_sign_in(elsewhere, request)
            assert (await return_from_slack(elsewhere, request)).status == 303
            browser.cookies = elsewhere.cookies
            assert (await browser.get(FRONT)).status == 200


async def test_sign_in_started_in_another_browser_is_refused(clock: Clock) -> None:
    """A victim who opens an attacker's return link is not signed in as the attacker."""
    async with run_sign_in_bot(clock) as attacker:
        request = await begin_sign_in(attacker)
        victim = Browser(attacker.slack)
        confirm_sign_in(attacker, request)
        assert (await return_from_slack(victim, request)).status == 403
        await begin_sign_in(victim)
        assert (await return_from_slack(victim, request)).status == 403
        assert "openid.connect.token" not in attacker.slack.stand_in.calls
        assert COOKIE not in victim.cookies


async def test_expired_or_forged_state_is_refused(clock: Clock) -> None:
    async with run_sign_in_bot(clock) as browser:
        request = await begin_sign_in(browser)
        for state in ("", "x", request["state"][:-2], request["state"] + "A", "%00"):
            assert (await return_from_slack(browser, request | {"state": state})).status == 403
        clock.advance(STATE_SECONDS + 1)
        answer = await return_from_slack(browser, request)
        assert answer.status == 403
        assert "Please sign in again" in await answer.text()
        assert "openid.connect.token" not in browser.slack.stand_in.calls


@pytest.mark.parametrize(
    ("reply", "status", "sentence"),
    [
        ({"ok": False, "error": "invalid_code"}, 403, "Slack couldn't confirm who you are"),
        ({"ok": False, "error": "cannot_install_an_org_installed_app"}, 403, "Slack couldn't confirm who you are"),
        ({"ok": True}, 403, "Slack's reply didn't match this sign-in"),
        ({"ok": True, "id_token": "a.b.c"}, 403, "Slack's reply didn't match this sign-in"),
        ({"ok": True, "id_token": ["x"]}, 403, "Slack's reply didn't match this sign-in"),
    ],
)
async def test_slack_refusal_is_explained(clock: Clock, reply: dict[str, Any], status: int, sentence: str) -> None:
    async with run_sign_in_bot(clock) as browser:
        request = await begin_sign_in(browser)
        browser.slack.stand_in.replies["openid.connect.token"] = [reply]
        answer = await return_from_slack(browser, request)
        assert answer.status == status
        assert sentence in html.unescape(await answer.text())


async def test_cancelled_and_malformed_returns_are_refused(clock: Clock) -> None:
    async with run_sign_in_bot(clock) as browser:
        request = await begin_sign_in(browser)
        address = f"/record/signed-in?error=%3Cscript%3Ealert(1)%3C/script%3E&state={request['state']}"
        answer = await browser.get(address)
        assert answer.status == 403
        assert "<script>" not in await answer.text()
        assert (await browser.get("/record/signed-in")).status == 403
        assert (await browser.get("/record/signed-in?code=" + "a" * 7000)).status == 403


async def test_unreachable_slack_gives_error_page(clock: Clock) -> None:
    async with run_sign_in_bot(clock, api_url="http://127.0.0.1:1/api/") as browser:
        answer = await browser.get("/record/sign-in?to=/record/")
        assert answer.status == 303
        assert "team=" not in answer.headers["Location"]
        state = answer.headers["Location"].partition("state=")[2].partition("&")[0]
        answer = await browser.get(f"/record/signed-in?code=c&state={state}")
        assert answer.status == 503
        assert "Slack isn't responding" in html.unescape(await answer.text())


@pytest.mark.parametrize(
    "to",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "/record/../x", "javascript:alert(1)", "/%0d%0a"],
)
async def test_sign_in_does_not_redirect_to_other_sites(clock: Clock, to: str) -> None:
    async with run_sign_in_bot(clock) as browser:
        request = await begin_sign_in(browser, quote(to, safe=""))
        confirm_sign_in(browser, request)
        assert (await return_from_slack(browser, request)).headers["Location"] == FRONT


async def test_only_members_of_installed_workspaces_and_organisations_can_sign_in(clock: Clock, store: Store) -> None:
    async with run_sign_in_bot(clock, store, **MANY) as browser:
        await add_installation(store, "T1", lives=86_400)
        await add_installation(store, None, lives=86_400, enterprise_id="E1", is_enterprise_install=True)  # type: ignore[arg-type]  # an org-wide install has no team
        for team, organisation, allowed in (
            ("T1", None, True),
            ("T7", "E1", True),
            ("T7", None, False),
            ("T7", "E2", False),
        ):
            person = Browser(browser.slack)
            request = await begin_sign_in(person)
            assert "team" not in request
            confirm_sign_in(person, request, slack_team_id=team, slack_enterprise_id=organisation)
            assert (await return_from_slack(person, request)).status == (303 if allowed else 403)
            assert (await person.get(FRONT)).status == (200 if allowed else 403)


async def test_single_token_of_an_organisation(clock: Clock) -> None:
    """An org-wide install admits all its workspaces; a workspace install admits only that workspace."""
    for org_wide, expected_status in ((True, 303), (False, 403)):
        async with run_sign_in_bot(clock) as browser:
            reply = {
                "ok": True,
                "team_id": "E1" if org_wide else "T1",
                "enterprise_id": "E1",
                "is_enterprise_install": org_wide,
            }
            browser.slack.stand_in.replies["auth.test"] = [reply]
            request = await begin_sign_in(browser)
            assert request.get("team") == (None if org_wide else "T1")
            confirm_sign_in(browser, request, slack_team_id="T7", slack_enterprise_id="E1")
            assert (await return_from_slack(browser, request)).status == expected_status


async def test_sign_in_is_unavailable_without_client_id(clock: Clock) -> None:
    async with run_sign_in_bot(clock, client_id=None, client_secret=None) as browser:
        assert "sign-in" not in await (await browser.get(FRONT)).text()
        assert (await browser.get("/record/sign-in")).status == 404
        assert (await browser.get("/record/signed-in?code=c&state=s")).status == 404


async def test_sign_in_attempts_are_limited(clock: Clock) -> None:
    async with run_sign_in_bot(clock) as browser:
        statuses = {(await browser.get("/record/sign-in")).status for _ in range(241)}
        assert statuses == {303, 429}


async def test_nonce_is_a_hash_of_the_cookie(clock: Clock) -> None:
    async with run_sign_in_bot(clock) as browser:
        request = await begin_sign_in(browser)
        assert request["nonce"] == hashlib.sha256(browser.cookies[SIGN_IN_COOKIE].encode()).hexdigest()
