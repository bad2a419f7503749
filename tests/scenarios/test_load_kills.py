"""A load that is killed, in its batches or at its end, and run again stores what a load that is left alone stores."""

import random
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from briefings.storage.maintenance.integrity import TimeLimit, check_integrity
from tests.stand_ins.adding_processes import open_at, receive_rest, start_process
from tests.stand_ins.loading_process import load_and_say
from tests.support.canonical_dump import dump_database
from tests.support.depth import choose
from tests.support.postgresql import Server

QUOTES, BATCH = choose((150, 4), (600, 10))
#: kills after so many messages, of which each batch sends one and the end another
KILLS = (1, 3, 6, "linking", "linking", "linked")


def kill_in_progress(address: str, moment: int | str) -> None:
    process, line = start_process(load_and_say, address, QUOTES, BATCH)
    messages: list[str] = []
    while (len(messages) < moment) if isinstance(moment, int) else (moment not in messages):
        messages.append(line.recv())
    time.sleep(random.uniform(0, 0.02))  # noqa: S311 - not for secrets; a pause, so that each kill comes at another moment
    process.kill()
    process.join()


def survive_kills(killed: str, undisturbed: str, wait_until_idle: Callable[[], object] = lambda: None) -> None:
    """Kill the load at several moments, and then let it run to its end."""
    open_at(killed).close()
    for moment in KILLS:
        kill_in_progress(killed, moment)
        wait_until_idle()
    for address in (killed, undisturbed):
        process, line = start_process(load_and_say, address, QUOTES, BATCH)
        assert list(receive_rest(line))[-1] == "linked"
        process.join()
        assert process.exitcode == 0
    assert dump_database(killed) == dump_database(undisturbed)
    assert read_links(killed) == read_links(undisturbed)
    assert check_integrity(killed, TimeLimit(lambda: 0.0)) == []


def read_links(address: str) -> list[list[tuple[object, ...]]]:
    """Return what the order of arrival decides: which article is the copy, and which hashes are stored; and the news.

    News that arrived before a kill arrives once, and the rest after it.
    """
    queries = (
        "SELECT article, of, likeness FROM copies ORDER BY 1, 2",
        "SELECT hash, article FROM sketches ORDER BY 1, 2",
        "SELECT article, is_new FROM arrivals ORDER BY id",
    )
    with closing(open_at(address)) as repository:
        return repository.run_query(
            lambda db, _: [[tuple(row) for row in db.execute(text(query))] for query in queries]
        )


def test_loads_survive_kills_on_sqlite(tmp_path: Path) -> None:
    """On an SQLite file."""
    survive_kills(f"sqlite:///{tmp_path / 'killed.db'}", f"sqlite:///{tmp_path / 'undisturbed.db'}")


@pytest.mark.postgresql
def test_loads_survive_kills_on_postgresql(durable_postgresql: Server) -> None:
    """On PostgreSQL, after the server has closed the connections of the killed client."""
    with (
        durable_postgresql.temporary_database() as killed,
        durable_postgresql.temporary_database() as undisturbed,
        durable_postgresql.connect() as watching,
    ):
        other_connections = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND application_name = 'killed'"

        def wait_until_idle() -> None:
            while watching.execute(other_connections, [killed]).fetchone():
                pass

        addresses = [durable_postgresql.build_url(name) for name in (killed, undisturbed)]
        survive_kills(f"{addresses[0]}?application_name=killed", addresses[1], wait_until_idle)
