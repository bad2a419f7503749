"""What was shared where, and by whom."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from bot.store.database import Database
from bot.store.schema import shares


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
