"""What the owners of digests are still to be told.

Rule: at most once. A notice leaves the table before it is sent, and comes back only when Slack has refused it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from bot.storage.database import Database
from bot.storage.schema import digest_notices as notices


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence in Slack's markup for one person; `at` is when it became true."""

    team: str
    person: str
    text: str
    at: datetime
    #: how often Slack has refused it
    attempts: int


class NoticeOutbox:
    """The table `digest_notices`. Every call blocks, and may raise RecordUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, now: datetime, limit: int = 20) -> list[Notice]:
        """Takes the oldest ones that may be sent now."""

        def work(db: Connection) -> list[Notice]:
            statement = select(notices.c.id).where(notices.c.next_try <= now).order_by(notices.c.id).limit(limit)
            notice_ids = db.execute(statement.with_for_update(skip_locked=True)).scalars().all()
            deletion = delete(notices).where(notices.c.id.in_(notice_ids)).returning(notices)
            rows = sorted(db.execute(deletion).all(), key=lambda row: int(row.id)) if notice_ids else []
            return [Notice(row.team, row.person, row.text, row.at, row.attempts) for row in rows]

        return self._database.write(work)

    def put_back(self, notice: Notice, retry_at: datetime) -> None:
        """Keeps it until then, one attempt older."""
        values = {name: getattr(notice, name) for name in ("team", "person", "text", "at")}
        row = values | {"next_try": retry_at, "attempts": notice.attempts + 1}
        self._database.write(lambda db: db.execute(insert(notices).values(row)))
