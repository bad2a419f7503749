"""Opens the bot's tables, and holds what works on them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.storage.audit_log import AuditLog
from bot.storage.database import Database, open_database
from bot.storage.feedback import FeedbackRepository, ShareRepository
from bot.storage.request_log import RateLimit, RequestLog
from bot.storage.uninstall_cleanup import UninstallCleanup


@dataclass(frozen=True, slots=True)
class Store:
    """The bot's tables, one part for each."""

    database: Database
    #: gives the moment with its zone
    clock: Callable[[], datetime]
    request_log: RequestLog
    feedback: FeedbackRepository
    audit_log: AuditLog
    shares: ShareRepository
    uninstall_cleanup: UninstallCleanup

    def close(self) -> None:
        """Gives the connections back."""
        self.database.close()


def open_store(url: str, rate_limit: RateLimit, now: Callable[[], float]) -> Store:
    """The store at an SQLAlchemy address, made or migrated first; `now` is in seconds since 1970.

    Raises RecordUnavailable when the database cannot be opened, or is newer than the program.
    """
    return build_store(open_database(url), rate_limit, now)


def build_store(database: Database, rate_limit: RateLimit, now: Callable[[], float]) -> Store:
    """The store in a database that is open."""

    def clock() -> datetime:
        return datetime.fromtimestamp(now(), UTC)

    audit_log = AuditLog(database, clock)
    return Store(
        database,
        clock,
        RequestLog(database, rate_limit, now),
        FeedbackRepository(database, clock),
        audit_log,
        ShareRepository(database, clock),
        UninstallCleanup(database, audit_log),
    )
