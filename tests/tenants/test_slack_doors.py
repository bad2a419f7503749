"""No request of one workspace shows or changes what belongs to another, whichever door it comes in by."""

import pytest

from bot.core.record_policy import RECORD_REFUSAL, RecordMode
from tests.tenants.slack_cases import Case, list_cases, list_writing_cases
from tests.tenants.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")
CASES = list_cases()
#: doors that end a workspace, in test_installation_doors.py
_ENDING_EVENTS = {"app_uninstalled", "tokens_revoked"}


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_request_of_one_workspace_neither_shows_nor_changes_anything_of_another(
    shared_world: World, case: Case
) -> None:
    shared_world.check(await shared_world.send(case.build(shared_world.slack)))


@pytest.mark.parametrize("door", sorted({(case.kind, case.door) for case in CASES}), ids=" ".join)
async def test_door_shows_and_changes_nothing_of_the_record_of_another_workspace(
    per_team_world: World, door: tuple[str, str]
) -> None:
    """The same requests. All of a door are one test, which is three times as fast."""
    for case in CASES:
        if (case.kind, case.door) == door:
            per_team_world.check_output(await per_team_world.send(case.build(per_team_world.slack)), case)
    per_team_world.check_rows()


@pytest.mark.postgresql
@pytest.mark.parametrize("case", CASES[::20], ids=str)
async def test_schema_of_another_workspace_is_closed_to_every_request(postgresql_world: World, case: Case) -> None:
    postgresql_world.check(await postgresql_world.send(case.build(postgresql_world.slack)))


@pytest.mark.parametrize("case", list_writing_cases(), ids=str)
async def test_request_that_would_change_a_shared_record_is_refused(world: World, case: Case) -> None:
    """Its admins are not the operator. With its own record, the workspace may try."""
    output = await world.send(case.build(world.slack))
    world.check(output)
    assert (RECORD_REFUSAL in output) is (world.mode is RecordMode.SHARED)


async def test_every_registered_door_has_a_case(world: World) -> None:
    """A new command, button, form, shortcut or event needs a case here."""
    missing = [
        door
        for door in world.doors
        if not any(door.opens_for(case.kind, case.door) for case in CASES) and door.pattern not in _ENDING_EVENTS
    ]
    assert missing == []


async def test_every_case_has_a_door(world: World) -> None:
    """A door that was renamed must not leave its cases behind: they would try nothing."""
    homeless = {
        (case.kind, case.door) for case in CASES if not any(d.opens_for(case.kind, case.door) for d in world.doors)
    }
    assert homeless == set()


async def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 200
