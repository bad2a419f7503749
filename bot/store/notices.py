"""What the owners of digests are still to be told.

Rule: at most once. A notice leaves the table before it is sent, and comes back only when Slack has refused it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from bot.store.database import Database
from bot.store.schema import digest_notices as notices


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence in Slack's markup for one person; `at` is when it became true."""

    team: str
    person: str
    text: str
    at: datetime
    #: how often Slack has refused it
    attempts: int


class Notices:
    """The table `digest_notices`. Every call blocks, and may raise RecordUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, now: datetime, most: int = 20) -> list[Notice]:
        """Takes the oldest ones that may be sent now."""

        def work(db: Connection) -> list[Notice]:
            wanted = select(notices.c.id).where(notices.c.next_try <= now).order_by(notices.c.id).limit(most)
            found = db.execute(wanted.with_for_update(skip_locked=True)).scalars().all()
            gone = delete(notices).where(notices.c.id.in_(found)).returning(notices)
            rows = sorted(db.execute(gone).all(), key=lambda row: int(row.id)) if found else []
            return [Notice(row.team, row.person, row.text, row.at, row.attempts) for row in rows]

        return self._database.write(work)

    def put_back(self, notice: Notice, until: datetime) -> None:
        """Keeps it until then, one attempt older."""
        told = {name: getattr(notice, name) for name in ("team", "person", "text", "at")}
        row = told | {"next_try": until, "attempts": notice.attempts + 1}
        self._database.write(lambda db: db.execute(insert(notices).values(row)))
