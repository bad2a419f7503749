"""A record, and what gives records: the interface of the shared one and of those of the workspaces."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self, TypeVar

from bot.core.tenancy import get_team
from briefings import BriefingsError, BriefingService, SearchTotals
from briefings.feeds import FeedReport, FeedRequest, FeedService, FollowResult
from briefings.storage import FollowedFeed, TeamArrivals

_T = TypeVar("_T")


class NoRecord(BriefingsError):
    """The request names no workspace that has a record here."""

    def __init__(self) -> None:
        super().__init__("On the Record can't tell which workspace this is. Ask an admin to install it again.")


class Feeds(Protocol):
    """What people can do with links and feeds."""

    async def add(self, link: str) -> FeedReport:
        """Add the article at a URL, or the articles of a feed. Raises DatabaseUnavailable."""

    async def follow(self, request: FeedRequest) -> FollowResult:
        """Follow a feed. Raises BriefingsError."""

    async def unfollow(self, address: str) -> str:
        """Unfollow a feed and return its URL. Raises BriefingsError."""

    async def list_feeds(self) -> tuple[FollowedFeed, ...]:
        """Return the followed feeds. Raises DatabaseUnavailable."""


@dataclass(frozen=True, slots=True)
class Record:
    """An open record. `feeds` is None if nothing is fetched, `arrivals` if they are in the bot's database."""

    service: BriefingService
    feeds: FeedService | None = None
    arrivals: TeamArrivals | None = None


@dataclass(frozen=True, slots=True)
class RecordLease:
    """A record in use: it is not closed before `release` is called. Works as a context manager too."""

    record: Record
    release: Callable[[], None] = lambda: None

    def __enter__(self) -> Record:
        return self.record

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.release()

    def with_service(self, service: BriefingService) -> Self:
        """Return the same lease with another service over the same articles."""
        return type(self)(Record(service, self.record.feeds, self.record.arrivals), self.release)


class Records(Protocol):
    """The only place that opens records."""

    @property
    def is_per_team(self) -> bool:
        """Whether each workspace has its own record."""

    @property
    def dropped_lines(self) -> int:
        """Number of briefing lines that were dropped because they differ from their source."""

    def borrow(self, team: str) -> RecordLease:
        """Return the record that a workspace reads. Blocks. Raises NoRecord, DatabaseUnavailable."""

    def borrow_open(self, team: str) -> RecordLease | None:
        """Return the record if that does not block, else None. Raises NoRecord."""

    def list_teams(self) -> Sequence[str]:
        """Return the workspaces that have a record of their own. Blocks. Raises DatabaseUnavailable."""

    def count(self) -> SearchTotals:
        """Return the totals of all records. Blocks. Raises DatabaseUnavailable."""

    def check_database(self) -> None:
        """Raise DatabaseUnavailable if the database does not answer. Blocks."""

    def close(self) -> None:
        """Close the records that were opened here."""


async def borrow_record(records: Records) -> RecordLease:
    """Return the record of the current team, opened on a thread. Raises NoRecord, DatabaseUnavailable.

    Work that sees all teams, or none, has no record of a team.
    """
    team = get_team()
    if lease := records.borrow_open(team):
        return lease
    opening = asyncio.ensure_future(asyncio.to_thread(records.borrow, team))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        # the thread goes on, and the record that it opens must not stay in use
        opening.add_done_callback(_release_unused)
        raise


def run_with_record(
    pool: ThreadPoolExecutor, lease: RecordLease, work: Callable[[BriefingService], _T]
) -> asyncio.Future[_T]:
    """Run `work` with the service of a borrowed record on a thread of `pool`, and release the record after it.

    A caller that stops waiting does not end the work, so the record stays in use until the thread is done.
    """
    try:
        running = pool.submit(work, lease.record.service)
    except BaseException:
        lease.release()
        raise
    running.add_done_callback(lambda _: lease.release())
    return asyncio.wrap_future(running)


def _release_unused(opening: asyncio.Future[RecordLease]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().release()


@dataclass(frozen=True, slots=True)
class SharedRecord:
    """One record for all workspaces."""

    service: BriefingService
    is_per_team: bool = False

    @property
    def dropped_lines(self) -> int:
        """Number of briefing lines that were dropped because they differ from their source."""
        return self.service.dropped_lines

    def borrow(self, _: str) -> RecordLease:
        """Return the record."""
        return RecordLease(Record(self.service))

    def borrow_open(self, team: str) -> RecordLease:
        """Return the record."""
        return self.borrow(team)

    def list_teams(self) -> Sequence[str]:
        """Return nothing: no workspace has its own record."""
        return ()

    def count(self) -> SearchTotals:
        """Return the totals."""
        return self.service.get_counts()

    def check_database(self) -> None:
        """Raise DatabaseUnavailable if the database does not answer. Blocks."""
        self.service.get_counts()

    def close(self) -> None:
        """Do nothing: whoever opened the service closes it."""
