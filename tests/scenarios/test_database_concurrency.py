"""Many processes add to one record and search it at once: nothing is lost, nothing is there twice, nobody is refused.

They go on for RECORD_SECONDS, 2 unless told; RECORD_SECONDS=60 is the long form.
"""

import os
from contextlib import closing
from pathlib import Path

import pytest

from tests.stand_ins.adding_processes import QUOTES, add_and_search, opened, rest_of, small, started

SECONDS = float(os.environ.get("RECORD_SECONDS", "2"))


def run_processes(address: str, processes: int) -> None:
    opened(address).close()
    running = [started(add_and_search, address, number, SECONDS) for number in range(processes)]
    results = [list(rest_of(line)) for _, line in running]
    for process, _ in running:
        process.join()
    complaints = [message for messages in results for message in messages if isinstance(message, str)]
    assert complaints == []
    added = [name for messages in results for names in messages[0] for name in names]
    assert len(added) == len(set(added)), "one article was new to two"
    assert all(messages[0][0] for messages in results), "somebody added nothing"
    with closing(opened(address)) as repository:
        assert sorted(repository.find_ids(limit=10_000)) == sorted(added)[:10_000]
        assert (repository.get_counts().articles, repository.get_counts().quotes) == (len(added), len(added) * QUOTES)
        stored_quotes = repository.get_quotes(added)
        for name in added:
            article, quotes = small(name)
            assert stored_quotes[name] == tuple(quotes)
            assert [hit.article for hit in repository.find_quotes(f"count {name}")] == [article] * QUOTES


def test_four_processes_add_and_search_at_once_on_sqlite(tmp_path: Path) -> None:
    """None is told that the database is locked."""
    run_processes(f"sqlite:///{tmp_path / 'record.db'}", 4)


@pytest.mark.postgresql
def test_eight_processes_add_and_search_at_once_on_postgresql(postgresql_address: str) -> None:
    """None gets into another's way."""
    run_processes(postgresql_address, 8)
