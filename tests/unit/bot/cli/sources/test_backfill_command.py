"""`ontherecord backfill`: its result for an archive, and its message if it cannot start."""

import json
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefings.backfill import dask_cluster
from tests.support.archives import write_lines
from tests.support.command_line import RunCommand
from tests.support.generated import generate_articles


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """Run a Dask scheduler with one worker, and yield its address."""
    from distributed import LocalCluster

    with LocalCluster(  # type: ignore[no-untyped-call]  # the package has no types
        n_workers=1, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs="CRITICAL"
    ) as cluster:
        yield cluster.scheduler_address


def test_the_counts_are_printed_and_the_next_run_skips_finished_shards(
    run: RunCommand, folder: Path, scheduler: str
) -> None:
    six_articles = list(generate_articles(6))
    (folder / "archive").mkdir()
    write_lines(folder / "archive" / "a.jsonl.gz", six_articles[:3])
    broken_file = write_lines(folder / "archive" / "b.jsonl", six_articles[2:])
    broken_file.write_text(broken_file.read_text() + "{no article\n")
    (folder / "archive" / "c.jsonl.gz").write_bytes(b"\x1f\x8b cut")
    result = run("backfill", "archive", "--scheduler", scheduler)
    assert result.status == 1
    assert result.out == "shards: 2 done, 1 skipped\narticles: 6 added, 1 unchanged, 1 failed\n"
    assert "b.jsonl, line 5" in result.err
    assert (
        f"skipped 1 shard:\nontherecord: {folder}/archive/c.jsonl.gz is a damaged or incomplete gzip file" in result.err
    )
    (folder / "archive" / "c.jsonl.gz").unlink()
    second_result = run("backfill", "archive", "--scheduler", scheduler, "--json")
    assert (second_result.status, second_result.err) == (0, "")
    assert json.loads(second_result.out) == {
        "shards": {"done": 0, "passed_over": 2},
        "articles": {"new": 0, "changed": 0, "held": 0, "older": 0, "failed": 0},
        "skipped": [],
        "failures": [],
    }


def test_a_worker_that_cannot_start_processes_reads_no_pages(run: RunCommand, folder: Path, scheduler: str) -> None:
    (folder / "a.warc").write_bytes(b"WARC/1.0\r\n")
    result = run("backfill", "a.warc", "--scheduler", scheduler)
    assert result.status == 1
    assert "Start the worker with DASK_DISTRIBUTED__WORKER__DAEMON=False." in result.err


def test_an_unreachable_scheduler_is_one_sentence(
    run: RunCommand, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_cluster, "_CONNECT_TIMEOUT_SECONDS", 0.5)
    with socket.socket() as free_socket:
        free_socket.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free_socket.getsockname()[1]}"
    write_lines(folder / "a.jsonl", generate_articles(1))
    result = run("backfill", "a.jsonl", "--scheduler", address)
    assert (result.status, result.out) == (1, "")
    assert (
        result.err == f"ontherecord: No scheduler responds at {address}. Check the address, and that it is running.\n"
    )


@pytest.mark.parametrize("package", ["dask", "fsspec"])
def test_a_missing_package_names_the_extra_to_install(
    run: RunCommand, folder: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    write_lines(folder / "a.jsonl", generate_articles(1))
    result = run("backfill", "a.jsonl", "--workers", "1")
    assert result.status == 1
    assert 'pip install "on-the-record[cluster]"' in result.err


def test_a_missing_archive_and_invalid_workers_are_refused(run: RunCommand) -> None:
    assert run("backfill", "nowhere").err.endswith("nowhere was not found. Check the address.\n")
    assert run("backfill").status == 2
    assert run("backfill", "a", "--workers", "0").status == 2
    assert run("backfill", "a", "--workers", "2", "--scheduler", "tcp://127.0.0.1:1").status == 2
