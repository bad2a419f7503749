"""What is told of digests: which comes next, what became of their runs."""

from datetime import UTC, datetime, time, timedelta

import pytest

from bot.digests.model import Digest, DigestConfig, DigestState, Run, RunState
from bot.digests.schedule import EVERY_DAY, Schedule
from bot.simulator.pages import AgendaEntry, describe_run, find_next_digest

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def digest(number: int, due: datetime | None) -> Digest:
    wish = DigestConfig("T", "C", "U", "labour-crisis", Schedule(EVERY_DAY, (time(8, 30),)), "Etc/UTC")
    return Digest(number, number, wish, DigestState.ACTIVE if due else DigestState.PAUSED, None, NOON, due)


def run(state: RunState, *, late: bool = False, why: str | None = None) -> Run:
    return Run(1, NOON, state, late, None, why, None, 1)


def test_the_next_is_the_first_that_is_ahead() -> None:
    dues = [NOON + timedelta(hours=3), None, NOON + timedelta(hours=1), NOON - timedelta(hours=1)]
    entries = tuple(AgendaEntry(digest(number, due), ()) for number, due in enumerate(dues))
    found = find_next_digest(entries, NOON)
    assert found
    assert found.number == 2
    assert find_next_digest(entries[1:2], NOON) is None


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (run(RunState.SENT), "sent"),
        (run(RunState.SENT, late=True), "sent late"),
        (run(RunState.SKIPPED, why="Nobody came."), "skipped: Nobody came."),
        (run(RunState.SILENT), "nothing was new, nothing posted"),
        (run(RunState.CONTENT_READY), "under way"),
    ],
)
def test_what_became_of_a_run(told: Run, words: str) -> None:
    assert describe_run(told) == words
