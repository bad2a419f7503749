"""The team whose rows work may see: one, all, or none."""

import ast
import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.core.tenancy import (
    ALL_TEAMS,
    NO_TEAM,
    get_scope,
    get_team,
    may_see,
    set_team,
    use_all_teams,
    use_no_team,
    use_team,
)

BOT = Path(__file__).parents[4] / "bot"
#: every place that may see the rows of all teams; a new one is a decision (docs/decisions/0058)
ALLOWED = {
    "answers/topic_scope.py": 1,
    "cli/records/team_choice.py": 1,
    "cli/resources.py": 1,
    "cli/safety/startup.py": 1,
    "digests/delivery/runner.py": 1,
    "digests/mail/outbox.py": 1,
    "digests/mail/recipients.py": 4,
    "digests/mail/runner.py": 1,
    "storage/database.py": 1,
    "storage/audit_log.py": 1,
    "storage/migrations/env.py": 1,
    "storage/protection/audit_chain.py": 1,
    "storage/request_log.py": 3,
    "storage/team_scope/row_security.py": 2,
    "watches/delivery/post_log.py": 1,
    "watches/delivery/runner.py": 1,
}
_WIDENING = {"use_all_teams", "see_all_teams", "use_all_rows"}


@pytest.fixture(autouse=True)
def _no_team() -> Iterator[None]:
    with use_no_team():
        yield


def count_calls(file: Path) -> int:
    """Return the number of calls that let work see all teams."""
    names = (node.func for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call))
    return sum(isinstance(name, ast.Name) and name.id in _WIDENING for name in names)


def test_only_these_places_see_all_teams() -> None:
    counts = {str(file.relative_to(BOT)): count_calls(file) for file in BOT.rglob("*.py")}
    assert {name: count for name, count in counts.items() if count} == ALLOWED


def test_work_sees_no_team_unless_it_names_one() -> None:
    assert get_scope() == NO_TEAM
    with use_team("T1"):
        assert get_scope() == "T1"
        with use_all_teams("a test"):
            assert get_scope() == ALL_TEAMS
        assert get_scope() == "T1"
    assert get_scope() == NO_TEAM


def test_work_of_all_teams_or_none_has_no_team_of_its_own() -> None:
    assert (get_team(), may_see("T1")) == ("", False)
    with use_all_teams("a test"):
        assert (get_team(), may_see("T1")) == ("", True)
        with use_team("T1"):
            assert (get_team(), may_see("T1"), may_see("T2"), may_see("")) == ("T1", True, False, False)


@pytest.mark.parametrize("team", ["", "*", "-", "t1", "T1 ", "T1' OR 1=1", "T" * 41, "Tä"])
def test_what_is_no_id_is_no_team(team: str) -> None:
    with use_team(team):
        assert get_scope() == NO_TEAM
    set_team(team)
    assert get_scope() == NO_TEAM


def test_work_that_sees_all_teams_says_why() -> None:
    with pytest.raises(ValueError, match="needs a reason"), use_all_teams(""):
        pass


async def test_tasks_and_threads_for_one_call_inherit_the_team_and_pools_do_not() -> None:
    """A thread of a pool serves many teams, so it must name the team itself."""
    set_team("T1")
    assert await asyncio.create_task(asyncio.sleep(0, get_scope())) == "T1"
    assert await asyncio.to_thread(get_scope) == "T1"
    with ThreadPoolExecutor(1) as pool:
        assert await asyncio.get_running_loop().run_in_executor(pool, get_scope) == NO_TEAM


async def test_team_of_one_request_is_not_that_of_the_next() -> None:
    async def handle(team: str) -> str:
        set_team(team)
        await asyncio.sleep(0)
        return get_scope()

    assert await asyncio.gather(*map(handle, ("T1", "T2", ""))) == ["T1", "T2", NO_TEAM]
    assert get_scope() == NO_TEAM
