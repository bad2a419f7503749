"""The four seeds in a record of one moment, so that no answer depends on the day of the test."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

from briefings.desk import Desk
from briefings.ingest.read import read
from briefings.ingest.topics import read_topics
from briefings.record.store import open_record
from tests.seeded import SEEDS

#: Friday 1 July 2016, noon
NOON = datetime(2016, 7, 1, 12, tzinfo=UTC)


@contextmanager
def seeds_at_noon(address: str) -> Iterator[Desk]:
    """A desk over the seeds, which came in at noon."""
    with closing(open_record(address, lambda: NOON)) as record:
        desk = Desk(record, read_topics(SEEDS / "topics.toml"))
        desk.add(read(SEEDS))
        yield desk
