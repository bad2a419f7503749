"""A desk that gathers from loopback into a record of the test's own, with a clock that the test turns."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from briefings.feeds.page_updates import FeedDependencies
from briefings.feeds.service import FeedService
from briefings.ingest.formats.feed import read_feed
from briefings.ingest.formats.html import read_page
from briefings.ingest.http.fetcher import FetchLimits, open_fetcher
from briefings.service.service import BriefingService
from briefings.storage.repository import Repository, open_repository
from briefings.storage.writes.feed_repository import FeedRepository, open_feed_repository

#: what tests open of this machine
LOOPBACK = ("127.0.0.0/8", "::1")


class Clock:
    """Stands still until it is turned."""

    def __init__(self) -> None:
        self.now = datetime(2016, 7, 1, 6, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def get_timestamp(self) -> float:
        return self.now.timestamp()

    def advance(self, **time: float) -> None:
        """By so many hours, minutes, days."""
        self.now += timedelta(**time)


class FeedWorld:
    """All that a test of gathering looks at."""

    def __init__(
        self, gathering: FeedService, sources: FeedRepository, record: Repository, desk: BriefingService, clock: Clock
    ) -> None:
        self.feed_service = gathering
        self.feed_repository = sources
        self.repository = record
        self.service = desk
        self.clock = clock


async def _at_once(_seconds: float) -> None:
    """Nobody is waited for."""


@asynccontextmanager
async def open_feed_world(
    folder: Path,
    *,
    allowed_networks: tuple[str, ...] = LOOPBACK,
    limits: FetchLimits | None = None,
    clock: Clock | None = None,
    holder: str = "one",
) -> AsyncIterator[FeedWorld]:
    """A desk over the record in `folder`."""
    clock, address = clock or Clock(), f"sqlite:///{folder}/record.db"
    with closing(open_repository(address, clock)) as record, closing(open_feed_repository(address)) as sources:
        desk = BriefingService(record)
        fetching = open_fetcher(
            "OnTheRecord/1",
            clock.get_timestamp,
            contact="https://desk.example",
            allowed_networks=allowed_networks,
            limits=limits,
            sleep=_at_once,
        )
        async with fetching as fetch:
            means = FeedDependencies(
                sources, fetch.fetch, read_page, read_feed, desk.upsert_article, desk.has_article, clock
            )
            yield FeedWorld(FeedService(means, holder), sources, record, desk, clock)
