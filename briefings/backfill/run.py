"""A back-fill from its beginning to its report: which shards are to do, what became of each, and what of all.

Rule: what the ledger has as finished is passed over; what fails is told at the end and never ends the rest.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime

from briefings.backfill.archives import list_shards
from briefings.backfill.dask_cluster import ShardFailure
from briefings.backfill.shard import ShardResult
from briefings.storage.writes.shard_ledger import ShardCounts, open_shard_ledger

#: has shards done at these addresses, and tells of each as it ends
ProcessShards = Callable[[Sequence[str]], Iterator[ShardResult | ShardFailure]]


@dataclass(slots=True)
class BackfillReport:
    """What became of a run, as far as it has come."""

    #: shards that were to do, and those that were finished before
    pending_count: int
    finished_count: int
    processed_count: int = 0
    counts: ShardCounts = field(default_factory=ShardCounts)
    #: shards of which nothing was added
    skipped_shards: list[ShardFailure] = field(default_factory=list)
    #: sentences on lines, rows and pages of other shards
    failures: list[str] = field(default_factory=list)

    @property
    def has_failures(self) -> bool:
        """Whether anything was left out."""
        return bool(self.skipped_shards or self.counts.failed)


def find_pending_shards(archives: Iterable[str], database: str) -> tuple[list[str], int]:
    """The shards that are not finished as they are now, by address, and how many are.

    Raises BadInput for an archive that cannot be listed, RecordUnavailable for a database that cannot be used.
    """
    shards = list_shards(archives)
    with closing(open_shard_ledger(database, _now)) as ledger:
        stamp_by_address = ledger.list_finished_shards()
    pending_addresses = [shard.address for shard in shards if stamp_by_address.get(shard.address) != shard.stamp]
    return pending_addresses, len(shards) - len(pending_addresses)


def run_backfill(
    addresses: Sequence[str], finished_count: int, database: str, process_shards: ProcessShards
) -> Iterator[BackfillReport]:
    """Has the shards done; gives the report after each, and once more when the record is in order."""
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
        ledger.optimize_index()
    report.skipped_shards.sort(key=lambda failure: failure.address)
    yield report


def _now() -> datetime:
    return datetime.now(UTC)
