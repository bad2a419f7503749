"""Listens to workspaces that remove the bot, or take its token back.

What happens when a workspace removes the bot: what was kept of it goes, in one transaction, and a line tells so.

Rule: whoever keeps something of a workspace registers here how it is forgotten. The audit log stays.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from sqlalchemy import Connection, delete

from bot.core.logs import get_logger
from bot.storage.audit_log import AuditAction, AuditLog, log_action
from bot.storage.database import Database
from bot.storage.feedback import FeedbackRepository, ShareRepository
from bot.storage.installations import delete_tokens as forget_tokens
from bot.storage.schema import rate_limits

#: deletes what is kept of a team, in the transaction it is given
ForgetTeam = Callable[[Connection, str], None]


class UninstallCleanup:
    """Forgets workspaces."""

    def __init__(self, database: Database, audit_log: AuditLog) -> None:
        self._database = database
        self._audit_log = audit_log
        self._forget_functions: list[ForgetTeam] = [
            FeedbackRepository.forget_team,
            ShareRepository.forget_team,
            _forget_rates,
        ]

    def register(self, forget: ForgetTeam) -> None:
        """Has `forget` called, too, for every team that leaves."""
        self._forget_functions.append(forget)

    async def forget_workspace(
        self, enterprise_id: str | None, team_id: str | None, audit_action: str, removed_at: datetime
    ) -> bool:
        """Forgets a workspace, or with no `team_id` an organisation, that left at that moment.

        `why` is the audit log's word. False, and nothing is done, when the bot was installed there again after `at`.
        Raises RecordUnavailable.
        """
        team = team_id or enterprise_id or ""
        action = AuditAction(team, None, audit_action, team)

        def delete_rows(db: Connection) -> bool:
            if not forget_tokens(db, enterprise_id, team_id, removed_at):
                return False
            for forget in self._forget_functions:
                forget(db, team)
            self._audit_log.add_in_transaction(db, action)
            return True

        is_deleted = await self._database.write_async(delete_rows)
        if is_deleted:
            log_action(action)
        return is_deleted


def _forget_rates(db: Connection, team: str) -> None:
    db.execute(delete(rate_limits).where(rate_limits.c.team == team))


def register(app: AsyncApp, cleanup: UninstallCleanup) -> None:
    """Makes `app` forget the workspaces that leave. Slack sends both events when the bot is removed, in any order."""

    async def on_uninstalled(context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await _handle_uninstall(cleanup, context, body, "uninstalled")

    async def on_revoked(context: AsyncBoltContext, body: dict[str, Any], event: dict[str, Any]) -> None:
        if (event.get("tokens") or {}).get("bot"):  # a person's own token is nothing the bot has
            await _handle_uninstall(cleanup, context, body, "tokens revoked")

    app.event("app_uninstalled")(on_uninstalled)
    app.event("tokens_revoked")(on_revoked)


async def _handle_uninstall(
    cleanup: UninstallCleanup, context: AsyncBoltContext, body: dict[str, Any], reason: str
) -> None:
    team = None if context.is_enterprise_install else context.team_id
    event_time = body.get("event_time")
    left_at = datetime.fromtimestamp(event_time, UTC) if isinstance(event_time, int) else datetime.now(UTC)
    is_removed = await cleanup.forget_workspace(context.enterprise_id, team, reason, left_at)
    get_logger().info("workspace left" if is_removed else "workspace left and came back", why=reason)
