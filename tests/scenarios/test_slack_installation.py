"""Tests of installing the bot in many workspaces over OAuth, token rotation and uninstalling."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from slack_sdk.oauth.installation_store import Installation
from sqlalchemy import func, select

from bot.server.server import BOT
from bot.storage.feedback import FeedbackItem
from bot.storage.request_log import RateLimit
from bot.storage.schema import bots, installations, oauth_states
from bot.storage.store import Store, open_store
from briefings.errors import BadSettings
from tests.scenarios.conftest import Slack, run_bot
from tests.stand_ins.briefing_service import FakeBriefingService
from tests.support.keys import KEYS, open_installations

CLIENT = {"bot_token": None, "client_id": "1.2", "client_secret": "made-up-client-secret"}
HOUR = 3600

#: slack_sdk calls oauth.v2.access with BasicAuth, deprecated since aiohttp 3.13
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(20), time.time, KEYS)) as store:
        yield store


@asynccontextmanager
async def run_oauth_bot(store: Store, service: FakeBriefingService) -> AsyncIterator[Slack]:
    """Run the bot for many workspaces, with OAuth."""
    async with run_bot(service, store, public_url="https://bot.example.org", **CLIENT) as slack:
        yield slack


def make_grant(token: str, **more: Any) -> dict[str, Any]:
    """Build a reply of oauth.v2.access."""
    answer = {
        "ok": True,
        "app_id": "A1",
        "authed_user": {"id": "U1"},
        "scope": "chat:write,commands",
        "token_type": "bot",
        "access_token": token,
        "bot_user_id": "UBOT",
        "team": {"id": "T1", "name": "Newsroom"},
        "enterprise": None,
        "is_enterprise_install": False,
    }
    return answer | more


async def begin_install(slack: Slack) -> tuple[str, str]:
    """Open the install page. Return the state sent to Slack, and the cookie."""
    page = await slack.session.get(slack.bot.make_url("/slack/install"))
    assert page.status == 200
    text = await page.text()
    address = text.partition('href="https://slack.com')[2].partition('"')[0]
    query = parse_qs(urlsplit(address.replace("&amp;", "&")).query)
    assert query["client_id"] == ["1.2"]
    assert query["redirect_uri"] == ["https://bot.example.org/slack/oauth_redirect"]
    assert set(query["scope"][0].split(",")) >= {"chat:write", "commands"}
    return query["state"][0], f"slack-app-oauth-state={query['state'][0]}"


async def install(slack: Slack, **grant: Any) -> int:
    """Go through the install pages like a browser. Return the last status."""
    state, cookie = await begin_install(slack)
    slack.stand_in.replies["oauth.v2.access"] = [make_grant(**grant)]
    slack.stand_in.replies["auth.test"] = [{"ok": True, "bot_id": "B1", "url": "https://x.slack.com/"}]
    back = slack.bot.make_url("/slack/oauth_redirect").with_query(code="c1", state=state)
    status = (await slack.session.get(back, headers={"Cookie": cookie})).status
    assert await slack.bot.app[BOT].executor.drain(10) == 0  # the welcome is sent in the background
    return status


async def find_token_used(slack: Slack, team: str = "T1", **more: Any) -> str | None:
    """Mention the bot in a team and return the token of its reply, or None without a reply."""
    slack.stand_in.tokens.clear()
    slack.stand_in.calls.clear()
    body = slack.event(type="app_mention", user="U1", channel="C1", text="help", ts="1.1").replace('"T1"', f'"{team}"')
    extra = "".join(f', "{name}": {value}' for name, value in more.items())
    await slack.post(body[:-1] + extra + "}")
    assert await slack.bot.app[BOT].executor.drain(10) == 0
    if "chat.postMessage" not in slack.stand_in.calls:
        return None
    return slack.stand_in.tokens[slack.stand_in.calls.index("chat.postMessage")].removeprefix("Bearer ")


def count_rows(store: Store, table: Any) -> int:
    count: int = store.database.read(lambda db: db.execute(select(func.count()).select_from(table)).scalar_one())
    return count


async def test_each_workspace_uses_its_own_token(store: Store, service: FakeBriefingService) -> None:
    async with run_oauth_bot(store, service) as slack:
        assert await install(slack, token="xoxb-one") == 200
        assert await install(slack, token="xoxb-two", team={"id": "T2", "name": "Other"}) == 200
        assert [await find_token_used(slack, team) for team in ("T1", "T2", "T3")] == ["xoxb-one", "xoxb-two", None]
        assert await install(slack, token="xoxb-three") == 200
        assert await find_token_used(slack) == "xoxb-three"
        assert (count_rows(store, bots), count_rows(store, installations), count_rows(store, oauth_states)) == (2, 2, 0)
        actions = [entry.action for entry in await store.audit_log.list_entries("T1")]
        assert [(action.action, action.person) for action in actions] == [("installed", "U1")] * 2
        assert "xoxb" not in str(actions)


async def test_installer_gets_one_welcome_with_the_token_of_the_workspace(
    store: Store, service: FakeBriefingService
) -> None:
    """Another installation of the same workspace, or an opened Home, does not repeat it; uninstalling forgets it."""
    async with run_oauth_bot(store, service) as slack:
        await install(slack, token="xoxb-one")
        (message,) = slack.stand_in.posts
        assert (message["channel"], slack.stand_in.tokens[-1]) == ("U1", "Bearer xoxb-one")
        assert "On the Record is ready" in message["text"]
        await install(slack, token="xoxb-two", authed_user={"id": "U2"})
        await slack.post(slack.event(type="app_home_opened", user="U3", channel="D3", tab="home"))
        assert await slack.bot.app[BOT].executor.drain(10) == 0
        assert len(slack.stand_in.posts) == 1
        org = {"team": None, "enterprise": {"id": "E1", "name": "Org"}, "is_enterprise_install": True}
        await install(slack, token="xoxb-org", **org)
        assert [post["channel"] for post in slack.stand_in.posts] == ["U1", "U1"]
    await store.uninstall_cleanup.forget_workspace(None, "T1", "uninstalled", datetime.now(UTC))
    async with run_oauth_bot(store, service) as slack:
        await install(slack, token="xoxb-four")
        assert len(slack.stand_in.posts) == 1


async def test_installation_succeeds_when_the_welcome_is_refused(store: Store, service: FakeBriefingService) -> None:
    async with run_oauth_bot(store, service) as slack:
        slack.stand_in.replies["chat.postMessage"] = [{"ok": False, "error": "messages_tab_disabled"}]
        assert await install(slack, token="xoxb-one") == 200
        assert await find_token_used(slack) == "xoxb-one"


async def test_command_from_workspace_without_install_is_explained(store: Store, service: FakeBriefingService) -> None:
    async with run_oauth_bot(store, service) as slack:
        assert (await slack.post(slack.command("/whosaid", "lynch-mob"))).status == 200
        assert "isn't installed here anymore" in (await slack.stand_in.wait_for_answer())["text"]
        assert service.queries == []


async def test_org_wide_install_covers_all_workspaces(store: Store, service: FakeBriefingService) -> None:
    """Workspaces of the organisation use its token; other workspaces have none."""
    async with run_oauth_bot(store, service) as slack:
        org = {"team": None, "enterprise": {"id": "E1", "name": "Org"}, "is_enterprise_install": True}
        assert await install(slack, token="xoxb-org", **org) == 200
        inside = '[{"enterprise_id": "E1", "team_id": "T7", "user_id": "UBOT", "is_enterprise_install": true}]'
        assert await find_token_used(slack, "T7", enterprise_id='"E1"', authorizations=inside) == "xoxb-org"
        assert await find_token_used(slack, "T7", enterprise_id='"E2"') is None


@pytest.mark.parametrize(
    ("query", "cookie", "status"),
    [
        ({"code": "c1", "state": "forged"}, "slack-app-oauth-state=forged", 401),
        ({"code": "c1", "state": "real"}, "slack-app-oauth-state=other", 400),
        ({"code": "c1", "state": "real"}, "", 400),
        ({"code": "c1"}, "slack-app-oauth-state=real", 400),
        ({"state": "real"}, "slack-app-oauth-state=real", 401),
        ({"error": "access_denied"}, "", 200),
        ({"error": "<script>alert(1)</script>"}, "", 200),
        ({}, "", 400),
    ],
)
async def test_forged_oauth_return_installs_nothing(
    store: Store, service: FakeBriefingService, query: dict[str, str], cookie: str, status: int
) -> None:
    async with run_oauth_bot(store, service) as slack:
        state, _ = await begin_install(slack)
        actual_query = {name: value.replace("real", state) for name, value in query.items()}
        address = slack.bot.make_url("/slack/oauth_redirect").with_query(actual_query)
        answer = await slack.session.get(address, headers={"Cookie": cookie.replace("real", state)})
        assert answer.status == status
        assert "<script>alert" not in await answer.text()
        assert count_rows(store, bots) == 0
        assert "oauth.v2.access" not in slack.stand_in.calls


async def test_oauth_state_works_once(store: Store, service: FakeBriefingService) -> None:
    async with run_oauth_bot(store, service) as slack:
        state, cookie = await begin_install(slack)
        slack.stand_in.replies["oauth.v2.access"] = [{"ok": False, "error": "invalid_code"}, make_grant("xoxb-stolen")]
        address = slack.bot.make_url("/slack/oauth_redirect").with_query(code="c1", state=state)
        statuses = [(await slack.session.get(address, headers={"Cookie": cookie})).status for _ in range(2)]
        assert statuses == [401, 401]
        assert slack.stand_in.calls == ["oauth.v2.access"]


async def test_install_error_is_shown_as_page(store: Store, service: FakeBriefingService) -> None:
    async with run_oauth_bot(store, service) as slack:
        state, cookie = await begin_install(slack)
        slack.stand_in.replies["oauth.v2.access"] = [make_grant("xoxb-one")]
        store.database.write(lambda db: db.exec_driver_sql("DROP TABLE slack_installations"))
        address = slack.bot.make_url("/slack/oauth_redirect").with_query(code="c1", state=state)
        answer = await slack.session.get(address, headers={"Cookie": cookie})
        assert answer.status in (500, 503)
        assert "Traceback" not in await answer.text()
        store.database.write(lambda db: db.exec_driver_sql("DROP TABLE slack_oauth_states"))
        page = await slack.session.get(slack.bot.make_url("/slack/install"))
        assert (page.status, "try again" in await page.text()) == (503, True)


async def add_installation(store: Store, team: str = "T1", *, lives: int, **more: Any) -> None:
    """Store an installation whose token expires in `lives` seconds."""
    installation = Installation(
        app_id="A1",
        team_id=team,
        user_id="U1",
        bot_token="xoxe.xoxb-old",
        bot_id="B1",
        bot_user_id="UBOT",
        bot_refresh_token="xoxe-refresh-old",
        bot_token_expires_in=lives,
        **more,
    )
    await open_installations(store).async_save(installation)


RENEWED = make_grant("xoxe.xoxb-new", refresh_token="xoxe-refresh-new", expires_in=12 * HOUR)


async def test_token_is_refreshed_before_expiry(store: Store, service: FakeBriefingService) -> None:
    """The bot uses the refresh token, then stores and uses the new token."""
    await add_installation(store, lives=HOUR)
    async with run_oauth_bot(store, service) as slack:
        slack.stand_in.replies["oauth.v2.access"] = [RENEWED]
        assert await find_token_used(slack) == "xoxe.xoxb-new"
        request = slack.stand_in.arguments[slack.stand_in.calls.index("oauth.v2.access")]
        assert (request["grant_type"], request["refresh_token"]) == ("refresh_token", "xoxe-refresh-old")
        assert await find_token_used(slack) == "xoxe.xoxb-new"
        assert "oauth.v2.access" not in slack.stand_in.calls
    assert count_rows(store, bots) == 1


async def test_concurrent_requests_refresh_token_once(store: Store, service: FakeBriefingService) -> None:
    await add_installation(store, lives=HOUR)
    async with run_oauth_bot(store, service) as slack:
        slack.stand_in.replies["oauth.v2.access"] = [RENEWED]
        for _ in range(10):
            await slack.post(slack.command("/whosaid", "lynch-mob"))
        await slack.stand_in.wait_for_answer(10)
        assert slack.stand_in.calls.count("oauth.v2.access") == 1
        assert all("John McDonnell" in answer["text"] for answer in slack.stand_in.answers)


@pytest.mark.parametrize(("lives", "used"), [(HOUR, "xoxe.xoxb-old"), (-HOUR, None)])
async def test_token_that_cannot_be_refreshed_is_used_until_expiry(
    store: Store, service: FakeBriefingService, lives: int, used: str | None
) -> None:
    await add_installation(store, lives=lives)
    async with run_oauth_bot(store, service) as slack:
        slack.stand_in.replies["oauth.v2.access"] = [{"ok": False, "error": "invalid_refresh_token"}]
        assert await find_token_used(slack) == used


FEEDBACK = FeedbackItem("T1", "U1", "C1", "/whosaid “lynch-mob”", "a1", 3, 9, "wrong speaker")


@pytest.mark.parametrize(
    "event",
    [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["UBOT"]}}],
)
async def test_uninstall_deletes_everything_but_an_audit_entry(
    store: Store, service: FakeBriefingService, event: dict[str, Any]
) -> None:
    """Tokens and feedback are deleted and cleanup hooks run. Other workspaces stay, and a repeat is harmless."""
    await add_installation(store, lives=9 * HOUR)
    await add_installation(store, "T2", lives=9 * HOUR)
    await store.feedback.add(FEEDBACK)
    cleaned_teams: list[str] = []
    store.uninstall_cleanup.register(lambda _, team: cleaned_teams.append(team))
    async with run_oauth_bot(store, service) as slack:
        for _ in range(2):
            await slack.post(slack.event(**event))
        await slack.bot.close()
    assert (count_rows(store, bots), count_rows(store, installations)) == (1, 1)
    assert await store.feedback.list_items("T1") == ()
    assert cleaned_teams == ["T1", "T1"]
    action = (await store.audit_log.list_entries("T1"))[0].action
    assert (action.person, action.action) == (None, event["type"].removeprefix("app_").replace("_", " "))
    assert "xox" not in str(await store.audit_log.list_entries("T1"))


async def test_revoked_user_token_deletes_nothing(store: Store, service: FakeBriefingService) -> None:
    await add_installation(store, lives=9 * HOUR)
    async with run_oauth_bot(store, service) as slack:
        await slack.post(slack.event(type="tokens_revoked", tokens={"oauth": ["U1"]}))
        assert await find_token_used(slack) == "xoxe.xoxb-old"


async def test_uninstall_event_older_than_install_deletes_nothing(store: Store, service: FakeBriefingService) -> None:
    await add_installation(store, lives=9 * HOUR)
    await store.feedback.add(FEEDBACK)
    async with run_oauth_bot(store, service) as slack:
        body = slack.event(type="app_uninstalled")
        await slack.post(f'{body[:-1]}, "event_time": {int(time.time()) - 60}}}')
        assert await find_token_used(slack) == "xoxe.xoxb-old"
    assert len(await store.feedback.list_items("T1")) == 1


async def test_org_uninstall_deletes_only_org_install(store: Store, service: FakeBriefingService) -> None:
    """A separate install of one of its workspaces stays."""
    org = {"enterprise_id": "E1", "is_enterprise_install": True}
    await add_installation(store, lives=9 * HOUR, enterprise_id="E1")
    await add_installation(store, None, lives=9 * HOUR, **org)  # type: ignore[arg-type]  # an org-wide install has no team
    async with run_oauth_bot(store, service) as slack:
        body = slack.event(type="app_uninstalled")
        inside = '"enterprise_id": "E1", "authorizations": [{"enterprise_id": "E1", "is_enterprise_install": true}]'
        await slack.post(f"{body[:-1]}, {inside}}}")
        await slack.bot.close()
    teams = store.database.read(lambda db: db.execute(select(bots.c.team_id)).scalars().all())
    assert teams == ["T1"]


async def test_oauth_needs_a_database(service: FakeBriefingService) -> None:
    with pytest.raises(BadSettings, match="only with a database: set DATABASE_URL"):
        async with run_bot(service, **CLIENT):
            pass


async def test_single_workspace_has_no_install_pages(slack: Slack) -> None:
    for path in ("/slack/install", "/slack/oauth_redirect"):
        assert (await slack.session.get(slack.bot.make_url(path))).status == 404
