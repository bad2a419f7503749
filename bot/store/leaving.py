"""What happens when a workspace removes the bot: what was kept of it goes, in one transaction, and a line tells so.

Rule: whoever keeps something of a workspace registers here how it is forgotten. The audit log stays.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, delete

from bot.store.audit import Audit, Deed, told
from bot.store.database import Database
from bot.store.feedback import Feedback
from bot.store.installations import forget as forget_tokens
from bot.store.schema import asked
from bot.store.shares import Shares

#: deletes what is kept of a team, in the transaction it is given
Forget = Callable[[Connection, str], None]


class Leaving:
    """Forgets workspaces."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit
        self._forget: list[Forget] = [Feedback.forget, Shares.forget, _forget_rates]

    def register(self, forget: Forget) -> None:
        """Has `forget` called, too, for every team that leaves."""
        self._forget.append(forget)

    async def leave(self, enterprise_id: str | None, team_id: str | None, why: str, at: datetime) -> bool:
        """Forgets a workspace, or with no `team_id` an organisation, that left at that moment.

        `why` is the audit log's word. False, and nothing is done, when the bot was installed there again after `at`.
        Raises RecordUnavailable.
        """
        team = team_id or enterprise_id or ""
        deed = Deed(team, None, why, team)

        def left(db: Connection) -> bool:
            if not forget_tokens(db, enterprise_id, team_id, at):
                return False
            for forget in self._forget:
                forget(db, team)
            self._audit.noted(db, deed)
            return True

        gone = await self._database.writing(left)
        if gone:
            told(deed)
        return gone


def _forget_rates(db: Connection, team: str) -> None:
    db.execute(delete(asked).where(asked.c.team == team))
