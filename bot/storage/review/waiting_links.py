"""Stores the links that people asked to add, until an admin adds or refuses them.

Rule: a waiting link is only an address. Nothing of its page is fetched or stored, so that no answer can show it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, delete, func, insert, select

from bot.storage.audit_log import AuditAction, AuditLog
from bot.storage.database import Database
from bot.storage.schema import waiting_links
from bot.storage.store import Store
from briefings import BadQuestion

#: most waiting links of a person and of a team
MAX_PER_PERSON, MAX_PER_TEAM = 10, 100
#: days after which a link that no one looked at is deleted
EXPIRY_DAYS = 14
_MAX_LINK_LENGTH = 2_000


@dataclass(frozen=True, slots=True)
class WaitingLink:
    """A link that waits, with who asked for it and when (UTC)."""

    number: int
    team: str
    person: str
    link: str
    asked_at: datetime


class WaitingLinks:
    """Repository of the table `waiting_links`. `clock` returns the time. Calls may raise DatabaseUnavailable."""

    def __init__(self, database: Database, audit_log: AuditLog, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._audit_log = audit_log
        self._clock = clock

    async def add(self, team: str, person: str, link: str) -> bool:
        """Store a link and return True, or False if it waits already. Raises BadQuestion over a limit."""
        return await self._database.write_async(lambda db: self._add(db, team, person, link))

    async def list_links(self, team: str | None = None) -> tuple[WaitingLink, ...]:
        """Return the waiting links of a team or of all teams, the oldest first."""
        query = select(waiting_links).where(waiting_links.c.asked_at > self._get_expiry())
        if team is not None:
            query = query.where(waiting_links.c.team == team)
        rows = await self._database.read_async(lambda db: db.execute(query.order_by(waiting_links.c.id)).all())
        return tuple(map(_to_waiting_link, rows))

    async def take(self, team: str | None, number: int, action: str, person: str) -> WaitingLink | None:
        """Delete a link and return it, or None if it no longer waits. The audit log says who decided, and how."""

        def work(db: Connection) -> WaitingLink | None:
            condition = (waiting_links.c.id == number) & (waiting_links.c.asked_at > self._get_expiry())
            if team is not None:
                condition &= waiting_links.c.team == team
            row = db.execute(delete(waiting_links).where(condition).returning(*waiting_links.c)).first()
            if row is None:
                return None
            detail = {"asked_by": row.person}
            self._audit_log.add_in_transaction(db, AuditAction(row.team, person, action, row.link, detail))
            return _to_waiting_link(row)

        return await self._database.write_async(work)

    @staticmethod
    def forget_team(db: Connection, team: str) -> None:
        """Delete a team's waiting links, in the given transaction."""
        db.execute(delete(waiting_links).where(waiting_links.c.team == team))

    def _add(self, db: Connection, team: str, person: str, link: str) -> bool:
        db.execute(delete(waiting_links).where(waiting_links.c.asked_at <= self._get_expiry()))
        if len(link) > _MAX_LINK_LENGTH:
            raise BadQuestion(f"This link is longer than {_MAX_LINK_LENGTH:,} characters. Use a shorter one.")
        is_of_team = waiting_links.c.team == team
        if db.execute(select(waiting_links.c.id).where(is_of_team, waiting_links.c.link == link)).first():
            return False
        counts = (
            (is_of_team & (waiting_links.c.person == person), MAX_PER_PERSON, "You already have"),
            (is_of_team, MAX_PER_TEAM, "This workspace already has"),
        )
        for condition, limit, subject in counts:
            if db.execute(select(func.count()).where(condition)).scalar_one() >= limit:
                raise BadQuestion(f"{subject} {limit} waiting links, the limit. Ask an admin to look at them.")
        db.execute(insert(waiting_links).values(team=team, person=person, link=link, asked_at=self._clock()))
        self._audit_log.add_in_transaction(db, AuditAction(team, person, "asked to add", link))
        return True

    def _get_expiry(self) -> datetime:
        return self._clock() - timedelta(days=EXPIRY_DAYS)


def open_waiting_links(store: Store) -> WaitingLinks:
    """Return the repository of the waiting links in the bot's database."""
    return WaitingLinks(store.database, store.audit_log, store.clock)


def _to_waiting_link(row: Row[tuple[object, ...]]) -> WaitingLink:
    return WaitingLink(row.id, row.team, row.person, row.link, row.asked_at)
