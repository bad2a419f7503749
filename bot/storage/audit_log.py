"""The audit log: who added, removed, scheduled, shared, installed or removed what.

Rule: entries are added and read, never changed. A detail never contains a token or the text of a question.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, insert, select

from bot.core.logs import get_logger
from bot.storage.database import Database
from bot.storage.schema import audit

#: most entries that one call returns
MAX_ENTRIES = 1_000

Detail = Mapping[str, str | int | bool | None]


@dataclass(frozen=True, slots=True)
class AuditAction:
    """An action to log: `action` is a verb in the past tense ("added", "shared"), `subject` is its object."""

    team: str
    #: None if Slack caused the action
    person: str | None
    action: str
    subject: str
    detail: Detail = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A stored action and its time (UTC)."""

    at: datetime
    action: AuditAction


class AuditLog:
    """Repository of the table `audit`. `clock` returns the time with its zone. Calls may raise DatabaseUnavailable."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def add(self, action: AuditAction) -> None:
        """Add an entry, and write it to the program's log."""
        await self._database.write_async(lambda db: self.add_in_transaction(db, action))
        log_action(action)

    def add_in_transaction(self, db: Connection, action: AuditAction) -> None:
        """Add an entry in the transaction of the action itself. After the commit, call `log_action`."""
        values = {"team": action.team, "person": action.person, "action": action.action, "subject": action.subject}
        db.execute(insert(audit).values(at=self._clock(), detail=dict(action.detail), **values))

    async def list_entries(self, team: str, limit: int = 100) -> tuple[AuditEntry, ...]:
        """Return a team's entries, newest first."""
        statement = select(audit).where(audit.c.team == team).order_by(audit.c.at.desc(), audit.c.id.desc())
        rows = await self._database.read_async(lambda db: db.execute(statement.limit(min(limit, MAX_ENTRIES))).all())
        return tuple(
            AuditEntry(row.at, AuditAction(row.team, row.person, row.action, row.subject, row.detail)) for row in rows
        )


def log_action(action: AuditAction) -> None:
    """Write a completed action to the program's log."""
    detail = dict(action.detail)
    get_logger().info(
        "audit", team=action.team, person=action.person, action=action.action, subject=action.subject, detail=detail
    )
