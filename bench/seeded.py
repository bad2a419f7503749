"""A record that holds the four seeds, and the desk over it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from briefings.desk import Desk
from briefings.ingest.read import read
from briefings.ingest.topics import read_topics
from briefings.record.store import Record, open_record


@contextmanager
def seeded(folder: Path) -> Iterator[tuple[Record, Desk]]:
    """A record in a file of `folder`, filled, and its desk."""
    seeds = Path(str(files("seeds")))
    with closing(open_record(f"sqlite:///{folder / 'record.db'}", lambda: datetime.now(UTC))) as record:
        desk = Desk(record, read_topics(seeds / "topics.toml"))
        desk.add(read(seeds))
        yield record, desk
