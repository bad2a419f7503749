"""Every door asks `Authorizer` before it changes something, whichever request comes in by it."""

from collections import defaultdict

import pytest

from bot.core.permissions.doors import SLACK_DOORS, DoorKind
from bot.core.permissions.table import GuardedAction
from bot.slack.permissions.actor import Actor
from bot.slack.permissions.authorizer import NOTHING, Allowed, Authorizer, Decision, Refusal, Subject
from tests.tenants.evidence import dump_record
from tests.tenants.slack_cases import Case, list_cases
from tests.tenants.workspaces import OWN
from tests.tenants.world import World

_KINDS = {
    "command": DoorKind.COMMAND,
    "event": DoorKind.EVENT,
    "assistant": DoorKind.EVENT,
    "action": DoorKind.PRESS,
    "view": DoorKind.FORM,
    "options": DoorKind.OPTIONS,
    "message_shortcut": DoorKind.SHORTCUT,
}
#: asked after another action of the form was allowed, and tried in tests/scenarios
_NESTED = {
    (DoorKind.FORM, "start-feed"): {GuardedAction.ANNOUNCE_FEED},
    (DoorKind.FORM, "digest-form"): {GuardedAction.SET_DETAILS},
    (DoorKind.FORM, "digest-edit"): {GuardedAction.SET_DETAILS},
}
#: doors of Slack's own events, which end a workspace
_SLACK_EVENTS = {(DoorKind.EVENT, "app_uninstalled"), (DoorKind.EVENT, "tokens_revoked")}
#: every press in App Home publishes it again, with what waits for those who may see or confirm it
_SHOWN_IN_HOME = {GuardedAction.READ_REPORTS, GuardedAction.READ_FEEDS, GuardedAction.CONFIRM_ARTICLE}
_REFUSAL = "Not you."
#: what a request may store although its sender may do nothing: that Slack asked, and that a channel was greeted
_UNGUARDED_TABLES = {"asked", "greetings"}


async def test_without_any_permission_no_door_changes_anything(
    fresh_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _try_all(fresh_world, monkeypatch)


async def test_without_any_permission_no_door_changes_anything_with_a_record_for_each_workspace(
    fresh_per_team_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _try_all(fresh_per_team_world, monkeypatch)


async def _try_all(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[tuple[DoorKind, str], set[GuardedAction]] = defaultdict(set)
    current: list[tuple[DoorKind, str]] = []

    async def refuse(_: Authorizer, action: GuardedAction, __: Actor, ___: Subject = NOTHING) -> Decision:
        asked[current[-1]].add(action)
        # who may read reports is asked whether they may read feeds, too
        return Allowed() if action is GuardedAction.READ_REPORTS else Refusal(_REFUSAL)

    monkeypatch.setattr(Authorizer, "authorize", refuse)
    before = _dump(world)
    changes = []
    for case in list_cases():
        current.append(_find_door(case))
        await world.send(case.build(world.slack))
        if (after := _dump(world)) != before:
            changes.append((str(case), {table for table in after if after[table] != before[table]}))
            before = after
    assert changes == []
    missing = {door: {*actions} - asked[door] - _NESTED.get(door, set()) for door, actions in SLACK_DOORS.items()}
    assert {door: actions for door, actions in missing.items() if actions and door not in _SLACK_EVENTS} == {}
    undeclared = {door: actions - {*SLACK_DOORS.get(door, ())} - _SHOWN_IN_HOME for door, actions in asked.items()}
    assert {door: actions for door, actions in undeclared.items() if actions} == {}


def _dump(world: World) -> dict[str, list[str]]:
    rows = world.dump(OWN) | dump_record(world.record_engine)
    return {table: content for table, content in rows.items() if table not in _UNGUARDED_TABLES}


def _find_door(case: Case) -> tuple[DoorKind, str]:
    """Return the door of the list that a case tries."""
    kind = _KINDS[case.kind]
    if case.kind == "assistant":
        return kind, "assistant"
    names = (name for door_kind, name in SLACK_DOORS if door_kind is kind and f"{case.door}:".startswith(f"{name}:"))
    return kind, max(names, key=len, default=case.door)
