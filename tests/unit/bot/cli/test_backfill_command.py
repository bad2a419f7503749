"""`ontherecord backfill`: what it says of an archive, and what it says when it cannot begin."""

import json
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefings.backfill import dask_cluster
from tests.support.archives import write_lines
from tests.support.command_line import Run
from tests.support.generated import articles


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """A scheduler with one worker, as somebody else runs it."""
    from distributed import LocalCluster

    with LocalCluster(  # type: ignore[no-untyped-call]  # the package has no types
        n_workers=1, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs="CRITICAL"
    ) as started:
        yield started.scheduler_address


def test_what_became_of_an_archive_is_told_and_the_next_run_passes_it_over(
    run: Run, folder: Path, scheduler: str
) -> None:
    some = list(articles(6))
    (folder / "archive").mkdir()
    write_lines(folder / "archive" / "a.jsonl.gz", some[:3])
    broken = write_lines(folder / "archive" / "b.jsonl", some[2:])
    broken.write_text(broken.read_text() + "{no article\n")
    (folder / "archive" / "c.jsonl.gz").write_bytes(b"\x1f\x8b cut")
    told = run("backfill", "archive", "--scheduler", scheduler)
    assert told.status == 1
    assert told.out == "shards: 2 done, 1 skipped\narticles: 6 added, 1 already there, 1 failed\n"
    assert "b.jsonl, line 5" in told.err
    assert f"skipped 1 shard:\nontherecord: {folder}/archive/c.jsonl.gz is not a whole gzip file" in told.err
    (folder / "archive" / "c.jsonl.gz").unlink()
    again = run("backfill", "archive", "--scheduler", scheduler, "--json")
    assert (again.status, again.err) == (0, "")
    assert json.loads(again.out) == {
        "shards": {"done": 0, "passed_over": 2},
        "articles": {"new": 0, "changed": 0, "held": 0, "older": 0, "failed": 0},
        "skipped": [],
        "failures": [],
    }


def test_pages_are_not_read_by_a_worker_that_may_start_no_process(run: Run, folder: Path, scheduler: str) -> None:
    (folder / "a.warc").write_bytes(b"WARC/1.0\r\n")
    told = run("backfill", "a.warc", "--scheduler", scheduler)
    assert told.status == 1
    assert "start it with DASK_DISTRIBUTED__WORKER__DAEMON=False." in told.err


def test_a_scheduler_that_is_not_there_is_one_sentence(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_cluster, "_CONNECT_TIMEOUT_SECONDS", 0.5)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    write_lines(folder / "a.jsonl", articles(1))
    told = run("backfill", "a.jsonl", "--scheduler", address)
    assert (told.status, told.out) == (1, "")
    assert told.err == f"ontherecord: No scheduler answers at {address}: check the address, and that it runs.\n"


@pytest.mark.parametrize("package", ["dask", "fsspec"])
def test_without_its_packages_the_command_names_the_extra(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    write_lines(folder / "a.jsonl", articles(1))
    told = run("backfill", "a.jsonl", "--workers", "1")
    assert told.status == 1
    assert "pip install 'on-the-record[cluster]'" in told.err


def test_no_archive_and_no_workers_are_told(run: Run) -> None:
    assert run("backfill", "nowhere").err.endswith("nowhere is not there: no file or folder has this address.\n")
    assert run("backfill").status == 2
    assert run("backfill", "a", "--workers", "0").status == 2
    assert run("backfill", "a", "--workers", "2", "--scheduler", "tcp://127.0.0.1:1").status == 2
