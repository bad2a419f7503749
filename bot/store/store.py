"""Opens the bot's tables, and holds what works on them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.store.admission import Admission
from bot.store.audit import Audit
from bot.store.database import Database, open_database
from bot.store.feedback import Feedback
from bot.store.leaving import Leaving
from bot.store.rate import Rate
from bot.store.shares import Shares


@dataclass(frozen=True, slots=True)
class Store:
    """The bot's tables, one part for each."""

    database: Database
    #: gives the moment with its zone
    clock: Callable[[], datetime]
    admission: Admission
    feedback: Feedback
    audit: Audit
    shares: Shares
    leaving: Leaving

    def close(self) -> None:
        """Gives the connections back."""
        self.database.close()


def open_store(address: str, rate: Rate, now: Callable[[], float]) -> Store:
    """The store at an SQLAlchemy address, made or migrated first; `now` is in seconds since 1970.

    Raises RecordUnavailable when the database cannot be opened, or is newer than the program.
    """
    return over(open_database(address), rate, now)


def over(database: Database, rate: Rate, now: Callable[[], float]) -> Store:
    """The store in a database that is open."""

    def clock() -> datetime:
        return datetime.fromtimestamp(now(), UTC)

    audit = Audit(database, clock)
    return Store(
        database,
        clock,
        Admission(database, rate, now),
        Feedback(database, clock),
        audit,
        Shares(database, clock),
        Leaving(database, audit),
    )
