"""A back-fill from its beginning to its report: which shards are to do, what became of each, and what of all.

Rule: what the ledger has as finished is passed over; what fails is told at the end and never ends the rest.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime

from briefings.backfill.archive import shards_of
from briefings.backfill.cluster import Failed
from briefings.backfill.shard import Done
from briefings.record.shards import Counts, open_ledger

#: has shards done at these addresses, and tells of each as it ends
DoAll = Callable[[Sequence[str]], Iterator[Done | Failed]]


@dataclass(slots=True)
class Report:
    """What became of a run, as far as it has come."""

    #: shards that were to do, and those that were finished before
    to_do: int
    passed_over: int
    done: int = 0
    counts: Counts = field(default_factory=Counts)
    #: shards of which nothing was added
    skipped: list[Failed] = field(default_factory=list)
    #: sentences on lines, rows and pages of other shards
    failures: list[str] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether anything was left out."""
        return bool(self.skipped or self.counts.failed)


def to_do(archives: Iterable[str], database: str) -> tuple[list[str], int]:
    """The shards that are not finished as they are now, by address, and how many are.

    Raises BadInput for an archive that cannot be listed, RecordUnavailable for a database that cannot be used.
    """
    shards = shards_of(archives)
    with closing(open_ledger(database, _now)) as ledger:
        finished = ledger.finished()
    left = [shard.address for shard in shards if finished.get(shard.address) != shard.stamp]
    return left, len(shards) - len(left)


def run(addresses: Sequence[str], passed_over: int, database: str, do_all: DoAll) -> Iterator[Report]:
    """Has the shards done; gives the report after each, and once more when the record is in order."""
    report = Report(len(addresses), passed_over)
    for outcome in do_all(addresses):
        if isinstance(outcome, Failed):
            report.skipped.append(outcome)
        else:
            report.counts += outcome.counts
            report.failures += outcome.failures
        report.done += 1
        yield report
    with closing(open_ledger(database, _now)) as ledger:
        ledger.settle()
    report.skipped.sort(key=lambda failed: failed.address)
    yield report


def _now() -> datetime:
    return datetime.now(UTC)
