"""Repositories of user feedback ("This looks wrong") and of shared answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from bot.storage.database import Database
from bot.storage.schema import feedback, shares

#: most items that one call returns
MAX_ITEMS = 1_000


class FeedbackState(StrEnum):
    """Whether a report still needs a review."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class FeedbackItem:
    """A report about a passage: `start` and `end` are half-open character offsets into the text of `article`."""

    team: str
    person: str
    channel: str | None
    #: as command text
    question: str
    article: str
    start: int
    end: int
    #: the kind of mistake, such as "wrong speaker"
    kind: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class StoredFeedback:
    """A stored report with its number, time (UTC) and state."""

    id: int
    at: datetime
    item: FeedbackItem
    state: FeedbackState


class FeedbackRepository:
    """Repository of the table `feedback`. `clock` returns the time with its zone.

    Every call may raise DatabaseUnavailable.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def add(self, item: FeedbackItem) -> int:
        """Store an open report and return its number."""
        values = {column: getattr(item, name) for name, column in _COLUMNS.items()}
        row = (
            insert(feedback).values(at=self._clock(), state=FeedbackState.OPEN.value, **values).returning(feedback.c.id)
        )
        feedback_id: int = await self._database.write_async(lambda db: db.execute(row).scalar_one())
        return feedback_id

    async def list_items(
        self, team: str | None, state: FeedbackState = FeedbackState.OPEN, limit: int = MAX_ITEMS
    ) -> tuple[StoredFeedback, ...]:
        """Return a team's reports, or those of all teams for None; newest first."""
        conditions = () if team is None else (feedback.c.team == team,)
        statement = select(feedback).where(*conditions, feedback.c.state == state.value)
        newest_statement = statement.order_by(feedback.c.at.desc(), feedback.c.id.desc()).limit(min(limit, MAX_ITEMS))
        return await self._database.read_async(
            lambda db: tuple(map(_build_stored_feedback, db.execute(newest_statement)))
        )

    async def count(self, team: str, state: FeedbackState = FeedbackState.OPEN) -> int:
        """Return the number of a team's reports in this state."""
        condition = (feedback.c.team == team) & (feedback.c.state == state.value)
        statement = select(func.count()).select_from(feedback).where(condition)
        item_count: int = await self._database.read_async(lambda db: db.execute(statement).scalar_one())
        return item_count

    async def close(self, team: str, feedback_id: int) -> bool:
        """Close a team's report. Return False if the report does not exist or is closed."""
        condition = (
            (feedback.c.team == team) & (feedback.c.id == feedback_id) & (feedback.c.state == FeedbackState.OPEN.value)
        )
        statement = update(feedback).where(condition).values(state=FeedbackState.CLOSED.value)
        return await self._database.write_async(lambda db: db.execute(statement).rowcount == 1)

    @staticmethod
    def forget_team(db: Connection, team: str) -> None:
        """Delete a team's reports, in the caller's transaction."""
        db.execute(delete(feedback).where(feedback.c.team == team))


#: the column of each field of `FeedbackItem`
_COLUMNS = {name: "asked" if name == "question" else name for name in FeedbackItem.__slots__}


def _build_stored_feedback(row: Row[tuple[object, ...]]) -> StoredFeedback:
    values = row._mapping  # noqa: SLF001  # SQLAlchemy's public name, underscored so that no column collides with it
    item = FeedbackItem(**{name: values[column] for name, column in _COLUMNS.items()})
    return StoredFeedback(values["id"], values["at"], item, FeedbackState(values["state"]))


@dataclass(frozen=True, slots=True)
class Share:
    """An answer that a user shared in a channel. `ts` is the id of the message there."""

    team: str
    channel: str
    ts: str
    person: str
    #: as command text
    question: str


class ShareRepository:
    """Repository of the table `shares`. `clock` returns the time with its zone. Calls may raise DatabaseUnavailable."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def add(self, share: Share) -> None:
        """Store a share."""
        row = insert(shares).values(
            at=self._clock(),
            team=share.team,
            channel=share.channel,
            ts=share.ts,
            person=share.person,
            asked=share.question,
        )
        await self._database.write_async(lambda db: db.execute(row))

    async def find(self, team: str, channel: str, ts: str) -> Share | None:
        """Return the share with this message, or None."""
        statement = select(shares).where(shares.c.team == team, shares.c.channel == channel, shares.c.ts == ts)
        row = await self._database.read_async(lambda db: db.execute(statement).one_or_none())
        return Share(row.team, row.channel, row.ts, row.person, row.asked) if row else None

    async def remove(self, share: Share) -> None:
        """Delete a share, for example because its message was deleted."""
        condition = (shares.c.team == share.team) & (shares.c.channel == share.channel) & (shares.c.ts == share.ts)
        await self._database.write_async(lambda db: db.execute(delete(shares).where(condition)))

    @staticmethod
    def forget_team(db: Connection, team: str) -> None:
        """Delete a team's shares, in the caller's transaction."""
        db.execute(delete(shares).where(shares.c.team == team))
