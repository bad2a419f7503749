"""Replicas as processes on one PostgreSQL, asked without a pause while one is killed and another is told to stop."""

import asyncio
from pathlib import Path

import pytest

from bench.replicas import fill, run_load
from tests.support.postgresql import Server

SECONDS, PER_SECOND = 16.0, 8.0


@pytest.mark.postgresql
async def test_every_question_is_answered_once_by_one_of_four(durable_postgresql: Server, tmp_path: Path) -> None:
    """`make bench ONLY=replicas` does it for longer. What a killed replica had acknowledged and not yet answered, some
    hundredths of a second's questions, is asked again by whoever asked; nothing else is lost.
    """
    with durable_postgresql.database() as name:
        address = durable_postgresql.address(name)
        questions = await asyncio.to_thread(fill, address, 500)
        result = await run_load(tmp_path, address, questions, 4, SECONDS, PER_SECOND)
    assert result.question_count == SECONDS * PER_SECOND
    assert (result.duplicates, result.failed) == ([], [])
    assert len(result.missing) + len(result.bad_statuses) <= PER_SECOND
    assert {"whosaid", "briefing", "mention"} == set(result.milliseconds)
