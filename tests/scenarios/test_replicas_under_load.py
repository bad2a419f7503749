"""Four replica processes on one PostgreSQL under steady load, while one is killed and another is stopped."""

import asyncio
from pathlib import Path

import pytest

from bench.replicas import fill, run_load
from tests.support.depth import choose
from tests.support.postgresql import Server

SECONDS, PER_SECOND = choose(10.0, 16.0), 8.0


@pytest.mark.postgresql
async def test_every_question_is_answered_exactly_once(durable_postgresql: Server, tmp_path: Path) -> None:
    """A killed replica may lose the few questions it had acknowledged but not answered. Nothing else is lost.

    `make bench ONLY=replicas` runs a longer test.
    """
    with durable_postgresql.temporary_database() as name:
        address = durable_postgresql.build_url(name)
        questions = await asyncio.to_thread(fill, address, 500)
        result = await run_load(tmp_path, address, questions, 4, SECONDS, PER_SECOND)
    assert result.question_count == SECONDS * PER_SECOND
    assert (result.duplicates, result.failed) == ([], [])
    assert len(result.missing) + len(result.bad_statuses) <= PER_SECOND
    assert {"whosaid", "briefing", "mention"} == set(result.milliseconds)
