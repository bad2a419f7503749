"""The real desk over a record that holds the four seeds, as `ontherecord demo` leaves it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from briefings.desk import Desk
from briefings.ingest.read import read
from briefings.ingest.topics import read_topics
from briefings.record.store import open_record

SEEDS = Path(str(files("seeds")))


@contextmanager
def seeded_desk(address: str) -> Iterator[Desk]:
    """A desk over the record at an SQLAlchemy address, filled with the seeds."""
    with closing(open_record(address, lambda: datetime.now(UTC))) as record:
        desk = Desk(record, read_topics(SEEDS / "topics.toml"))
        desk.add(read(SEEDS))
        yield desk
