"""A feed service that fetches from loopback into a database of the test, with a clock that the test advances."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from briefings.feeds.page_updates import FeedDependencies
from briefings.feeds.service import FeedService
from briefings.ingest.http.fetcher import FetchLimits, open_fetcher
from briefings.ingest.pages.html import read_page
from briefings.ingest.syndication.feed import read_feed
from briefings.service.service import BriefingService
from briefings.storage.repository import Repository, open_repository
from briefings.storage.writes.feed_repository import FeedRepository, open_feed_repository

#: networks that tests may fetch from
LOOPBACK = ("127.0.0.0/8", "::1")


class Clock:
    """A clock that only the test advances. It starts on 1 July 2016 at 06:00 UTC."""

    def __init__(self) -> None:
        self.now = datetime(2016, 7, 1, 6, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def get_timestamp(self) -> float:
        """Return the time as seconds since the epoch."""
        return self.now.timestamp()

    def advance(self, **duration: float) -> None:
        """Advance the clock. The keywords are those of `timedelta`."""
        self.now += timedelta(**duration)


class FeedWorld:
    """The feed service with the parts that tests look at: services, repositories and the clock."""

    def __init__(
        self,
        feed_service: FeedService,
        feed_repository: FeedRepository,
        repository: Repository,
        service: BriefingService,
        clock: Clock,
    ) -> None:
        self.feed_service = feed_service
        self.feed_repository = feed_repository
        self.repository = repository
        self.service = service
        self.clock = clock


async def _skip_sleep(_seconds: float) -> None:
    """Return at once instead of sleeping."""


@asynccontextmanager
async def open_feed_world(
    folder: Path,
    *,
    allowed_networks: tuple[str, ...] = LOOPBACK,
    limits: FetchLimits | None = None,
    clock: Clock | None = None,
    holder: str = "one",
) -> AsyncIterator[FeedWorld]:
    """Open a feed service on the database `record.db` in a folder. `holder` is the name it takes leases under."""
    clock, address = clock or Clock(), f"sqlite:///{folder}/record.db"
    with (
        closing(open_repository(address, clock)) as repository,
        closing(open_feed_repository(address)) as feed_repository,
    ):
        service = BriefingService(repository)
        fetcher_context = open_fetcher(
            "OnTheRecord/1",
            clock.get_timestamp,
            contact="https://desk.example",
            allowed_networks=allowed_networks,
            limits=limits,
            sleep=_skip_sleep,
        )
        async with fetcher_context as fetcher:
            dependencies = FeedDependencies(
                feed_repository,
                fetcher.fetch,
                read_page,
                read_feed,
                service.upsert_article,
                service.has_article,
                clock,
                service.outlets,
            )
            yield FeedWorld(FeedService(dependencies, holder), feed_repository, repository, service, clock)
