"""A back-fill of which a worker and then the driver are killed: after one more run the record is as without kills."""

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
from tests.support.archives import mixed
from tests.support.backfill_runs import driving, ended, until, workers_of
from tests.support.canonical_dump import content

SHARDS, EACH = 10, 8
BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))
#: seconds after which a test gives up; it ends in a tenth of them
_PATIENCE = 120.0


@pytest.fixture(params=BOTH)
def two(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Two empty records of one kind: for the run that is killed, and for the one that is not."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/one.db", f"sqlite:///{tmp_path}/two.db"
        return
    server = request.getfixturevalue("postgresql")
    with server.database() as first, server.database() as second:
        yield server.address(first), server.address(second)


def test_after_kills_and_one_more_run_every_article_is_there_once(two: tuple[str, str], tmp_path: Path) -> None:
    killed, undisturbed = two
    archive = mixed(tmp_path / "archive", SHARDS, EACH)
    with (
        closing(open_shard_ledger(killed, lambda: datetime.now(UTC))) as ledger,
        driving(killed, archive, 2) as driver,
    ):
        until(driver, ledger.list_finished_shards, patience=_PATIENCE)
        os.kill(workers_of(driver.pid)[0], signal.SIGKILL)
        finished_before = len(ledger.list_finished_shards())
        until(driver, lambda: len(ledger.list_finished_shards()) > finished_before, patience=_PATIENCE)
        orphans = workers_of(driver.pid)
        driver.kill()
        driver.wait()
        finished_after = len(ledger.list_finished_shards())
        for orphan in orphans:
            ended(orphan, patience=_PATIENCE)
    assert 1 <= finished_before < finished_after < SHARDS
    with driving(killed, archive, 2) as last:
        out, err = last.communicate(timeout=_PATIENCE)
    assert last.returncode == 0, err
    assert "passed over" in out
    for path in sorted(archive.iterdir(), reverse=True):
        process_shard(str(path), undisturbed)
    assert content(killed) == content(undisturbed)
    assert check_integrity(killed, TimeLimit(lambda: 0.0)) == []
