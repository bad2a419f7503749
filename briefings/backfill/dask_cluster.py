"""Has shards done by Dask's workers: the one module that knows of Dask, which is imported when it is asked.

Rule: nothing is kept here. What was done stands in the ledger, so that whoever is killed, worker or driver, has lost at
most the shards that were under way; and a shard that ends its worker again and again is given up, not the run.
"""

import gc
import os
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from briefings.attribution.analysis import get_engine_version
from briefings.backfill.shard import ShardResult, process_shard
from briefings.errors import BadInput, BriefingsError

if TYPE_CHECKING:
    from distributed import Client

#: bytes at which a worker of this machine is ended and another started; it takes a fourth
_WORKER_MEMORY_BYTES = 1_200_000_000
#: how much a worker of this machine lets others go first: 19 is last of all
_WORKER_NICENESS = 10
#: seconds to wait for a scheduler, and for its first worker
_CONNECT_TIMEOUT_SECONDS = 15
#: shards handed out for each worker, the one it works on included
_SHARDS_PER_WORKER = 2
_DASK_SETTINGS = {
    # pages are read in processes of their own, which a daemon may not start
    "distributed.worker.daemon": False,
    # a worker that dies three times of one shard is enough
    "distributed.scheduler.allowed-failures": 2,
    "distributed.comm.timeouts.connect": f"{_CONNECT_TIMEOUT_SECONDS}s",
    # Dask would have free memory given back at each 64 kB, which takes a third of the time: in a worker that is to be
    # flat, not small, 64 MB of it may lie idle
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": 1 << 26,
    # a look at all stacks a hundred times a second, of which only the pages that nobody looks at would tell
    "distributed.worker.profile.enabled": False,
}
#: of a scheduler and workers of our own: nobody looks at pages of theirs
_NO_DASHBOARD_SETTINGS: dict[str, list[str]] = {
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}


@dataclass(frozen=True, slots=True)
class ShardFailure:
    """A shard of which nothing was added, and why."""

    address: str
    reason: str


@contextmanager
def start_local_cluster(workers: int) -> Iterator["Client"]:
    """So many worker processes of this machine, on loopback alone; they end with this process, however it ends."""
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
    """The workers of a scheduler ("tcp://10.0.0.1:8786").

    Raises BadInput when it does not answer, has no workers, or one of them would find something else than we would.
    """
    dask, distributed = _import_dask()
    with dask.config.set(_DASK_SETTINGS):
        client = None
        with suppress(OSError, ValueError):
            client = distributed.Client(scheduler, timeout=_CONNECT_TIMEOUT_SECONDS)
        if client is None:
            # what is left of the client stops its thread when it is found to be garbage, and if that is while another
            # client starts, both wait for each other
            gc.collect()
            raise BadInput(f"No scheduler answers at {scheduler}: check the address, and that it runs.")
        with client:
            try:
                client.wait_for_workers(1, timeout=_CONNECT_TIMEOUT_SECONDS)
            except TimeoutError as error:
                raise BadInput(f"The scheduler at {scheduler} has no workers: start one with: dask worker") from error
            _check_versions(client)
            yield client


def process_shards(client: "Client", addresses: Sequence[str], database: str) -> Iterator[ShardResult | ShardFailure]:
    """Has each shard done; tells of each as it ends, in no order. Only some are handed out at a time."""
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
        return ShardFailure(address, f"{address} has ended every worker that read it: is there too little memory?")
    return ShardFailure(address, f"{address} cannot be added: {type(error).__name__}.")


def _process_shard_on_worker(address: str, database: str, expected_engine: str) -> ShardResult | ShardFailure:
    """On a worker: one shard, by the same engine as everybody's."""
    if get_engine_version() != expected_engine:
        return ShardFailure(
            address, f"{address} fell to a worker of another version ({get_engine_version()}, not {expected_engine})."
        )
    try:
        return process_shard(address, database)
    except BriefingsError as error:
        return ShardFailure(address, str(error))


def _check_versions(client: "Client") -> None:
    """Raises BadInput that names the workers which have another version of the package or of the engine."""
    version_by_worker = client.run(get_engine_version, on_error="return")
    mismatched_workers = [
        f"{worker} ({_describe_version(version)})"
        for worker, version in sorted(version_by_worker.items())
        if version != get_engine_version()
    ]
    if mismatched_workers:
        raise BadInput(
            f"These workers have not our version of on-the-record, whose engine is {get_engine_version()}: {', '.join(mismatched_workers)}. "
            "Install the same one everywhere."
        )


def _describe_version(version: object) -> str:
    return version if isinstance(version, str) else f"none: {type(version).__name__}"


def _create_niceness_plugin(distributed: Any) -> Any:  # noqa: ANN401 - the package has no types
    """What makes workers let the bot go first; as a class only when Dask is there to derive it from."""

    class NicenessPlugin(distributed.WorkerPlugin):  # type: ignore[misc]  # as above
        name = "polite"

        def setup(self, worker: object) -> None:  # noqa: ARG002 - given
            os.nice(_WORKER_NICENESS)

    return NicenessPlugin()


def _import_dask() -> tuple[Any, Any]:
    try:
        import dask
        import distributed
    except ImportError as error:
        raise BadInput(
            "A backfill takes packages that are not installed: pip install 'on-the-record[cluster]'."
        ) from error
    return dask, distributed
