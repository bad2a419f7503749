"""The real desk over a record that holds the four seeds, as `ontherecord demo` leaves it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from briefings.ingest.reader import read_raw_articles
from briefings.ingest.topics_file import read_topics
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository

SEEDS = Path(str(files("seeds")))


@contextmanager
def open_seed_service(address: str) -> Iterator[BriefingService]:
    """A desk over the record at an SQLAlchemy address, filled with the seeds."""
    with closing(open_repository(address, lambda: datetime.now(UTC))) as record:
        desk = BriefingService(record, read_topics(SEEDS / "topics.toml"))
        desk.add(read_raw_articles(SEEDS))
        yield desk
