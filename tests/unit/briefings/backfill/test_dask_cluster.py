"""Failures of schedulers and workers are reported in time, and never stop the run."""

import socket
from collections.abc import Callable
from typing import Any

import pytest
from distributed.scheduler import KilledWorker

from briefings.attribution.analysis import get_engine_version
from briefings.backfill import dask_cluster
from briefings.backfill.dask_cluster import ShardFailure
from briefings.errors import BadInput


class FakeClient:
    """Client stub with a fixed answer for each worker."""

    def __init__(self, **answers: object) -> None:
        self._answers = answers

    def run(self, _: Callable[[], object], **__: object) -> dict[str, object]:
        return self._answers


class FinishedFuture:
    """Stub of a finished future."""

    def __init__(self, error: Exception | None = None, result: object = None) -> None:
        self.exception = lambda: error
        self.result = lambda: result


def test_missing_scheduler_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_cluster, "_CONNECT_TIMEOUT_SECONDS", 0.5)
    with socket.socket() as free_socket:
        free_socket.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free_socket.getsockname()[1]}"
    with (
        pytest.raises(BadInput, match=f"No scheduler responds at {address}"),
        dask_cluster.connect_to_scheduler(address),
    ):
        pass


@pytest.mark.parametrize("address", ["nonsense", "tcp://", "ftp://127.0.0.1:1", "tcp://127.0.0.1:notaport"])
def test_invalid_scheduler_address_is_reported(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr(dask_cluster, "_CONNECT_TIMEOUT_SECONDS", 0.5)
    with pytest.raises(BadInput, match="No scheduler responds"), dask_cluster.connect_to_scheduler(address):
        pass


def test_workers_with_another_version_are_listed() -> None:
    workers: Any = FakeClient(one=get_engine_version(), two="0123456789ab", three=ModuleNotFoundError("briefings"))
    with pytest.raises(BadInput) as raised:
        dask_cluster._check_versions(workers)
    assert "three (none: ModuleNotFoundError), two (0123456789ab)" in str(raised.value)
    assert get_engine_version() in str(raised.value)
    matching_workers: Any = FakeClient(one=get_engine_version())
    dask_cluster._check_versions(matching_workers)


def test_worker_with_another_engine_version_refuses_a_shard() -> None:
    assert dask_cluster._process_shard_on_worker("a.jsonl", "sqlite://", "0123456789ab") == ShardFailure(
        "a.jsonl",
        f"a.jsonl reached a worker with engine version {get_engine_version()} instead of 0123456789ab. "
        "Install the same version everywhere.",
    )


def test_shard_that_crashes_its_workers_is_a_failure() -> None:
    error = KilledWorker("a", None, 3)  # type: ignore[no-untyped-call]  # the package has no types
    outcome = dask_cluster._get_outcome(FinishedFuture(error), "a.jsonl")
    assert outcome == ShardFailure("a.jsonl", "a.jsonl crashed every worker that read it. Check the workers' memory.")
    outcome = dask_cluster._get_outcome(FinishedFuture(RuntimeError("external text")), "a.jsonl")
    assert outcome == ShardFailure("a.jsonl", "a.jsonl could not be added (RuntimeError).")


def test_unreadable_shard_is_a_failure() -> None:
    assert dask_cluster._process_shard_on_worker("/nowhere/a.jsonl", "sqlite://", get_engine_version()) == ShardFailure(
        "/nowhere/a.jsonl", "/nowhere/a.jsonl was not found. Check the address."
    )
