"""Remembers which workspaces and channels got the welcome message.

Rule: a greeting is claimed before it is sent, so of several replicas only one sends it. The rows of a workspace are
deleted when it uninstalls the bot.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, delete

from bot.storage.database import Database, build_insert
from bot.storage.schema import greetings

#: the subject of a greeting for the whole workspace; the others are channel ids
WORKSPACE = ""


class GreetingLog:
    """Repository of the table `greetings`. `clock` returns the time. Every call can raise DatabaseUnavailable."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def claim(self, team: str, subject: str) -> bool:
        """Whether this greeting was not claimed before. `subject` is a channel id or WORKSPACE."""

        def work(db: Connection) -> bool:
            row = {"team": team, "subject": subject, "at": self._clock()}
            insert = build_insert(db, greetings).values(row)
            statement = insert.on_conflict_do_nothing().returning(greetings.c.team)
            return db.execute(statement).scalar() is not None

        return await self._database.write_async(work)

    async def release(self, team: str, subject: str) -> None:
        """Give up a claim, because the greeting was not sent."""
        condition = (greetings.c.team == team) & (greetings.c.subject == subject)
        await self._database.write_async(lambda db: db.execute(delete(greetings).where(condition)))

    @staticmethod
    def forget_team(db: Connection, team: str) -> None:
        """Delete a team's greetings, in the given transaction."""
        db.execute(delete(greetings).where(greetings.c.team == team))
