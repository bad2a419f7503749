"""What people say looks wrong, kept for the team to review.

What was shared where, and by whom.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from bot.storage.database import Database
from bot.storage.schema import feedback, shares

#: the most that one call gives
MAX_ITEMS = 1_000


class FeedbackState(StrEnum):
    """Whether somebody has dealt with it."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class FeedbackItem:
    """What somebody says of a line: `start` and `end` are half-open code points in the text of `article`."""

    team: str
    person: str
    channel: str | None
    #: as a command could ask it again
    question: str
    article: str
    start: int
    end: int
    #: the door's own word for what is wrong, such as "wrong speaker"
    kind: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class StoredFeedback:
    """A doubt as it is kept."""

    id: int
    at: datetime
    item: FeedbackItem
    state: FeedbackState


class FeedbackRepository:
    """The table `feedback`. `clock` gives the moment with its zone. Every call may raise RecordUnavailable."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def add(self, item: FeedbackItem) -> int:
        """Keeps it, open; gives its number."""
        values = {column: getattr(item, name) for name, column in _COLUMNS.items()}
        row = (
            insert(feedback).values(at=self._clock(), state=FeedbackState.OPEN.value, **values).returning(feedback.c.id)
        )
        feedback_id: int = await self._database.write_async(lambda db: db.execute(row).scalar_one())
        return feedback_id

    async def list_items(
        self, team: str | None, state: FeedbackState = FeedbackState.OPEN, limit: int = MAX_ITEMS
    ) -> tuple[StoredFeedback, ...]:
        """A team's, newest first; every team's for None."""
        conditions = () if team is None else (feedback.c.team == team,)
        statement = select(feedback).where(*conditions, feedback.c.state == state.value)
        newest_statement = statement.order_by(feedback.c.at.desc(), feedback.c.id.desc()).limit(min(limit, MAX_ITEMS))
        return await self._database.read_async(
            lambda db: tuple(map(_build_stored_feedback, db.execute(newest_statement)))
        )

    async def count(self, team: str, state: FeedbackState = FeedbackState.OPEN) -> int:
        """How many of a team's there are."""
        condition = (feedback.c.team == team) & (feedback.c.state == state.value)
        statement = select(func.count()).select_from(feedback).where(condition)
        item_count: int = await self._database.read_async(lambda db: db.execute(statement).scalar_one())
        return item_count

    async def close(self, team: str, feedback_id: int) -> bool:
        """Marks one of a team's as dealt with; whether it was there and open."""
        condition = (
            (feedback.c.team == team) & (feedback.c.id == feedback_id) & (feedback.c.state == FeedbackState.OPEN.value)
        )
        statement = update(feedback).where(condition).values(state=FeedbackState.CLOSED.value)
        return await self._database.write_async(lambda db: db.execute(statement).rowcount == 1)

    @staticmethod
    def forget_team(db: Connection, team: str) -> None:
        """Deletes a team's, in a transaction that deletes more."""
        db.execute(delete(feedback).where(feedback.c.team == team))


#: the column of each field of `FeedbackItem`
_COLUMNS = {name: "asked" if name == "question" else name for name in FeedbackItem.__slots__}


def _build_stored_feedback(row: Row[tuple[object, ...]]) -> StoredFeedback:
    values = row._mapping  # noqa: SLF001  # SQLAlchemy's public name, underscored so that no column collides with it
    item = FeedbackItem(**{name: values[column] for name, column in _COLUMNS.items()})
    return StoredFeedback(values["id"], values["at"], item, FeedbackState(values["state"]))


@dataclass(frozen=True, slots=True)
class Share:
    """A message of the bot's that somebody put into a channel; `ts` is the message's id there."""

    team: str
    channel: str
    ts: str
    person: str
    #: as a command could ask it again
    question: str


class ShareRepository:
    """The table `shares`. `clock` gives the moment with its zone. Every call may raise RecordUnavailable."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def add(self, share: Share) -> None:
        """Keeps it."""
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
        """The share that is this message, if it is one."""
        statement = select(shares).where(shares.c.team == team, shares.c.channel == channel, shares.c.ts == ts)
        row = await self._database.read_async(lambda db: db.execute(statement).one_or_none())
        return Share(row.team, row.channel, row.ts, row.person, row.asked) if row else None

    async def remove(self, share: Share) -> None:
        """Forgets it, as when the message was taken back."""
        condition = (shares.c.team == share.team) & (shares.c.channel == share.channel) & (shares.c.ts == share.ts)
        await self._database.write_async(lambda db: db.execute(delete(shares).where(condition)))

    @staticmethod
    def forget_team(db: Connection, team: str) -> None:
        """Deletes a team's, in a transaction that deletes more."""
        db.execute(delete(shares).where(shares.c.team == team))
