"""Opens a real briefing service with the four seed articles, like `ontherecord demo`."""

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
    """Open a service on the database at an SQLAlchemy URL and add the seed articles."""
    with closing(open_repository(address, lambda: datetime.now(UTC))) as repository:
        service = BriefingService(repository, read_topics(SEEDS / "topics.toml"))
        service.add(read_raw_articles(SEEDS))
        yield service
