"""A back-fill of which a worker and then the driver are killed: after one more run the record is as without kills."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from briefings.backfill.shard import do_shard
from briefings.record.integrity import Time, look
from briefings.record.shards import open_ledger
from tests.archives import mixed
from tests.canonical import content

SHARDS, EACH = 10, 8
BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))
#: seconds after which a test gives up; it ends in a tenth of them
_PATIENCE = 120.0

Start = Callable[[str, Path], "subprocess.Popen[str]"]


@pytest.fixture(params=BOTH)
def two(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Two empty records of one kind: for the run that is killed, and for the one that is not."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/one.db", f"sqlite:///{tmp_path}/two.db"
        return
    server = request.getfixturevalue("postgresql")
    with server.database() as one, server.database() as other:
        yield server.address(one), server.address(other)


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts the command line with two workers; whatever runs in the end is killed."""
    command = "import sys; from bot.cli import main; sys.exit(main(sys.argv[1:]))"
    with ExitStack() as stack:

        def started(address: str, archive: Path) -> "subprocess.Popen[str]":
            process = subprocess.Popen(
                [sys.executable, "-c", command, "backfill", str(archive), "--workers", "2"],
                env={**os.environ, "DATABASE_URL": address, "PYTHONPATH": str(Path(__file__).parents[2])},
                cwd=archive.parent,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            return process

        yield started


def test_after_kills_and_one_more_run_every_article_is_there_once(
    two: tuple[str, str], tmp_path: Path, start: Start
) -> None:
    killed, undisturbed = two
    archive = mixed(tmp_path / "archive", SHARDS, EACH)
    with closing(open_ledger(killed, lambda: datetime.now(UTC))) as ledger:
        driver = start(killed, archive)
        until(driver, ledger.finished)
        worker = workers_of(driver.pid)[0]
        os.kill(worker, signal.SIGKILL)
        done = len(ledger.finished())
        until(driver, lambda: len(ledger.finished()) > done)
        orphans = workers_of(driver.pid)
        driver.kill()
        driver.wait()
        finished = len(ledger.finished())
        for orphan in orphans:
            ended(orphan)
    assert 1 <= done < finished < SHARDS
    last = start(killed, archive)
    out, err = last.communicate(timeout=_PATIENCE)
    assert last.returncode == 0, err
    assert "passed over" in out
    for path in sorted(archive.iterdir(), reverse=True):
        do_shard(str(path), undisturbed)
    assert content(killed) == content(undisturbed)
    assert look(killed, Time(lambda: 0.0)) == []


def workers_of(driver: int) -> list[int]:
    """The processes that a driver has started, those aside that only look after the others."""
    listed = subprocess.run(
        ["ps", "-ww", "--ppid", str(driver), "-o", "pid=,args="], capture_output=True, text=True, check=True
    ).stdout
    return [int(line.split()[0]) for line in listed.splitlines() if "spawn_main" in line]


def until(driver: "subprocess.Popen[str]", condition: Callable[[], object]) -> None:
    """Comes back when it holds, which is looked at now and then as long as the driver runs."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < _PATIENCE
        with suppress(subprocess.TimeoutExpired):
            driver.wait(0.02)
            pytest.fail(f"the driver has ended: {driver.communicate()}")


def ended(process: int) -> None:
    """Comes back when a process that is not our child has ended."""
    with suppress(ProcessLookupError):
        watched = os.pidfd_open(process)
        try:
            assert select.select([watched], [], [], _PATIENCE)[0]
        finally:
            os.close(watched)
