"""Who added, removed, scheduled, shared, installed and removed what.

Rule: lines are added and read, never changed; a detail is what a person may read later, never a token, never what
somebody asked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, insert, select

from bot.logs import logger
from bot.store.database import Database
from bot.store.schema import audit

#: the most that one call gives
MOST = 1_000

Detail = Mapping[str, str | int | bool | None]


@dataclass(frozen=True, slots=True)
class Deed:
    """One line: `action` is a verb in the past ("added", "shared"), `subject` what it was done to."""

    team: str
    #: None when Slack itself said so
    person: str | None
    action: str
    subject: str
    detail: Detail = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line as it is kept."""

    at: datetime
    deed: Deed


class Audit:
    """The table `audit`. `clock` gives the moment with its zone. Every call may raise RecordUnavailable."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def note(self, deed: Deed) -> None:
        """Adds a line, here and in the log."""
        await self._database.writing(lambda db: self.noted(db, deed))
        told(deed)

    def noted(self, db: Connection, deed: Deed) -> None:
        """Adds a line in the transaction that does what it tells; once that is committed, `told` puts it in the log."""
        told = {"team": deed.team, "person": deed.person, "action": deed.action, "subject": deed.subject}
        db.execute(insert(audit).values(at=self._clock(), detail=dict(deed.detail), **told))

    async def of(self, team: str, most: int = 100) -> tuple[Entry, ...]:
        """A team's lines, newest first."""
        newest = select(audit).where(audit.c.team == team).order_by(audit.c.at.desc(), audit.c.id.desc())
        rows = await self._database.reading(lambda db: db.execute(newest.limit(min(most, MOST))).all())
        return tuple(Entry(r.at, Deed(r.team, r.person, r.action, r.subject, r.detail)) for r in rows)


def told(deed: Deed) -> None:
    """Puts a deed that is done in the log."""
    detail = dict(deed.detail)
    logger().info("audit", team=deed.team, person=deed.person, action=deed.action, subject=deed.subject, detail=detail)
