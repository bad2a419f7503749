"""Run a backfill: find the pending shards, process them, and report the results.

Rule: finished shards in the ledger are skipped. A failed shard is reported at the end and does not stop the others.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime

from briefings.backfill.archives import list_shards
from briefings.backfill.dask_cluster import ShardFailure
from briefings.backfill.shard import ShardResult, retry_with_backoff
from briefings.storage.writes.shard_ledger import ShardCounts, open_shard_ledger

#: processes the shards at these addresses, and yields the result of each one as it finishes
ProcessShards = Callable[[Sequence[str]], Iterator[ShardResult | ShardFailure]]


@dataclass(slots=True)
class BackfillReport:
    """Progress and results of a run so far."""

    #: number of shards to process, and of shards finished in earlier runs
    pending_count: int
    finished_count: int
    processed_count: int = 0
    counts: ShardCounts = field(default_factory=ShardCounts)
    #: shards that failed as a whole
    skipped_shards: list[ShardFailure] = field(default_factory=list)
    #: messages about invalid lines, rows and pages of the other shards
    failures: list[str] = field(default_factory=list)

    @property
    def has_failures(self) -> bool:
        """Whether any shard or article failed."""
        return bool(self.skipped_shards or self.counts.failed)


def find_pending_shards(archives: Iterable[str], database: str) -> tuple[list[str], int]:
    """Return the addresses of the shards that are new or changed, and the number of finished shards.

    Links the articles of a run that was killed.
    Raises BadInput if an archive cannot be listed, and DatabaseUnavailable if the database cannot be used.
    """
    shards = list_shards(archives)
    with closing(open_shard_ledger(database, _now)) as ledger:
        ledger.complete_load()
        stamp_by_address = ledger.list_finished_shards()
    pending_addresses = [shard.address for shard in shards if stamp_by_address.get(shard.address) != shard.stamp]
    return pending_addresses, len(shards) - len(pending_addresses)


def run_backfill(
    addresses: Sequence[str], finished_count: int, database: str, process_shards: ProcessShards
) -> Iterator[BackfillReport]:
    """Process the shards; yield the report after each one, and again when all is linked and the index optimised."""
    report = BackfillReport(len(addresses), finished_count)
    for outcome in process_shards(addresses):
        if isinstance(outcome, ShardFailure):
            report.skipped_shards.append(outcome)
        else:
            report.counts += outcome.counts
            report.failures += outcome.failures
        report.processed_count += 1
        yield report
    with closing(open_shard_ledger(database, _now)) as ledger:
        retry_with_backoff(ledger.complete_load, time.sleep)
        ledger.optimize_index()
    report.skipped_shards.sort(key=lambda failure: failure.address)
    yield report


def _now() -> datetime:
    return datetime.now(UTC)
