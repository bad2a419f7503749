"""Installations and OAuth states, on both databases, and what leaves with a workspace."""

from datetime import UTC, datetime, timedelta

import pytest
from slack_bolt.error import BoltError
from slack_sdk.oauth.installation_store import Installation

from bot.storage.feedback import FeedbackItem
from bot.storage.installations import InstallationStore, OAuthStateStore
from bot.storage.store import Store

SOON = timedelta(minutes=1)


def installation(token: str, **more: object) -> Installation:
    told = {"app_id": "A1", "user_id": "U1", "team_id": "T1", "bot_id": "B1", "bot_user_id": "UBOT"} | more
    return Installation(bot_token=token, bot_scopes="chat:write,commands", **told)  # type: ignore[arg-type]  # a mixed dictionary


@pytest.fixture
def installations(store: Store) -> InstallationStore:
    return InstallationStore(store.database, store.audit_log, "1.2")


async def token(installations: InstallationStore, team: str | None = "T1", org: str | None = None) -> str | None:
    found = await installations.async_find_bot(enterprise_id=org, team_id=team, is_enterprise_install=team is None)
    return found.bot_token if found else None


async def test_a_new_installation_takes_the_place_of_the_older_one(
    installations: InstallationStore, store: Store
) -> None:
    for name in ("xoxb-1", "xoxb-2"):
        await installations.async_save(installation(name))
    await installations.async_save(installation("xoxb-3", team_id="T2"))
    assert [await token(installations, team) for team in ("T1", "T2", "T3")] == ["xoxb-2", "xoxb-3", None]
    assert len(await store.audit_log.list_entries("T1")) == 2


async def test_another_apps_installations_are_none_of_ours(installations: InstallationStore, store: Store) -> None:
    await InstallationStore(store.database, store.audit_log, "9.9").async_save(installation("xoxb-1"))
    assert await token(installations) is None


async def test_a_team_is_found_by_its_own_id_alone(installations: InstallationStore, store: Store) -> None:
    """As what the bot posts by itself needs it, with no request that tells the organisation."""
    await installations.async_save(installation("xoxb-1", enterprise_id="E1"))
    await installations.async_save(installation("xoxb-2", enterprise_id="E2", team_id=None, is_enterprise_install=True))
    await InstallationStore(store.database, store.audit_log, "9.9").async_save(installation("xoxb-3", team_id="T3"))
    found = [await installations.find_workspace(team) for team in ("T1", "E1", "E2", "T3")]
    assert found == [("E1", "T1"), None, ("E2", None), None]


async def test_what_the_database_refuses_is_told_as_the_flow_expects(installations: InstallationStore) -> None:
    too_long = installation("xoxb-1", team_id=None, user_id=None)
    with pytest.raises(BoltError):
        await installations.async_save(too_long)


async def test_a_state_is_good_once_and_made_up_ones_never(store: Store) -> None:
    states = OAuthStateStore(store.database)
    state = await states.async_issue()
    assert [await states.async_consume(told) for told in ("made up", state, state)] == [False, True, False]


async def test_a_workspace_that_leaves_takes_its_own(installations: InstallationStore, store: Store) -> None:
    await installations.async_save(installation("xoxb-1"))
    await installations.async_save(installation("xoxb-2", team_id="T2"))
    await installations.async_save(installation("xoxb-org", team_id=None, enterprise_id="E1"))
    for team in ("T1", "T2"):
        await store.feedback.add(FeedbackItem(team, "U1", None, "x", "a1", 0, 1, "wrong"))
    now = datetime.now(UTC)
    assert not await store.uninstall_cleanup.forget_workspace(None, "T1", "uninstalled", now - SOON)
    assert await store.uninstall_cleanup.forget_workspace(None, "T1", "uninstalled", now + SOON)
    assert await store.uninstall_cleanup.forget_workspace("E1", None, "uninstalled", now + SOON)
    assert [await token(installations, "T1"), await token(installations, None, "E1")] == [None, None]
    assert await token(installations, "T2") == "xoxb-2"
    assert [len(await store.feedback.list_items(team)) for team in ("T1", "T2")] == [0, 1]


async def test_what_cannot_be_forgotten_leaves_everything(installations: InstallationStore, store: Store) -> None:
    """One transaction: a hook that fails takes back what the others did."""
    await installations.async_save(installation("xoxb-1"))

    def fail(*_: object) -> None:
        raise LookupError

    store.uninstall_cleanup.register(fail)
    with pytest.raises(LookupError):
        await store.uninstall_cleanup.forget_workspace(None, "T1", "uninstalled", datetime.now(UTC) + SOON)
    assert await token(installations) == "xoxb-1"
