"""Tests of the agenda: the next digest, and descriptions of runs."""

from datetime import UTC, datetime, time, timedelta

import pytest

from bot.digests.model import Digest, DigestConfig, DigestState, Run, RunState
from bot.digests.schedule import build_weekly_schedule
from bot.digests.scheduling.rule import EVERY_DAY
from bot.simulator.pages import AgendaEntry, describe_run, find_next_digest

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def make_digest(number: int, due: datetime | None) -> Digest:
    config = DigestConfig("T", "C", "U", "labour-crisis", build_weekly_schedule(EVERY_DAY, (time(8, 30),)), "Etc/UTC")
    return Digest(number, number, config, DigestState.ACTIVE if due else DigestState.PAUSED, None, NOON, due)


def make_run(state: RunState, *, late: bool = False, reason: str | None = None) -> Run:
    return Run(1, NOON, state, late, None, reason, None, 1)


def test_next_digest_is_the_first_after_now() -> None:
    due_times = [NOON + timedelta(hours=3), None, NOON + timedelta(hours=1), NOON - timedelta(hours=1)]
    entries = tuple(AgendaEntry(make_digest(number, due), ()) for number, due in enumerate(due_times))
    next_digest = find_next_digest(entries, NOON)
    assert next_digest
    assert next_digest.number == 2
    assert find_next_digest(entries[1:2], NOON) is None


@pytest.mark.parametrize(
    ("run", "description"),
    [
        (make_run(RunState.DELIVERED), "sent"),
        (make_run(RunState.DELIVERED, late=True), "sent late"),
        (make_run(RunState.SKIPPED, reason="No channel."), "skipped: No channel."),
        (make_run(RunState.SILENT), "nothing new, not posted"),
        (make_run(RunState.CONTENT_READY), "in progress"),
    ],
)
def test_run_is_described_in_words(run: Run, description: str) -> None:
    assert describe_run(run) == description
