"""What fails on the way to the workers is named within a bounded time, and never ends the run."""

import socket
from collections.abc import Callable
from typing import Any

import pytest
from distributed.scheduler import KilledWorker

from briefings.attribution.analysis import get_engine_version
from briefings.backfill import dask_cluster
from briefings.backfill.dask_cluster import ShardFailure
from briefings.errors import BadInput


class Workers:
    """A client whose workers answer as they are told to."""

    def __init__(self, **answers: object) -> None:
        self._answers = answers

    def run(self, _: Callable[[], object], **__: object) -> dict[str, object]:
        return self._answers


class Ended:
    """A future that has ended so."""

    def __init__(self, error: Exception | None = None, result: object = None) -> None:
        self.exception = lambda: error
        self.result = lambda: result


def test_a_scheduler_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_cluster, "_CONNECT_TIMEOUT_SECONDS", 0.5)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with (
        pytest.raises(BadInput, match=f"No scheduler answers at {address}"),
        dask_cluster.connect_to_scheduler(address),
    ):
        pass


@pytest.mark.parametrize("address", ["nonsense", "tcp://", "ftp://127.0.0.1:1", "tcp://127.0.0.1:notaport"])
def test_an_address_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr(dask_cluster, "_CONNECT_TIMEOUT_SECONDS", 0.5)
    with pytest.raises(BadInput, match="No scheduler answers"), dask_cluster.connect_to_scheduler(address):
        pass


def test_workers_of_another_version_are_named() -> None:
    workers: Any = Workers(one=get_engine_version(), two="0123456789ab", three=ModuleNotFoundError("briefings"))
    with pytest.raises(BadInput) as told:
        dask_cluster._check_versions(workers)
    assert "three (none: ModuleNotFoundError), two (0123456789ab)" in str(told.value)
    assert get_engine_version() in str(told.value)
    same: Any = Workers(one=get_engine_version())
    dask_cluster._check_versions(same)


def test_a_worker_that_joins_later_with_another_engine_does_nothing() -> None:
    assert dask_cluster._process_shard_on_worker("a.jsonl", "sqlite://", "0123456789ab") == ShardFailure(
        "a.jsonl", f"a.jsonl fell to a worker of another version ({get_engine_version()}, not 0123456789ab)."
    )


def test_a_shard_that_ends_its_workers_is_given_up_by_name() -> None:
    error = KilledWorker("a", None, 3)  # type: ignore[no-untyped-call]  # the package has no types
    found = dask_cluster._get_outcome(Ended(error), "a.jsonl")
    assert found == ShardFailure("a.jsonl", "a.jsonl has ended every worker that read it: is there too little memory?")
    found = dask_cluster._get_outcome(Ended(RuntimeError("words of a stranger")), "a.jsonl")
    assert found == ShardFailure("a.jsonl", "a.jsonl cannot be added: RuntimeError.")


def test_a_shard_that_cannot_be_read_is_a_failure_of_its_own() -> None:
    assert dask_cluster._process_shard_on_worker("/nowhere/a.jsonl", "sqlite://", get_engine_version()) == ShardFailure(
        "/nowhere/a.jsonl", "/nowhere/a.jsonl is not there: no file or folder has this address."
    )
