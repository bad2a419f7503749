"""Installations and OAuth states on both databases, and the cleanup after an uninstall."""

from datetime import UTC, datetime, timedelta

import pytest
from slack_bolt.error import BoltError
from slack_sdk.oauth.installation_store import Installation

from bot.storage.feedback import FeedbackItem
from bot.storage.installations import InstallationStore, OAuthStateStore
from bot.storage.store import Store
from tests.support.keys import open_installations

ONE_MINUTE = timedelta(minutes=1)


def make_installation(token: str, **fields: object) -> Installation:
    values = {"app_id": "A1", "user_id": "U1", "team_id": "T1", "bot_id": "B1", "bot_user_id": "UBOT"} | fields
    return Installation(bot_token=token, bot_scopes="chat:write,commands", **values)  # type: ignore[arg-type]  # a mixed dictionary


@pytest.fixture
def installations(store: Store) -> InstallationStore:
    return open_installations(store)


async def find_token(installations: InstallationStore, team: str | None = "T1", org: str | None = None) -> str | None:
    bot = await installations.async_find_bot(enterprise_id=org, team_id=team, is_enterprise_install=team is None)
    return bot.bot_token if bot else None


async def test_new_installation_replaces_the_older_one(installations: InstallationStore, store: Store) -> None:
    for token in ("xoxb-1", "xoxb-2"):
        await installations.async_save(make_installation(token))
    await installations.async_save(make_installation("xoxb-3", team_id="T2"))
    assert [await find_token(installations, team) for team in ("T1", "T2", "T3")] == ["xoxb-2", "xoxb-3", None]
    assert len(await store.audit_log.list_entries("T1")) == 2


async def test_installations_of_another_app_are_ignored(installations: InstallationStore, store: Store) -> None:
    await open_installations(store, "9.9").async_save(make_installation("xoxb-1"))
    assert await find_token(installations) is None


async def test_workspace_is_found_by_its_team_id(installations: InstallationStore, store: Store) -> None:
    """Scheduled posts need this: they have no request that names the organisation."""
    await installations.async_save(make_installation("xoxb-1", enterprise_id="E1"))
    await installations.async_save(
        make_installation("xoxb-2", enterprise_id="E2", team_id=None, is_enterprise_install=True)
    )
    await open_installations(store, "9.9").async_save(make_installation("xoxb-3", team_id="T3"))
    workspaces = [await installations.find_workspace(team) for team in ("T1", "E1", "E2", "T3")]
    assert workspaces == [("E1", "T1"), None, ("E2", None), None]


async def test_database_error_raises_bolt_error(installations: InstallationStore) -> None:
    incomplete_installation = make_installation("xoxb-1", team_id=None, user_id=None)
    with pytest.raises(BoltError):
        await installations.async_save(incomplete_installation)


async def test_oauth_state_is_valid_once(store: Store) -> None:
    states = OAuthStateStore(store.database)
    state = await states.async_issue()
    assert [await states.async_consume(candidate) for candidate in ("made up", state, state)] == [False, True, False]


async def test_uninstall_deletes_only_the_data_of_the_workspace(installations: InstallationStore, store: Store) -> None:
    await installations.async_save(make_installation("xoxb-1"))
    await installations.async_save(make_installation("xoxb-2", team_id="T2"))
    await installations.async_save(make_installation("xoxb-org", team_id=None, enterprise_id="E1"))
    for team in ("T1", "T2"):
        await store.feedback.add(FeedbackItem(team, "U1", None, "x", "a1", 0, 1, "wrong"))
    now = datetime.now(UTC)
    assert not await store.uninstall_cleanup.forget_workspace(None, "T1", "uninstalled", now - ONE_MINUTE)
    assert await store.uninstall_cleanup.forget_workspace(None, "T1", "uninstalled", now + ONE_MINUTE)
    assert await store.uninstall_cleanup.forget_workspace("E1", None, "uninstalled", now + ONE_MINUTE)
    assert [await find_token(installations, "T1"), await find_token(installations, None, "E1")] == [None, None]
    assert await find_token(installations, "T2") == "xoxb-2"
    assert [len(await store.feedback.list_items(team)) for team in ("T1", "T2")] == [0, 1]


async def test_failing_cleanup_deletes_nothing(installations: InstallationStore, store: Store) -> None:
    """All functions run in one transaction, which is rolled back."""
    await installations.async_save(make_installation("xoxb-1"))

    def fail(*_: object) -> None:
        raise LookupError

    store.uninstall_cleanup.register(fail)
    with pytest.raises(LookupError):
        await store.uninstall_cleanup.forget_workspace(None, "T1", "uninstalled", datetime.now(UTC) + ONE_MINUTE)
    assert await find_token(installations) == "xoxb-1"
