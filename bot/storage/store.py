"""Opens the bot's database and creates the repositories of its tables."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.core.encryption.keys import KeyRing
from bot.storage.audit_log import AuditLog
from bot.storage.database import Database, open_database
from bot.storage.feedback import FeedbackRepository, ShareRepository
from bot.storage.greetings import GreetingLog
from bot.storage.request_log import RateLimit, RequestLog
from bot.storage.uninstall_cleanup import UninstallCleanup


@dataclass(frozen=True, slots=True)
class Store:
    """The bot's database and its repositories.

    The repositories of digests are in `bot.digests.delivery` and use the same database.
    """

    database: Database
    #: returns the time (UTC)
    clock: Callable[[], datetime]
    request_log: RequestLog
    feedback: FeedbackRepository
    audit_log: AuditLog
    shares: ShareRepository
    greetings: GreetingLog
    uninstall_cleanup: UninstallCleanup
    #: keys outside the database, for tokens and the audit log
    keys: KeyRing | None = None

    def close(self) -> None:
        """Close the connections."""
        self.database.close()


def open_store(url: str, rate_limit: RateLimit, now: Callable[[], float], keys: KeyRing | None = None) -> Store:
    """Open the store at an SQLAlchemy URL; create or migrate its tables first. `now` returns seconds since 1970.

    Raises DatabaseUnavailable if the database cannot be opened, or is newer than the program.
    """
    return build_store(open_database(url), rate_limit, now, keys)


def build_store(
    database: Database, rate_limit: RateLimit, now: Callable[[], float], keys: KeyRing | None = None
) -> Store:
    """Return the store of an open database.

    `rate_limit` is shared by all replicas that use the database. `now` returns seconds since 1970.
    """

    def clock() -> datetime:
        return datetime.fromtimestamp(now(), UTC)

    audit_log = AuditLog(database, clock, keys)
    return Store(
        database,
        clock,
        RequestLog(database, rate_limit, now),
        FeedbackRepository(database, clock),
        audit_log,
        ShareRepository(database, clock),
        GreetingLog(database, clock),
        UninstallCleanup(database, audit_log),
        keys,
    )
