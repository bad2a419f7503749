"""Deletes what is stored about a workspace when it removes the bot, in one transaction.

Rule: every part that stores data of a workspace registers a function that deletes it. The audit log stays. A record of
its own is deleted right after the transaction.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, delete

from bot.core.logs import get_logger
from bot.core.tenancy import use_team
from bot.storage.audit_log import AuditAction, AuditLog, log_action
from bot.storage.database import Database
from bot.storage.feedback import FeedbackRepository, ShareRepository
from bot.storage.greetings import GreetingLog
from bot.storage.installations import delete_tokens
from bot.storage.schema import rate_limits
from briefings import BriefingsError

#: deletes a team's data, in the given transaction
ForgetTeam = Callable[[Connection, str], None]


class UninstallCleanup:
    """Deletes the data of workspaces that uninstalled the bot."""

    def __init__(self, database: Database, audit_log: AuditLog) -> None:
        self._database = database
        self._audit_log = audit_log
        self._late_functions: list[Callable[[str], object]] = []
        self._forget_functions: list[ForgetTeam] = [
            FeedbackRepository.forget_team,
            ShareRepository.forget_team,
            GreetingLog.forget_team,
            _forget_rates,
        ]

    def register(self, forget: ForgetTeam) -> None:
        """Add a function to call for every team that uninstalls the bot."""
        self._forget_functions.append(forget)

    def register_afterwards(self, forget: Callable[[str], object]) -> None:
        """Add a function that deletes what a team has outside these tables, after the transaction. It blocks."""
        self._late_functions.append(forget)

    async def forget_workspace(
        self, enterprise_id: str | None, team_id: str | None, audit_action: str, removed_at: datetime
    ) -> bool:
        """Delete the data of a workspace, or of an organisation without `team_id`.

        `audit_action` is the action in the audit log. Returns False, and deletes nothing, if the bot was installed
        again after `removed_at`. Raises DatabaseUnavailable.
        """
        team = team_id or enterprise_id or ""
        action = AuditAction(team, None, audit_action, team)

        def delete_rows(db: Connection) -> bool:
            if not delete_tokens(db, enterprise_id, team_id, removed_at):
                return False
            for forget in self._forget_functions:
                forget(db, team)
            self._audit_log.add_in_transaction(db, action)
            return True

        with use_team(team):
            is_deleted = await self._database.write_async(delete_rows)
        if is_deleted:
            log_action(action)
            await asyncio.to_thread(self._delete_afterwards, team)
        return is_deleted

    def _delete_afterwards(self, team: str) -> None:
        for forget in self._late_functions:
            try:
                forget(team)
            except BriefingsError as error:  # the team is gone; `ontherecord doctor` names what is left
                get_logger().error("workspace data left behind", team=team, error=type(error).__name__)


def _forget_rates(db: Connection, team: str) -> None:
    db.execute(delete(rate_limits).where(rate_limits.c.team == team))
