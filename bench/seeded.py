"""Open a database with the four seed articles, for benchmarks."""

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
def open_seeded_service(folder: Path) -> Iterator[tuple[Repository, BriefingService]]:
    """Open a repository in a file of `folder`, add the seeds, and yield it with its service."""
    seeds = Path(str(files("seeds")))
    with closing(open_repository(f"sqlite:///{folder / 'record.db'}", lambda: datetime.now(UTC))) as repository:
        service = BriefingService(repository, read_topics(seeds / "topics.toml"))
        service.add(read_raw_articles(seeds))
        yield repository, service
