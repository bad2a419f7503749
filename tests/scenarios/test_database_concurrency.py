"""Many processes add to one database and search it at once: nothing is lost, duplicated or refused.

The environment variable RECORD_SECONDS sets the duration in seconds. The default is 2; use 60 for a long run.
"""

import os
from contextlib import closing
from pathlib import Path

import pytest

from tests.stand_ins.adding_processes import (
    QUOTE_COUNT,
    add_and_search,
    make_small_article,
    open_at,
    receive_rest,
    start_process,
)

SECONDS = float(os.environ.get("RECORD_SECONDS", "2"))


def run_processes(address: str, processes: int) -> None:
    open_at(address).close()
    running = [start_process(add_and_search, address, number, SECONDS) for number in range(processes)]
    results = [list(receive_rest(line)) for _, line in running]
    for process, _ in running:
        process.join()
    errors = [message for messages in results for message in messages if isinstance(message, str)]
    assert errors == []
    added = [name for messages in results for names in messages[0] for name in names]
    assert len(added) == len(set(added)), "two processes added the same article"
    assert all(messages[0][0] for messages in results), "a process added nothing"
    with closing(open_at(address)) as repository:
        assert sorted(repository.find_ids(limit=10_000)) == sorted(added)[:10_000]
        assert (repository.get_counts().articles, repository.get_counts().quotes) == (
            len(added),
            len(added) * QUOTE_COUNT,
        )
        stored_quotes = repository.get_quotes(added)
        for name in added:
            article, quotes = make_small_article(name)
            assert stored_quotes[name] == tuple(quotes)
            assert [hit.article for hit in repository.find_quotes(f"count {name}")] == [article] * QUOTE_COUNT


def test_four_processes_share_sqlite(tmp_path: Path) -> None:
    """No process fails because the database is locked."""
    run_processes(f"sqlite:///{tmp_path / 'record.db'}", 4)


@pytest.mark.postgresql
def test_eight_processes_share_postgresql(postgresql_address: str) -> None:
    run_processes(postgresql_address, 8)
