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
from importlib.metadata import version

from bot.core.logs import format_traceback, get_logger
from bot.core.settings import Settings
from briefings import BriefingsError, BriefingService
from briefings.feeds import FEEDS_FILE, FeedDependencies, FeedReport, FeedRequest, FeedService
from briefings.ingest import FeedReader, PageReader, open_fetcher
from briefings.storage import open_feed_repository

#: seconds between two polls of the due feeds
POLL_SECONDS = 60.0
#: minimum seconds between two requests to a host; its robots.txt can ask for more
DELAY = 1.0


class FeedPoller:
    """Polls the due feeds regularly. `configured_feeds` are those of the team's file, or None without a file."""

    def __init__(
        self,
        feed_service: FeedService,
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
        configured_feeds = self._configured_feeds
        while True:
            try:
                if configured_feeds is not None:
                    await self._feed_service.sync_with_file(configured_feeds, FEEDS_FILE)
                    configured_feeds = None
                self._record_report(await self._feed_service.poll())
                followed_feeds = await self._feed_service.list_feeds()
                self.feed_count, self.failing_count = (
                    len(followed_feeds),
                    sum(feed.failures > 0 for feed in followed_feeds),
                )
            except BriefingsError as error:
                get_logger().error("feed poll failed", error=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - no error may stop the bot; the next poll tries again
                get_logger().error("feed poll failed", error=type(error).__name__, place=format_traceback(error))
            await self._sleep(POLL_SECONDS)

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


def get_user_agent() -> str:
    """Return the program's name and version, as sites see them."""
    return f"OnTheRecord/{version('on-the-record')}"


@asynccontextmanager
async def open_feed_service(
    settings: Settings, service: BriefingService, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> AsyncIterator[FeedService]:
    """Open a feed service that adds articles with `service`. Raises DatabaseUnavailable."""
    with (
        closing(await asyncio.to_thread(open_feed_repository, settings.database_url)) as feed_repository,
        PageReader() as page_reader,
        FeedReader() as feed_reader,
    ):
        async with open_fetcher(
            get_user_agent(),
            time.monotonic,
            contact=settings.contact,
            allowed_networks=settings.fetch_networks,
            delay=DELAY,
        ) as http_fetcher:
            dependencies = FeedDependencies(
                feed_repository,
                http_fetcher.fetch,
                page_reader.read,
                feed_reader.read,
                service.upsert_article,
                service.has_article,
                clock,
            )
            yield FeedService(dependencies, holder=secrets.token_hex(8))
