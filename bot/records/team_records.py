"""The records of the workspaces: opened when they are needed, and closed when others are needed more.

Rule: only an installed workspace has a record. That is checked again every few seconds, and so is whether the database
is still the one that was opened: another replica may have deleted it when the workspace left.
Rule: work of one team opens no other team's record, and work of no team opens none (`bot.core.tenancy`).
Rule: a record that is in use is never closed.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from threading import Lock

from bot.core.record_policy import is_team_id
from bot.core.tenancy import may_see
from bot.records.record import NoRecord, Record, RecordLease
from briefings import BriefingService, SearchTotals, Steps, Topic
from briefings.feeds import FeedService
from briefings.outlets import Outlet
from briefings.storage import FeedRepository, TeamDatabases

#: records that stay open, and seconds until an open one is checked again
MAX_OPEN, CHECK_SECONDS = 32, 10.0
#: threads that can open records at once; those that want the same record always wait for each other
_OPENING_LOCKS = 16

#: builds what fetches links and feeds for one record
BuildFeeds = Callable[[FeedRepository, BriefingService], FeedService]


@dataclass(slots=True)
class _Entry:
    """An open record. `identity` names its database."""

    record: Record
    close: Callable[[], None]
    identity: str | None
    checked_at: float
    users: int = 0
    #: whether it left the cache, and is closed when its last user releases it
    is_retired: bool = False


class TeamRecords:
    """Opens a record for each workspace. Thread-safe.

    `is_installed` blocks, and tells whether a workspace has the bot. `topics` are those of a workspace that has made
    none. `now` returns monotonic seconds.
    """

    is_per_team = True

    def __init__(
        self,
        databases: TeamDatabases,
        is_installed: Callable[[str], bool],
        topics: Sequence[Topic] = (),
        *,
        build_feeds: BuildFeeds | None = None,
        steps: Steps | None = None,
        outlets: Sequence[Outlet] = (),
        max_open: int = MAX_OPEN,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._databases = databases
        self._is_installed = is_installed
        self._topics = tuple(topics)
        self._build_feeds = build_feeds
        self._steps = steps
        self._outlets = tuple(outlets)
        self._max_open = max_open
        self._now = now
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        #: totals of each record as they were counted last
        self._totals: dict[str, SearchTotals] = {}
        self._lock = Lock()
        self._opening_locks = tuple(Lock() for _ in range(_OPENING_LOCKS))
        #: number of briefing lines that were dropped because they differ from their source
        self.dropped_lines = 0

    @property
    def open_count(self) -> int:
        """Number of open records."""
        return len(self._entries)

    def borrow(self, team: str) -> RecordLease:
        """Return a workspace's record, which is created if it has none. Blocks. Raises NoRecord, DatabaseUnavailable.

        The record stays open until the lease is released.
        """
        if lease := self.borrow_open(team):
            return lease
        with self._opening_locks[hash(team) % _OPENING_LOCKS]:
            if lease := self.borrow_open(team):
                return lease
            self._drop_outdated(team)
            with self._lock:
                if entry := self._entries.get(team):
                    entry.checked_at = self._now()
                    return self._use(team, entry)
            return self._add(team, self._open(team))

    def borrow_open(self, team: str) -> RecordLease | None:
        """Return a workspace's record if it is open and was checked a moment ago, else None. Raises NoRecord."""
        if not is_team_id(team) or not may_see(team):
            raise NoRecord
        with self._lock:
            entry = self._entries.get(team)
            is_fresh = entry is not None and self._now() - entry.checked_at < CHECK_SECONDS
            if entry is None or not is_fresh:
                return None
            return self._use(team, entry)

    def list_teams(self) -> Sequence[str]:
        """Return the workspaces that have a record and the bot. Blocks. Raises DatabaseUnavailable."""
        return [team for team in self._databases.list_teams() if self._is_installed(team)]

    def count(self) -> SearchTotals:
        """Return the totals of all records, as they were noted last. Blocks. Raises DatabaseUnavailable."""
        teams = self._databases.list_teams()
        with self._lock:
            self._totals = {team: totals for team, totals in self._totals.items() if team in teams}
            known_totals = list(self._totals.values())
        days = [day for totals in known_totals for day in (totals.since, totals.until) if day is not None]
        return SearchTotals(
            sum(totals.articles for totals in known_totals),
            sum(totals.quotes for totals in known_totals),
            min(days, default=None),
            max(days, default=None),
        )

    def check_database(self) -> None:
        """Raise DatabaseUnavailable if the database does not answer. Blocks."""
        self._is_installed("")  # any answer will do

    def note_totals(self, team: str, totals: SearchTotals) -> None:
        """Note the totals of a record for `count`."""
        with self._lock:
            self._totals[team] = totals

    def delete(self, team: str) -> bool:
        """Delete a workspace's record. Tell whether it had one. Blocks. Raises DatabaseUnavailable."""
        if not is_team_id(team):
            return False
        with self._opening_locks[hash(team) % _OPENING_LOCKS]:
            self._retire(team)
            return self._databases.delete(team)

    def close(self) -> None:
        """Close all records; one that is in use is closed when it is released."""
        for team in list(self._entries):
            self._retire(team)
        self._databases.close()

    def _drop_outdated(self, team: str) -> None:
        """Forget an open record whose workspace left, or whose database was replaced. Raises NoRecord."""
        if not self._is_installed(team):
            self._retire(team)
            raise NoRecord
        entry = self._entries.get(team)
        if entry and self._databases.find_identity(team) != entry.identity:
            self._retire(team)

    def _open(self, team: str) -> _Entry:
        repositories = self._databases.open(team, lambda: datetime.now(UTC))
        try:
            service = BriefingService(
                repositories.articles, self._topics, count_dropped=self._count_dropped, steps=self._steps
            )
            service.outlets.use_team_list(self._outlets)
            feeds = self._build_feeds(repositories.feeds, service) if self._build_feeds else None
            identity = self._databases.find_identity(team)
        except BaseException:
            repositories.articles.close()
            raise
        return _Entry(Record(service, feeds, repositories.arrivals), service.close, identity, self._now())

    def _add(self, team: str, entry: _Entry) -> RecordLease:
        """Put an opened record into the cache, and close those that were not used for the longest time."""
        with self._lock:
            self._entries[team] = entry
            lease = self._use(team, entry)
            excess = max(0, len(self._entries) - self._max_open)
            idle_teams = [name for name, other in self._entries.items() if other.users == 0][:excess]
        for idle_team in idle_teams:
            self._retire(idle_team, only_idle=True)
        return lease

    def _use(self, team: str, entry: _Entry) -> RecordLease:
        """Count one more user. Call it with the lock."""
        entry.users += 1
        self._entries.move_to_end(team)
        return RecordLease(entry.record, partial(self._release, entry))

    def _release(self, entry: _Entry) -> None:
        with self._lock:
            entry.users -= 1
            is_last = entry.is_retired and entry.users == 0
        if is_last:
            entry.close()

    def _retire(self, team: str, *, only_idle: bool = False) -> None:
        """Take a record out of the cache, and close it once it is not in use; with `only_idle`, not one in use."""
        with self._lock:
            entry = self._entries.get(team)
            if entry is None or (only_idle and entry.users):
                return
            del self._entries[team]
            entry.is_retired = True
            is_idle = entry.users == 0
        if is_idle:
            entry.close()

    def _count_dropped(self, count: int) -> None:
        with self._lock:
            self.dropped_lines += count
