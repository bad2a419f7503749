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

from bot.settings import Settings
from briefings.desk import Desk
from briefings.gathering.gathering import Gathering
from briefings.gathering.pages import Means
from briefings.ingest.fetch import fetcher
from briefings.ingest.worker import FeedReader, PageReader
from briefings.record.sources import open_sources

#: seconds between two requests to a host, where its robots.txt asks for no more
DELAY = 1.0


def agent() -> str:
    """The program's name and version, as sites see it."""
    return f"OnTheRecord/{version('on-the-record')}"


@asynccontextmanager
async def gathering(
    told: Settings, desk: Desk, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> AsyncIterator[Gathering]:
    """The desk over the record of `told`. Raises RecordUnavailable."""
    with (
        closing(await asyncio.to_thread(open_sources, told.database_url)) as sources,
        PageReader() as pages,
        FeedReader() as feeds,
    ):
        async with fetcher(
            agent(), time.monotonic, contact=told.contact, opened=told.fetch_networks, delay=DELAY
        ) as fetch:
            means = Means(sources, fetch.fetch, pages.read, feeds.read, desk.take, desk.holds, clock)
            yield Gathering(means, holder=secrets.token_hex(8))
