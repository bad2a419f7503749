"""A workspace that installs, uninstalls or revokes changes only itself."""

from typing import Any

import pytest

from bot.server.server import BOT
from tests.stand_ins.page_access import PUBLIC
from tests.support.keys import open_installations
from tests.tenants.evidence import find_secrets
from tests.tenants.workspaces import CLIENT_ID, OTHER, OWN, add_installation, make_recipient
from tests.tenants.world import OTHER_ARTICLES, World

#: what a workspace that leaves keeps: the audit log, as docs/reference says
_KEPT_TABLES = {"audit"}


@pytest.mark.parametrize(
    "event",
    [
        {"type": "app_uninstalled"},
        {"type": "tokens_revoked", "tokens": {"bot": ["U9"], "oauth": []}},
        {"type": "tokens_revoked", "tokens": {"bot": [OTHER.user], "oauth": [OTHER.user]}},
    ],
    ids=["uninstalled", "revoked", "revoked with ids of another workspace"],
)
async def test_workspace_that_leaves_takes_only_its_own_rows(fresh_world: World, event: dict[str, Any]) -> None:
    fresh_world.check(await fresh_world.send(fresh_world.slack.event(**event)))
    rows = fresh_world.dump(OWN)
    assert {table for table in rows if rows[table]} == _KEPT_TABLES
    own = {"team_id": OTHER.team, "user_id": OTHER.user, "channel_id": OTHER.channel}
    output = await fresh_world.send(fresh_world.slack.command("/digest", "list", **own))
    assert find_secrets(output, OTHER), "the other workspace still has its digests"


async def test_workspace_that_leaves_takes_only_its_own_record(fresh_per_team_world: World) -> None:
    world = fresh_per_team_world
    world.check(await world.send(world.slack.event(type="app_uninstalled")))
    records = world.slack.bot.app[BOT].records
    assert not records.delete(OWN.team), "it was deleted with the workspace"
    with records.borrow(OTHER.team) as record:
        assert record.service.get_counts().articles == len(OTHER_ARTICLES)


async def test_workspace_that_installs_again_replaces_only_its_own_token(fresh_world: World) -> None:
    await add_installation(fresh_world.store, OWN)
    fresh_world.check("")
    installations = open_installations(fresh_world.store, CLIENT_ID)
    assert await installations.find_workspace(OTHER.team) == (None, OTHER.team)


async def test_own_link_of_a_mail_changes_its_own_workspace_only(fresh_world: World) -> None:
    """The own recipient is deleted; that of the other workspace stays."""
    recipient = make_recipient(OWN.first_id, OWN.first_id, f"key{OWN.first_id}")
    path = fresh_world.mail_links.build_unsubscribe_url(recipient).removeprefix(PUBLIC)
    before = fresh_world.dump(OWN)["digest_mail_recipients"]
    fresh_world.check(await fresh_world.collect(await fresh_world.browser.post(path)))
    assert len(fresh_world.dump(OWN)["digest_mail_recipients"]) == len(before) - 1


async def test_every_table_with_teams_has_rows_of_both_workspaces(fresh_world: World) -> None:
    """Otherwise the tests here would not notice that a table leaks."""
    for workspace in (OWN, OTHER):
        empty = {table for table, rows in fresh_world.dump(workspace).items() if not rows}
        assert empty == set()
