"""Runs the `backfill` command as a separate process, lists its workers and waits for them."""

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
    """Start `ontherecord backfill` with this many local workers. Kill it at the end if it still runs."""
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
    """Return the ids of a driver's worker processes, without the ones that only manage workers."""
    output = subprocess.run(
        ["ps", "-ww", "--ppid", str(driver), "-o", "pid=,args="], capture_output=True, text=True, check=False
    ).stdout
    return [int(line.split()[0]) for line in output.splitlines() if "spawn_main" in line]


def wait_until(
    driver: "subprocess.Popen[str]", condition: Callable[[], object], *, timeout: float, interval: float = 0.02
) -> None:
    """Wait until the condition is true. `timeout` and `interval` are in seconds.

    Raises AssertionError if the driver exits first, or on timeout.
    """
    started_at = time.monotonic()
    while not condition():
        if time.monotonic() - started_at > timeout:
            raise AssertionError(f"the condition is still false after {timeout} seconds")
        with suppress(subprocess.TimeoutExpired):
            driver.wait(interval)
            raise AssertionError(f"the driver exited: {driver.communicate()}")


def wait_for_exit(process: int, *, timeout: float) -> None:
    """Wait until a process has exited, even if it is not a child. Raises AssertionError after `timeout` seconds."""
    with suppress(ProcessLookupError):
        descriptor = os.pidfd_open(process)
        try:
            if not select.select([descriptor], [], [], timeout)[0]:
                raise AssertionError(f"process {process} is still running")
        finally:
            os.close(descriptor)
