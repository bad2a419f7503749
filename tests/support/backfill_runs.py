"""Back-fills as processes of their own: started as anybody starts them, watched, and told from outside who works."""

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_COMMAND = "import sys; from bot.cli import main; sys.exit(main(sys.argv[1:]))"


@contextmanager
def run_backfill(address: str, archive: Path, workers: int) -> Iterator["subprocess.Popen[str]"]:
    """`ontherecord backfill` of an archive on so many workers of this machine; killed in the end if it still runs."""
    with subprocess.Popen(
        [sys.executable, "-c", _COMMAND, "backfill", str(archive), "--workers", str(workers)],
        env={**os.environ, "DATABASE_URL": address, "PYTHONPATH": str(Path(__file__).parents[2])},
        cwd=archive.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def list_workers(driver: int) -> list[int]:
    """The processes that a driver has started, those aside that only look after the others."""
    listed = subprocess.run(
        ["ps", "-ww", "--ppid", str(driver), "-o", "pid=,args="], capture_output=True, text=True, check=False
    ).stdout
    return [int(line.split()[0]) for line in listed.splitlines() if "spawn_main" in line]


def wait_until(
    driver: "subprocess.Popen[str]", condition: Callable[[], object], *, timeout: float, interval: float = 0.02
) -> None:
    """Comes back when it holds, which is looked at now and then as long as the driver runs.

    Raises AssertionError when the driver ends before, or `patience` seconds are over.
    """
    begun = time.monotonic()
    while not condition():
        if time.monotonic() - begun > timeout:
            raise AssertionError(f"it does not hold after {timeout} seconds")
        with suppress(subprocess.TimeoutExpired):
            driver.wait(interval)
            raise AssertionError(f"the driver has ended: {driver.communicate()}")


def wait_for_exit(process: int, *, timeout: float) -> None:
    """Comes back when a process that is not our child has ended. Raises AssertionError when it does not."""
    with suppress(ProcessLookupError):
        watched = os.pidfd_open(process)
        try:
            if not select.select([watched], [], [], timeout)[0]:
                raise AssertionError(f"process {process} goes on")
        finally:
            os.close(watched)
