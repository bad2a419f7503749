"""The links and feeds of the workspace whose request is handled."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.records.record import Records, borrow_record
from briefings import BadSettings
from briefings.feeds import FeedReport, FeedRequest, FeedService, FollowResult
from briefings.storage import FollowedFeed


class TeamFeeds:
    """Adds links to the record of the current team, and follows feeds for it. Raises NoRecord."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def add(self, link: str) -> FeedReport:
        """Add the article at a URL, or the articles of a feed. Raises DatabaseUnavailable."""
        async with self._borrow() as feeds:
            return await feeds.add(link)

    async def follow(self, request: FeedRequest) -> FollowResult:
        """Follow a feed. Raises BriefingsError."""
        async with self._borrow() as feeds:
            return await feeds.follow(request)

    async def unfollow(self, address: str) -> str:
        """Unfollow a feed and return its URL. Raises BriefingsError."""
        async with self._borrow() as feeds:
            return await feeds.unfollow(address)

    async def list_feeds(self) -> tuple[FollowedFeed, ...]:
        """Return the followed feeds. Raises DatabaseUnavailable."""
        async with self._borrow() as feeds:
            return await feeds.list_feeds()

    @asynccontextmanager
    async def _borrow(self) -> AsyncIterator[FeedService]:
        lease = await borrow_record(self._records)
        with lease as record:
            if record.feeds is None:
                raise BadSettings("Links and feeds can't be fetched here.")
            yield record.feeds
