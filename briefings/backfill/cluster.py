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

from briefings.backfill.shard import Done, do_shard
from briefings.errors import BadInput, BriefingsError
from briefings.quotes.version import engine

if TYPE_CHECKING:
    from distributed import Client

#: bytes at which a worker of this machine is ended and another started; it takes a fourth
_MEMORY = 1_200_000_000
#: how much a worker of this machine lets others go first: 19 is last of all
_NICE = 10
#: seconds to wait for a scheduler, and for its first worker
_PATIENCE = 15
#: shards handed out for each worker, the one it works on included
_AHEAD = 2
_SETTINGS = {
    # pages are read in processes of their own, which a daemon may not start
    "distributed.worker.daemon": False,
    # a worker that dies three times of one shard is enough
    "distributed.scheduler.allowed-failures": 2,
    "distributed.comm.timeouts.connect": f"{_PATIENCE}s",
    # Dask would have free memory given back at each 64 kB, which takes a third of the time: in a worker that is to be
    # flat, not small, 64 MB of it may lie idle
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": 1 << 26,
    # a look at all stacks a hundred times a second, of which only the pages that nobody looks at would tell
    "distributed.worker.profile.enabled": False,
}
#: of a scheduler and workers of our own: nobody looks at pages of theirs
_PAGELESS: dict[str, list[str]] = {"distributed.scheduler.http.routes": [], "distributed.worker.http.routes": []}


@dataclass(frozen=True, slots=True)
class Failed:
    """A shard of which nothing was added, and why."""

    address: str
    reason: str


@contextmanager
def local(workers: int) -> Iterator["Client"]:
    """So many worker processes of this machine, on loopback alone; they end with this process, however it ends."""
    dask, distributed = _dask()
    with (
        TemporaryDirectory(prefix="backfill-") as folder,
        dask.config.set(_SETTINGS | _PAGELESS),
        distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            worker_dashboard_address="127.0.0.1:0",
            memory_limit=_MEMORY,
            local_directory=folder,
            silence_logs="CRITICAL",
        ) as cluster,
        distributed.Client(cluster, timeout=_PATIENCE) as client,
    ):
        client.register_plugin(_polite(distributed))
        yield client


@contextmanager
def remote(scheduler: str) -> Iterator["Client"]:
    """The workers of a scheduler ("tcp://10.0.0.1:8786").

    Raises BadInput when it does not answer, has no workers, or one of them would find something else than we would.
    """
    dask, distributed = _dask()
    with dask.config.set(_SETTINGS):
        client = None
        with suppress(OSError, ValueError):
            client = distributed.Client(scheduler, timeout=_PATIENCE)
        if client is None:
            # what is left of the client stops its thread when it is found to be garbage, and if that is while another
            # client starts, both wait for each other
            gc.collect()
            raise BadInput(f"No scheduler answers at {scheduler}: check the address, and that it runs.")
        with client:
            try:
                client.wait_for_workers(1, timeout=_PATIENCE)
            except TimeoutError as error:
                raise BadInput(f"The scheduler at {scheduler} has no workers: start one with: dask worker") from error
            _check_versions(client)
            yield client


def do_all(client: "Client", addresses: Sequence[str], database: str) -> Iterator[Done | Failed]:
    """Has each shard done; tells of each as it ends, in no order. Only some are handed out at a time."""
    from distributed import as_completed

    waiting = deque(addresses)
    under_way: dict[object, str] = {}

    def handed_out() -> Any:  # noqa: ANN401 - the package has no types
        address = waiting.popleft()
        future = client.submit(_do, address, database, engine(), pure=False)
        under_way[future.key] = address
        return future

    first = min(len(waiting), _AHEAD * max(1, len(client.scheduler_info()["workers"])))
    futures: Any = as_completed([handed_out() for _ in range(first)])  # type: ignore[no-untyped-call]  # as above
    for future in futures:
        address = under_way.pop(future.key)
        yield _outcome(future, address)
        future.release()
        if waiting:
            futures.add(handed_out())


def _outcome(future: Any, address: str) -> Done | Failed:  # noqa: ANN401 - the package has no types
    error = future.exception()
    if error is None:
        outcome: Done | Failed = future.result()
        return outcome
    if type(error).__name__ == "KilledWorker":
        return Failed(address, f"{address} has ended every worker that read it: is there too little memory?")
    return Failed(address, f"{address} cannot be added: {type(error).__name__}.")


def _do(address: str, database: str, expected: str) -> Done | Failed:
    """On a worker: one shard, by the same engine as everybody's."""
    if engine() != expected:
        return Failed(address, f"{address} fell to a worker of another version ({engine()}, not {expected}).")
    try:
        return do_shard(address, database)
    except BriefingsError as error:
        return Failed(address, str(error))


def _check_versions(client: "Client") -> None:
    """Raises BadInput that names the workers which have another version of the package or of the engine."""
    found = client.run(engine, on_error="return")
    others = [f"{worker} ({_told(version)})" for worker, version in sorted(found.items()) if version != engine()]
    if others:
        raise BadInput(
            f"These workers have not our version of on-the-record, whose engine is {engine()}: {', '.join(others)}. "
            "Install the same one everywhere."
        )


def _told(version: object) -> str:
    return version if isinstance(version, str) else f"none: {type(version).__name__}"


def _polite(distributed: Any) -> Any:  # noqa: ANN401 - the package has no types
    """What makes workers let the bot go first; as a class only when Dask is there to derive it from."""

    class Polite(distributed.WorkerPlugin):  # type: ignore[misc]  # as above
        name = "polite"

        def setup(self, worker: object) -> None:  # noqa: ARG002 - given
            os.nice(_NICE)

    return Polite()


def _dask() -> tuple[Any, Any]:
    try:
        import dask
        import distributed
    except ImportError as error:
        raise BadInput(
            "A backfill takes packages that are not installed: pip install 'on-the-record[cluster]'."
        ) from error
    return dask, distributed
