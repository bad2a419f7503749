"""Where arrivals wait: in the bot's database, or in that of one workspace.

Rule: an arrival has its effect once. In the bot's database it is deleted in the transaction that stores the effect. In
another database it is deleted after that; if the process ends in between, it is matched again, and the recorder finds
every match stored already.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from sqlalchemy import Connection

from bot.records.record import Records
from bot.storage.arrivals import ArticleArrival, delete_arrivals, has_record, list_arrivals, lock_arrivals
from bot.storage.database import Database


class ArrivalQueue(Protocol):
    """A queue of arrivals. Calls block, and raise DatabaseUnavailable."""

    def list_first(self, limit: int) -> Sequence[ArticleArrival]:
        """Return the first `limit` arrivals, the oldest first."""
        ...

    def claim(self, db: Connection, finished: Collection[int], others: Collection[int]) -> frozenset[int]:
        """Return which of these arrivals this process may record, in its transaction on the bot's database.

        Those `finished` have no more matches after it.
        """
        ...

    def finish(self, ids: Iterable[int]) -> None:
        """Delete arrivals whose matches are stored."""
        ...


class BotQueue:
    """The arrivals in the bot's database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._has_record = False

    def list_first(self, limit: int) -> Sequence[ArticleArrival]:
        """Return the first `limit` arrivals, the oldest first."""
        if not self._has_record:
            self._has_record = self._database.read(has_record)
        return self._database.read(lambda db: list_arrivals(db, limit)) if self._has_record else ()

    def claim(self, db: Connection, finished: Collection[int], others: Collection[int]) -> frozenset[int]:
        """Delete those `finished`, and lock the others. Return those that were still there."""
        own_arrivals = delete_arrivals(db, finished)
        return own_arrivals | lock_arrivals(db, set(others) - own_arrivals)

    def finish(self, ids: Iterable[int]) -> None:
        """Do nothing: they were deleted with the claim."""


class TeamQueue:
    """The arrivals in the record of one workspace."""

    def __init__(self, records: Records, team: str) -> None:
        self._records, self._team = records, team

    def list_first(self, limit: int) -> Sequence[ArticleArrival]:
        """Return the first `limit` arrivals, the oldest first."""
        with self._records.borrow(self._team) as record:
            return record.arrivals.list_first(limit) if record.arrivals else ()

    def claim(self, _: Connection, finished: Collection[int], others: Collection[int]) -> frozenset[int]:
        """Return all of them: what another replica has recorded already, the recorder leaves out."""
        return frozenset(finished) | frozenset(others)

    def finish(self, ids: Iterable[int]) -> None:
        """Delete arrivals whose matches are stored."""
        with self._records.borrow(self._team) as record:
            if record.arrivals:
                record.arrivals.delete(ids)
