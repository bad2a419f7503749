"""A record that holds the four seeds, and the desk over it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from briefings.ingest.reader import read_raw_articles
from briefings.ingest.topics_file import read_topics
from briefings.service.service import BriefingService
from briefings.storage.repository import Repository, open_repository


@contextmanager
def seeded(folder: Path) -> Iterator[tuple[Repository, BriefingService]]:
    """A record in a file of `folder`, filled, and its desk."""
    seeds = Path(str(files("seeds")))
    with closing(open_repository(f"sqlite:///{folder / 'record.db'}", lambda: datetime.now(UTC))) as record:
        desk = BriefingService(record, read_topics(seeds / "topics.toml"))
        desk.add(read_raw_articles(seeds))
        yield record, desk
