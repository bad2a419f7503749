"""Build the feed service from the settings, and poll feeds while the bot runs.

Rule: a failed poll is logged and retried at the next interval. It never stops the bot, and it is never posted. Requests
name this program, and go only to the networks that the settings allow.
"""

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime

from bot.core.logs import format_traceback, get_logger
from bot.core.settings import Settings
from bot.core.tenancy import use_team
from bot.records.record import borrow_record
from bot.records.team_records import TeamRecords
from briefings import BriefingsError, BriefingService, __version__
from briefings.feeds import FEEDS_FILE, FeedDependencies, FeedReport, FeedRequest, FeedService
from briefings.ingest import FeedReader, PageReader, open_fetcher
from briefings.storage import FeedRepository, open_feed_repository

#: seconds between two polls of the due feeds
POLL_SECONDS = 60.0
#: workspaces whose feeds are polled at the same time
_MAX_POLLED_TEAMS = 4
#: minimum seconds between two requests to a host; its robots.txt can ask for more
DELAY = 1.0


class FeedPoller:
    """Polls the due feeds regularly. `configured_feeds` are those of the team's file, or None without a file."""

    def __init__(
        self,
        feed_service: FeedService | None,
        configured_feeds: Sequence[FeedRequest] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._feed_service = feed_service
        self._configured_feeds = configured_feeds
        self._sleep = sleep
        self._outcomes: Counter[str] = Counter()
        self._failures: Counter[str] = Counter()

        #: numbers of followed and of failing feeds after the last poll of this process
        self.feed_count = 0
        self.failing_count = 0

    @property
    def outcomes(self) -> Mapping[str, int]:
        """Number of pages per outcome since the process started, for metrics."""
        return self._outcomes

    @property
    def failures(self) -> Mapping[str, int]:
        """Number of failed feeds, entries and pages per kind of failure since the process started, for metrics."""
        return self._failures

    async def run(self) -> None:
        """Poll until cancelled."""
        while True:
            if counts := await self._try(self._poll()):
                self.feed_count, self.failing_count = counts
            await self._sleep(POLL_SECONDS)

    async def _poll(self) -> tuple[int, int]:
        """Poll what is due. Return the numbers of followed and of failing feeds."""
        if self._feed_service is None:
            return 0, 0
        if self._configured_feeds is not None:
            await self._feed_service.sync_with_file(self._configured_feeds, FEEDS_FILE)
            self._configured_feeds = None
        return await self._poll_feeds(self._feed_service)

    async def _poll_feeds(self, feed_service: FeedService) -> tuple[int, int]:
        """Poll the due feeds of one record. Return the numbers of followed and of failing feeds."""
        self._record_report(await feed_service.poll())
        followed_feeds = await feed_service.list_feeds()
        return len(followed_feeds), sum(feed.failures > 0 for feed in followed_feeds)

    async def _try(self, polling: Awaitable[tuple[int, int]], **details: str) -> tuple[int, int] | None:
        """Return the result of a poll, or None after an error, which is logged."""
        try:
            return await polling
        except BriefingsError as error:
            get_logger().error("feed poll failed", error=type(error).__name__, **details)
        except Exception as error:  # noqa: BLE001 - no error may stop the bot; the next poll tries again
            place = format_traceback(error)
            get_logger().error("feed poll failed", error=type(error).__name__, place=place, **details)
        return None

    def _record_report(self, report: FeedReport | None) -> None:
        """Count the results of a poll, and log them unless nothing was due; None if another process is polling."""
        if report is None:
            return
        self._outcomes.update({kind.value: count for kind, count in report.outcomes.items()})
        self._failures.update({kind.value: count for kind, count in report.failures.items()})
        if report.polled_feeds or report.failed_feeds or report.outcomes:
            get_logger().info(
                "feeds polled",
                feeds=report.polled_feeds,
                failed_feeds=report.failed_feeds,
                added=len(report.articles),
                failures={kind.value: count for kind, count in report.failures.items()},
            )


class TeamFeedPoller(FeedPoller):
    """Polls the due feeds of each workspace, some workspaces at a time. One that fails does not stop the others."""

    def __init__(self, records: TeamRecords, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        super().__init__(None, None, sleep)
        self._records = records
        self._limit = asyncio.Semaphore(_MAX_POLLED_TEAMS)

    async def _poll(self) -> tuple[int, int]:
        teams = await asyncio.to_thread(self._records.list_teams)
        polls = (self._try(self._poll_team(team), team=team) for team in teams)
        counts = [count for count in await asyncio.gather(*polls) if count]
        return sum(followed for followed, _ in counts), sum(failing for _, failing in counts)

    async def _poll_team(self, team: str) -> tuple[int, int]:
        async with self._limit:
            with use_team(team), await borrow_record(self._records) as record:
                counts = await self._poll_feeds(record.feeds) if record.feeds else (0, 0)
                self._records.note_totals(team, await asyncio.to_thread(record.service.get_counts))
        return counts


def get_user_agent() -> str:
    """Return the program's name and version, as sites see them."""
    return f"OnTheRecord/{__version__}"


@asynccontextmanager
async def open_feed_builder(
    settings: Settings, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> AsyncIterator[Callable[[FeedRepository, BriefingService], FeedService]]:
    """Open what reads pages and feeds, and yield a function that builds the feed service of a record with it.

    All records share the fetcher, so that a site gets as few requests a minute as from one.
    """
    holder = secrets.token_hex(8)
    with PageReader() as page_reader, FeedReader() as feed_reader:
        async with open_fetcher(
            get_user_agent(),
            time.monotonic,
            contact=settings.contact,
            allowed_networks=settings.fetch_networks,
            allowed_ports=settings.fetch_ports,
            delay=DELAY,
        ) as http_fetcher:

            def build(feed_repository: FeedRepository, service: BriefingService) -> FeedService:
                dependencies = FeedDependencies(
                    feed_repository,
                    http_fetcher.fetch,
                    page_reader.read,
                    feed_reader.read,
                    service.upsert_article,
                    service.has_article,
                    clock,
                    service.outlets,
                )
                return FeedService(dependencies, holder)

            yield build


@asynccontextmanager
async def open_feed_service(
    settings: Settings, service: BriefingService, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> AsyncIterator[FeedService]:
    """Open a feed service that adds articles with `service`. Raises DatabaseUnavailable."""
    with closing(await asyncio.to_thread(open_feed_repository, settings.database_url)) as feed_repository:
        async with open_feed_builder(settings, clock) as build:
            yield build(feed_repository, service)
