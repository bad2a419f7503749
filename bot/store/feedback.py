"""What people say looks wrong, kept for the team to review."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from bot.store.database import Database
from bot.store.schema import feedback

#: the most that one call gives
MOST = 1_000


class State(StrEnum):
    """Whether somebody has dealt with it."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Doubt:
    """What somebody says of a line: `start` and `end` are half-open code points in the text of `article`."""

    team: str
    person: str
    channel: str | None
    #: as a command could ask it again
    asked: str
    article: str
    start: int
    end: int
    #: the door's own word for what is wrong, such as "wrong speaker"
    kind: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A doubt as it is kept."""

    id: int
    at: datetime
    doubt: Doubt
    state: State


class Feedback:
    """The table `feedback`. `clock` gives the moment with its zone. Every call may raise RecordUnavailable."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def add(self, doubt: Doubt) -> int:
        """Keeps it, open; gives its number."""
        values = {name: getattr(doubt, name) for name in Doubt.__slots__}
        row = insert(feedback).values(at=self._clock(), state=State.OPEN.value, **values).returning(feedback.c.id)
        number: int = await self._database.writing(lambda db: db.execute(row).scalar_one())
        return number

    async def of(self, team: str | None, state: State = State.OPEN, most: int = MOST) -> tuple[Kept, ...]:
        """A team's, newest first; every team's for None."""
        whose = () if team is None else (feedback.c.team == team,)
        wanted = select(feedback).where(*whose, feedback.c.state == state.value)
        newest = wanted.order_by(feedback.c.at.desc(), feedback.c.id.desc()).limit(min(most, MOST))
        return await self._database.reading(lambda db: tuple(map(_kept, db.execute(newest))))

    async def count(self, team: str, state: State = State.OPEN) -> int:
        """How many of a team's there are."""
        mine = (feedback.c.team == team) & (feedback.c.state == state.value)
        wanted = select(func.count()).select_from(feedback).where(mine)
        number: int = await self._database.reading(lambda db: db.execute(wanted).scalar_one())
        return number

    async def close(self, team: str, number: int) -> bool:
        """Marks one of a team's as dealt with; whether it was there and open."""
        mine = (feedback.c.team == team) & (feedback.c.id == number) & (feedback.c.state == State.OPEN.value)
        closed = update(feedback).where(mine).values(state=State.CLOSED.value)
        return await self._database.writing(lambda db: db.execute(closed).rowcount == 1)

    @staticmethod
    def forget(db: Connection, team: str) -> None:
        """Deletes a team's, in a transaction that deletes more."""
        db.execute(delete(feedback).where(feedback.c.team == team))


def _kept(row: Row[tuple[object, ...]]) -> Kept:
    found = row._mapping  # noqa: SLF001  # SQLAlchemy's public name, underscored so that no column collides with it
    doubt = Doubt(**{name: found[name] for name in Doubt.__slots__})
    return Kept(found["id"], found["at"], doubt, State(found["state"]))
