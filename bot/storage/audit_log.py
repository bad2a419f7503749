"""Who added, removed, scheduled, shared, installed and removed what.

Rule: lines are added and read, never changed; a detail is what a person may read later, never a token, never what
somebody asked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, insert, select

from bot.core.logs import get_logger
from bot.storage.database import Database
from bot.storage.schema import audit

#: the most that one call gives
MAX_ENTRIES = 1_000

Detail = Mapping[str, str | int | bool | None]


@dataclass(frozen=True, slots=True)
class AuditAction:
    """One line: `action` is a verb in the past ("added", "shared"), `subject` what it was done to."""

    team: str
    #: None when Slack itself said so
    person: str | None
    action: str
    subject: str
    detail: Detail = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A line as it is kept."""

    at: datetime
    action: AuditAction


class AuditLog:
    """The table `audit`. `clock` gives the moment with its zone. Every call may raise RecordUnavailable."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def add(self, action: AuditAction) -> None:
        """Adds a line, here and in the log."""
        await self._database.write_async(lambda db: self.add_in_transaction(db, action))
        log_action(action)

    def add_in_transaction(self, db: Connection, action: AuditAction) -> None:
        """Adds a line in the transaction that does what it tells; once that is committed, `told` puts it in the log."""
        values = {"team": action.team, "person": action.person, "action": action.action, "subject": action.subject}
        db.execute(insert(audit).values(at=self._clock(), detail=dict(action.detail), **values))

    async def list_entries(self, team: str, limit: int = 100) -> tuple[AuditEntry, ...]:
        """A team's lines, newest first."""
        statement = select(audit).where(audit.c.team == team).order_by(audit.c.at.desc(), audit.c.id.desc())
        rows = await self._database.read_async(lambda db: db.execute(statement.limit(min(limit, MAX_ENTRIES))).all())
        return tuple(
            AuditEntry(row.at, AuditAction(row.team, row.person, row.action, row.subject, row.detail)) for row in rows
        )


def log_action(action: AuditAction) -> None:
    """Puts a deed that is done in the log."""
    detail = dict(action.detail)
    get_logger().info(
        "audit", team=action.team, person=action.person, action=action.action, subject=action.subject, detail=detail
    )
