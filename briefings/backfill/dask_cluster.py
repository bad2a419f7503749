"""Process shards with Dask workers. Only this module uses Dask, and it imports it on demand.

Rule: all progress is in the ledger, so a killed worker or driver loses at most the shards in progress.
Rule: a shard that keeps crashing its workers is abandoned, and the run continues.
"""

import gc
import os
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from briefings.attribution.analysis import get_engine_version
from briefings.backfill.shard import ShardResult, process_shard
from briefings.distribution import Extra, explain_missing
from briefings.errors import BadInput, BriefingsError

if TYPE_CHECKING:
    from distributed import Client

#: memory in bytes at which a local worker is restarted; it normally needs a quarter of it
_WORKER_MEMORY_BYTES = 1_200_000_000
#: niceness of a local worker (19 is the lowest priority)
_WORKER_NICENESS = 10
#: seconds to wait for a scheduler, and for its first worker
_CONNECT_TIMEOUT_SECONDS = 15
#: shards submitted per worker, including the one in progress
_SHARDS_PER_WORKER = 2
_DASK_SETTINGS = {
    # web pages are read in a child process, which a daemon cannot start
    "distributed.worker.daemon": False,
    # abandon a shard after it has crashed three workers
    "distributed.scheduler.allowed-failures": 2,
    "distributed.comm.timeouts.connect": f"{_CONNECT_TIMEOUT_SECONDS}s",
    # Dask returns free memory after every 64 kB by default, which costs a third of the time. Memory use only has to be
    # constant, so a worker may keep up to 64 MB of free memory.
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": 1 << 26,
    # the profiler inspects all stacks a hundred times a second, but only for the unused dashboard
    "distributed.worker.profile.enabled": False,
}
#: settings for a local scheduler and its workers, whose dashboards are not used
_NO_DASHBOARD_SETTINGS: dict[str, list[str]] = {
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}


@dataclass(frozen=True, slots=True)
class ShardFailure:
    """A shard that failed as a whole, with the reason."""

    address: str
    reason: str


@contextmanager
def start_local_cluster(workers: int) -> Iterator["Client"]:
    """Start `workers` worker processes on this machine, reachable only on loopback.

    The workers stop when this process ends, even if it is killed.
    """
    dask, distributed = _import_dask()
    with (
        TemporaryDirectory(prefix="backfill-") as folder,
        dask.config.set(_DASK_SETTINGS | _NO_DASHBOARD_SETTINGS),
        distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            worker_dashboard_address="127.0.0.1:0",
            memory_limit=_WORKER_MEMORY_BYTES,
            local_directory=folder,
            silence_logs="CRITICAL",
        ) as cluster,
        distributed.Client(cluster, timeout=_CONNECT_TIMEOUT_SECONDS) as client,
    ):
        client.register_plugin(_create_niceness_plugin(distributed))
        yield client


@contextmanager
def connect_to_scheduler(scheduler: str) -> Iterator["Client"]:
    """Connect to the workers of a scheduler ("tcp://10.0.0.1:8786").

    Raises BadInput if it does not respond, has no workers, or has a worker with another engine version.
    """
    dask, distributed = _import_dask()
    with dask.config.set(_DASK_SETTINGS):
        client = None
        with suppress(OSError, ValueError):
            client = distributed.Client(scheduler, timeout=_CONNECT_TIMEOUT_SECONDS)
        if client is None:
            # Garbage collection of the failed client stops its thread. During the start of another client that causes
            # a deadlock, so collect now.
            gc.collect()
            raise BadInput(f"No scheduler responds at {scheduler}. Check the address, and that it is running.")
        with client:
            try:
                client.wait_for_workers(1, timeout=_CONNECT_TIMEOUT_SECONDS)
            except TimeoutError as error:
                raise BadInput(f"The scheduler at {scheduler} has no workers. Start one with: dask worker") from error
            _check_versions(client)
            yield client


def process_shards(client: "Client", addresses: Sequence[str], database: str) -> Iterator[ShardResult | ShardFailure]:
    """Process the shards and yield each result as it finishes, in any order; only a few are submitted at a time."""
    from distributed import as_completed

    pending_addresses = deque(addresses)
    address_by_future_key: dict[object, str] = {}

    def submit_next() -> Any:  # noqa: ANN401 - the package has no types
        address = pending_addresses.popleft()
        future = client.submit(_process_shard_on_worker, address, database, get_engine_version(), pure=False)
        address_by_future_key[future.key] = address
        return future

    initial_count = min(len(pending_addresses), _SHARDS_PER_WORKER * max(1, len(client.scheduler_info()["workers"])))
    futures: Any = as_completed([submit_next() for _ in range(initial_count)])  # type: ignore[no-untyped-call]  # as above
    for future in futures:
        address = address_by_future_key.pop(future.key)
        yield _get_outcome(future, address)
        future.release()
        if pending_addresses:
            futures.add(submit_next())


def _get_outcome(future: Any, address: str) -> ShardResult | ShardFailure:  # noqa: ANN401 - the package has no types
    error = future.exception()
    if error is None:
        outcome: ShardResult | ShardFailure = future.result()
        return outcome
    if type(error).__name__ == "KilledWorker":
        return ShardFailure(address, f"{address} crashed every worker that read it. Check the workers' memory.")
    return ShardFailure(address, f"{address} could not be added ({type(error).__name__}).")


def _process_shard_on_worker(address: str, database: str, expected_engine: str) -> ShardResult | ShardFailure:
    """Process one shard on a worker, if the worker has the expected engine version."""
    if get_engine_version() != expected_engine:
        return ShardFailure(
            address,
            f"{address} reached a worker with engine version {get_engine_version()} instead of {expected_engine}. "
            "Install the same version everywhere.",
        )
    try:
        return process_shard(address, database, are_links_deferred=True)
    except BriefingsError as error:
        return ShardFailure(address, str(error))


def _check_versions(client: "Client") -> None:
    """Raise BadInput that lists the workers without the package or with another engine version."""
    version_by_worker = client.run(get_engine_version, on_error="return")
    mismatched_workers = [
        f"{worker} ({_describe_version(version)})"
        for worker, version in sorted(version_by_worker.items())
        if version != get_engine_version()
    ]
    if mismatched_workers:
        raise BadInput(
            f"These workers don't have engine version {get_engine_version()} of on-the-record: "
            f"{', '.join(mismatched_workers)}. Install the same version everywhere."
        )


def _describe_version(version: object) -> str:
    return version if isinstance(version, str) else f"none: {type(version).__name__}"


def _create_niceness_plugin(distributed: Any) -> Any:  # noqa: ANN401 - the package has no types
    """Create the plugin that lowers the priority of workers; its base class needs Dask, which is imported on demand."""

    class NicenessPlugin(distributed.WorkerPlugin):  # type: ignore[misc]  # as above
        name = "polite"

        def setup(self, worker: object) -> None:  # noqa: ARG002 - prescribed by Dask
            if sys.platform != "win32":  # Windows has priority classes instead
                os.nice(_WORKER_NICENESS)

    return NicenessPlugin()


def _import_dask() -> tuple[Any, Any]:
    try:
        import dask
        import distributed
    except ImportError as error:
        raise BadInput(explain_missing("Backfills", Extra.CLUSTER)) from error
    return dask, distributed
