"""A backfill whose worker and driver are killed gives the same database after one more run."""

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from briefings.backfill.shard import process_shard
from briefings.storage.maintenance.integrity import TimeLimit, check_integrity
from briefings.storage.writes.shard_ledger import open_shard_ledger
from tests.support.archives import write_mixed_archive
from tests.support.backfill_runs import list_workers, run_backfill, wait_for_exit, wait_until
from tests.support.canonical_dump import dump_database

SHARDS, EACH = 10, 8
BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))
#: seconds before the test gives up; it normally needs a tenth of this
_PATIENCE = 120.0


@pytest.fixture(params=BOTH)
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Return the addresses of databases empty databases, for the killed run and for the undisturbed one."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/one.db", f"sqlite:///{tmp_path}/databases.db"
        return
    server = request.getfixturevalue("postgresql")
    with server.temporary_database() as first, server.temporary_database() as second:
        yield server.build_url(first), server.build_url(second)


def test_backfill_after_kills_stores_every_article_once(databases: tuple[str, str], tmp_path: Path) -> None:
    killed, undisturbed = databases
    archive = write_mixed_archive(tmp_path / "archive", SHARDS, EACH)
    with (
        closing(open_shard_ledger(killed, lambda: datetime.now(UTC))) as ledger,
        run_backfill(killed, archive, 2) as driver,
    ):
        wait_until(driver, ledger.list_finished_shards, timeout=_PATIENCE)
        os.kill(list_workers(driver.pid)[0], signal.SIGKILL)
        finished_before = len(ledger.list_finished_shards())
        wait_until(driver, lambda: len(ledger.list_finished_shards()) > finished_before, timeout=_PATIENCE)
        orphans = list_workers(driver.pid)
        driver.kill()
        driver.wait()
        finished_after = len(ledger.list_finished_shards())
        for orphan in orphans:
            wait_for_exit(orphan, timeout=_PATIENCE)
    assert 1 <= finished_before < finished_after < SHARDS
    with run_backfill(killed, archive, 2) as last:
        out, err = last.communicate(timeout=_PATIENCE)
    assert last.returncode == 0, err
    assert "already finished" in out
    for path in sorted(archive.iterdir(), reverse=True):
        process_shard(str(path), undisturbed)
    assert dump_database(killed) == dump_database(undisturbed)
    assert check_integrity(killed, TimeLimit(lambda: 0.0)) == []
