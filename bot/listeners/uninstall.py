"""Listens for workspaces that uninstall the bot or revoke its token, and deletes their data."""

from datetime import UTC, datetime
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from bot.core.logs import get_logger
from bot.storage.uninstall_cleanup import UninstallCleanup


def register(app: AsyncApp, cleanup: UninstallCleanup) -> None:
    """Register the listeners. After an uninstall, Slack sends both events, in any order."""

    async def on_uninstalled(context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await _handle_uninstall(cleanup, context, body, "uninstalled")

    async def on_revoked(context: AsyncBoltContext, body: dict[str, Any], event: dict[str, Any]) -> None:
        if (event.get("tokens") or {}).get("bot"):  # the bot stores no user tokens
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
    get_logger().info("workspace removed" if is_removed else "workspace removal skipped", reason=reason)
