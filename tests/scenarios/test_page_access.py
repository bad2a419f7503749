"""Access to the web pages over HTTP: only members of workspaces with the bot, for a limited time."""

import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest

from bot.core.settings import Settings
from bot.links.signing import LINK_SECONDS, LinkSigner
from bot.server.server import build_web_app
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from bot.web.auth.membership import DATABASE_CACHE_SECONDS, SLACK_CACHE_SECONDS
from bot.web.auth.sessions import COOKIE, SESSION_SECONDS
from bot.web.auth.throttle import PAGES_PER_MINUTE
from tests.scenarios.conftest import SECRET, Slack, find_button, run_app, run_bot
from tests.scenarios.test_slack_installation import add_installation
from tests.stand_ins.briefing_service import FakeBriefingService
from tests.stand_ins.page_access import LINK_PATTERN, PUBLIC, SIGN_IN_SETTINGS, Browser, build_path, get_key
from tests.support.clock import Clock
from tests.support.keys import KEYS

FRONT = "/record/"


@pytest.fixture
def clock() -> Clock:
    return Clock(time.time())


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(20), clock, KEYS)) as store:
        yield store


@asynccontextmanager
async def serve_pages(
    service: FakeBriefingService, clock: Callable[[], float], store: Store | None = None, **more: Any
) -> AsyncIterator[tuple[Browser, LinkSigner]]:
    """Run the bot with public pages. Yield a browser and the signer of the bot's links."""
    all_settings: list[Settings] = []

    def build(settings: Settings) -> Any:
        all_settings.append(settings)
        return build_web_app(settings, service, store=store, now=clock)

    async with run_app(build, **({"public_url": PUBLIC} | more)) as slack:
        yield Browser(slack), LinkSigner(all_settings[0], clock)


async def test_answer_link_opens_page_and_drops_key(service: FakeBriefingService) -> None:
    async with run_bot(service, public_url=PUBLIC) as slack:
        await slack.post(slack.command("/whosaid", "lynch-mob"))
        address = LINK_PATTERN.search((await slack.stand_in.wait_for_answer())["blocks"][1]["text"]["text"])
        assert address
        link, browser = address[1].replace("&amp;", "&").partition("#")[0], Browser(slack)
        answer = await browser.get(link)
        assert answer.status == 303
        assert answer.headers["Location"] == link.partition("&key=")[0]
        assert answer.headers["Cache-Control"] == "no-store"
        assert "at=" in answer.headers["Location"]
        (morsel,) = SimpleCookie(answer.headers["Set-Cookie"]).values()
        assert (morsel.key, morsel["path"], morsel["domain"]) == (COOKIE, "/", "")
        assert (morsel["secure"], morsel["httponly"], morsel["samesite"]) == (True, True, "Lax")
        assert int(morsel["max-age"]) == SESSION_SECONDS
        page = await browser.get(FRONT)
        assert (page.status, page.headers["Cache-Control"]) == (200, "private, no-cache")
        assert "Stories and articles" in await page.text() or "Labour" in await page.text()


@pytest.mark.parametrize(
    "path", [FRONT, "/record", "/record/articles/x?at=1-2", "/record/nowhere", "/record/search?q=a"]
)
async def test_page_without_key_is_refused(service: FakeBriefingService, clock: Clock, path: str) -> None:
    """The refusal does not reveal whether the page exists. Stylesheets are public."""
    async with serve_pages(service, clock) as (browser, _):
        page = await browser.get(path)
        assert page.status == 403
        text = await page.text()
        assert "This page is for your workspace" in text
        assert "sign in" not in text.lower()
        assert page.headers["Referrer-Policy"] in ("no-referrer", "same-origin")
        assert (await browser.get("/record/static/record.css")).status == 200
        assert service.queries == []


@pytest.mark.parametrize(
    "path",
    [
        "/record/static/../",
        "/record/static/%2e%2e/",
        "/record/static/..%2f",
        "/record/static",
        "/%72ecord/",
        "//record/",
    ],
)
async def test_path_variants_do_not_bypass_access_check(service: FakeBriefingService, clock: Clock, path: str) -> None:
    async with serve_pages(service, clock) as (browser, _):
        page = await browser.get(path)
        assert page.status in (403, 404)
        assert "Labour" not in await page.text()


async def test_links_and_sessions_expire(service: FakeBriefingService, clock: Clock) -> None:
    async with serve_pages(service, clock) as (browser, links):
        address = build_path(get_key(links), "/record/search?q=a")
        assert (await browser.follow(build_path(get_key(links)))).status == 200
        clock.advance(SESSION_SECONDS + 1)
        assert (await browser.get(FRONT)).status == 403
        assert (await browser.get(address)).status == 303
        clock.advance(LINK_SECONDS)
        stranger = Browser(browser.slack)
        page = await stranger.get(address)
        assert page.status == 410
        text = await page.text()
        assert "This link has expired" in text
        assert "Ask again in Slack" in text
        assert get_key(links) not in text
        assert stranger.cookies == {}


async def test_expired_link_works_within_a_session(service: FakeBriefingService, clock: Clock) -> None:
    async with serve_pages(service, clock) as (browser, links):
        old = build_path(get_key(links), "/record/search?q=a")
        clock.advance(LINK_SECONDS + 3700)
        await browser.get(build_path(get_key(links)))
        cookie = browser.cookies[COOKIE]
        answer = await browser.get(old)
        assert (answer.status, answer.headers["Location"]) == (303, "/record/search?q=a")
        assert browser.cookies[COOKIE] == cookie


async def test_forged_keys_are_refused(service: FakeBriefingService, clock: Clock) -> None:
    async with serve_pages(service, clock) as (browser, links):
        key = get_key(links)
        await browser.get(build_path(key))
        forger = Browser(browser.slack)
        other_links = LinkSigner(Settings(bot_token="x", signing_secret="another", public_url=PUBLIC), clock)
        forgeries = [
            "",
            "x",
            key[:-1],
            key + "A",
            key.swapcase(),
            key.replace(".", ".."),
            browser.cookies[COOKIE],
            get_key(other_links),
            "%00",
            "%ff%fe",
            "a" * 7000,
            "eyJhdCI6MSwidGVhbSI6IlQxIn0.",
        ]
        for forgery in forgeries:
            page = await forger.get(build_path(forgery))
            assert (page.status, forger.cookies) == (403, {}), forgery
            assert forgery == "" or forgery not in await page.text() or len(forgery) == 1
        for forgery in (key, "", "x;y", "a" * 5000, '"' + browser.cookies[COOKIE]):
            assert (await forger.get(FRONT, Cookie=f"{COOKIE}={forgery}")).status == 403


async def test_key_opens_any_page_on_any_replica(service: FakeBriefingService, clock: Clock) -> None:
    async with serve_pages(service, clock) as (_, links), serve_pages(service, clock) as (browser, _):
        answer = await browser.get(build_path(get_key(links), "/record/stories/Tooting%20by-election?format=json"))
        assert (answer.status, answer.headers["Location"]) == (303, "/record/stories/Tooting%20by-election?format=json")
        assert (await browser.get(FRONT)).status == 200


async def test_page_secrets_can_be_rotated(service: FakeBriefingService, clock: Clock) -> None:
    old, new = "the first secret of the pages", "the second secret of the pages"
    async with serve_pages(service, clock, pages_secrets=(old,)) as (_, links):
        before = get_key(links)
    async with serve_pages(service, clock, pages_secrets=(new, old)) as (browser, _):
        assert (await browser.get(build_path(before))).status == 303
    async with serve_pages(service, clock, pages_secrets=(new,)) as (browser, _):
        assert (await browser.get(build_path(before))).status == 403


async def test_workspace_loses_access_after_uninstall(service: FakeBriefingService, clock: Clock, store: Store) -> None:
    """Open sessions end too. Other workspaces keep access."""
    many = SIGN_IN_SETTINGS | {"bot_token": None}
    async with serve_pages(service, clock, store, **many) as (browser, links):
        await add_installation(store, "T1", lives=86_400)
        await add_installation(store, "T2", lives=86_400)
        other_browser = Browser(browser.slack)
        assert (await browser.follow(build_path(get_key(links)))).status == 200
        assert (await other_browser.follow(build_path(get_key(links, "T2")))).status == 200
        uninstalled_at = datetime.now(UTC) + timedelta(seconds=5)
        assert await store.uninstall_cleanup.forget_workspace(None, "T1", "uninstalled", uninstalled_at)
        clock.advance(DATABASE_CACHE_SECONDS)
        page = await browser.get(FRONT)
        assert page.status == 403
        assert (await Browser(browser.slack).get(build_path(get_key(links)))).status == 403
        assert (await other_browser.get(FRONT)).status == 200
        assert (await Browser(browser.slack).get(build_path(get_key(links, "T3")))).status == 403


async def test_revoked_token_ends_access(service: FakeBriefingService, clock: Clock) -> None:
    async with serve_pages(service, clock) as (browser, links):
        assert (await browser.follow(build_path(get_key(links)))).status == 200
        assert (await Browser(browser.slack).get(build_path(get_key(links, "T2")))).status == 403
        clock.advance(SLACK_CACHE_SECONDS)
        browser.slack.stand_in.replies["auth.test"] = [{"ok": False, "error": "fatal_error"}] * 3
        assert (await browser.get(FRONT)).status == 200  # the last known result is kept while Slack fails
        clock.advance(SLACK_CACHE_SECONDS)
        browser.slack.stand_in.replies["auth.test"] = [{"ok": False, "error": "account_inactive"}]
        assert (await browser.get(FRONT)).status == 403


async def test_access_is_refused_until_slack_confirms_token(service: FakeBriefingService, clock: Clock) -> None:
    async with serve_pages(service, clock) as (browser, links):
        browser.slack.stand_in.replies["auth.test"] = [{"ok": False, "error": "fatal_error"}]
        page = await browser.get(build_path(get_key(links)))
        assert (page.status, browser.cookies) == (503, {})
        assert "Please try again in a minute" in await page.text()


async def test_page_views_are_limited_per_reader(service: FakeBriefingService, clock: Clock, store: Store) -> None:
    async with serve_pages(service, clock, store) as (browser, links):
        other_browser = Browser(browser.slack)
        for reader in (browser, other_browser):
            await reader.get(build_path(get_key(links)))
        statuses = [(await browser.get(FRONT)).status for _ in range(2 * PAGES_PER_MINUTE + 1)]
        assert statuses == [200] * 2 * PAGES_PER_MINUTE + [429]
        page = await browser.get(FRONT)
        assert (page.status, page.headers["Retry-After"]) == (429, "1")
        assert "open the page again in 1 second" in await page.text()
        assert (await other_browser.get(FRONT)).status == 200
        clock.advance(1)
        assert [(await browser.get(FRONT)).status for _ in range(3)] == [200, 200, 429]
        # questions in Slack have a separate limit
        await browser.slack.post(browser.slack.command("/whosaid", "lynch-mob"))
        assert "John McDonnell" in (await browser.slack.stand_in.wait_for_answer())["text"]


@pytest.mark.parametrize("public_url", [None, "http://bot.example.org"])
async def test_pages_are_closed_and_unlinked_without_https(
    service: FakeBriefingService, public_url: str | None
) -> None:
    async with run_bot(service, public_url=public_url) as slack:
        await slack.post(slack.command("/whosaid", "lynch-mob"))
        assert "/record" not in json.dumps(await slack.stand_in.wait_for_answer())
        page = await Browser(slack).get(FRONT)
        assert page.status == 403
        assert "PUBLIC_URL" in await page.text()


async def test_sign_out_ends_session(service: FakeBriefingService, clock: Clock) -> None:
    async with serve_pages(service, clock) as (browser, links):
        await browser.get(build_path(get_key(links)))
        assert 'action="/record/sign-out"' in await (await browser.get("/record/sign-out")).text()
        assert (await browser.post("/record/sign-out", Origin="https://evil.example")).status == 403
        assert (await browser.post("/record/sign-out", **{"Sec-Fetch-Site": "cross-site"})).status == 403
        assert COOKIE in browser.cookies
        assert (await browser.post("/record/sign-out", Origin=PUBLIC)).status == 200
        assert browser.cookies == {}
        assert (await browser.get(FRONT)).status == 403


async def test_post_requests_are_refused(service: FakeBriefingService, clock: Clock) -> None:
    async with serve_pages(service, clock) as (browser, links):
        assert (await browser.post(build_path(get_key(links)))).status in (303, 405)
        assert (await browser.post(FRONT)).status in (403, 405)


def find_links(payload: Any) -> list[str]:
    return [address.replace("&amp;", "&") for address in LINK_PATTERN.findall(json.dumps(payload))]


async def test_answers_link_to_page_and_publisher(service: FakeBriefingService) -> None:
    async with run_bot(service, public_url=PUBLIC) as slack:
        await slack.post(slack.command("/briefing", "labour-crisis"))
        briefing = await slack.stand_in.wait_for_answer()
        assert [link.partition("?")[0] for link in find_links(briefing["blocks"])] == ["/record/stories/labour-crisis"]
        assert briefing["unfurl_links"] is False
        assert "https://www.theguardian.com/" in json.dumps(briefing["blocks"])
        await slack.post(slack.command("/whosaid", "lynch-mob"))
        quotes = await slack.stand_in.wait_for_answer(2)
        assert [link.partition("?")[0] for link in find_links(quotes["blocks"])] == [
            "/record/articles/002_494a08902a45e5b0"
        ]
        assert "https://www.ibtimes.co.uk/" in json.dumps(quotes["blocks"])
        menu = find_button(quotes, "Read in context")
        await slack.post(slack.press(menu["action_id"], menu["value"]))
        view = await slack.stand_in.wait_for_view()
        (address,) = find_links(view["blocks"])
        assert address.startswith("/record/articles/002_494a08902a45e5b0?at=")
        assert address.endswith("#at")


async def share_answer(slack: Slack) -> dict[str, Any]:
    """Share an answer in the channel and return the posted message."""
    await slack.post(slack.command("/briefing", "labour-crisis"))
    buttons = next(block for block in (await slack.stand_in.wait_for_answer())["blocks"] if block["type"] == "actions")
    share = next(button for button in buttons["elements"] if button["text"]["text"].startswith("Share"))
    await slack.post(slack.press(share["action_id"], share["value"]))
    return await slack.stand_in.wait_for(slack.stand_in.posts)


async def test_shared_links_have_a_key_only_without_sign_in(service: FakeBriefingService) -> None:
    async with run_bot(service, public_url=PUBLIC) as slack:
        assert ["key=" in link for link in find_links((await share_answer(slack))["blocks"])] == [True]
    async with run_bot(service, **SIGN_IN_SETTINGS) as slack:
        assert find_links((await share_answer(slack))["blocks"]) == ["/record/stories/labour-crisis"]


async def test_other_organisations_get_no_links(service: FakeBriefingService) -> None:
    """This covers shared channels and users of other organisations."""
    async with run_bot(service, public_url=PUBLIC) as slack:
        await slack.post(slack.message("<@U9> who said lynch-mob?"))
        assert find_links(await slack.stand_in.wait_for(slack.stand_in.posts))
        body = json.loads(slack.message("<@U9> who said lynch-mob?")) | {"is_ext_shared_channel": True}
        await slack.post(json.dumps(body))
        assert find_links(await slack.stand_in.wait_for(slack.stand_in.posts, 2)) == []
        press = json.dumps({"asked": "/briefing labour-crisis"})
        guest = {"id": "U7", "name": "g", "team_id": "T7"}
        await slack.post(slack.press("ask", press, user=guest))
        assert find_links(await slack.stand_in.wait_for_answer()) == []


async def test_links_are_signed_per_workspace(service: FakeBriefingService, clock: Clock, store: Store) -> None:
    """The answer itself is composed once for all workspaces."""
    async with serve_pages(service, clock, store, **(SIGN_IN_SETTINGS | {"bot_token": None})) as (browser, links):
        slack = browser.slack
        for number, team in enumerate(("T1", "T2"), 1):
            await add_installation(store, team, lives=86_400)
            await slack.post(slack.command("/briefing", "labour-crisis", team_id=team))
            (address,) = find_links((await slack.stand_in.wait_for_answer(number))["blocks"])
            assert links.verify_key(address.partition("key=")[2]) == team
        assert service.queries == ["labour-crisis"]


def test_pages_use_signing_secret_by_default() -> None:
    assert Settings(bot_token="x", signing_secret=SECRET, public_url=PUBLIC).page_signing_secrets == (SECRET,)
