"""The desk that gathers, put together from the settings: what fetches, what reads pages, what the record keeps.

Rule: it says who it is to the sites it visits, and goes nowhere but where the settings let it.
"""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from importlib.metadata import version

from bot.core.settings import Settings
from briefings.feeds.page_updates import FeedDependencies
from briefings.feeds.service import FeedService
from briefings.ingest.http.fetcher import open_fetcher
from briefings.ingest.sandbox import FeedReader, PageReader
from briefings.service.service import BriefingService
from briefings.storage.writes.feed_repository import open_feed_repository

#: seconds between two requests to a host, where its robots.txt asks for no more
DELAY = 1.0


def get_user_agent() -> str:
    """The program's name and version, as sites see it."""
    return f"OnTheRecord/{version('on-the-record')}"


@asynccontextmanager
async def open_feed_service(
    settings: Settings, service: BriefingService, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> AsyncIterator[FeedService]:
    """The desk over the record of `told`. Raises RecordUnavailable."""
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
