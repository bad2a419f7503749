"""Listens to workspaces that remove the bot, or take its token back."""

from datetime import UTC, datetime
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from bot.logs import logger
from bot.store.leaving import Leaving


def register(app: AsyncApp, leaving: Leaving) -> None:
    """Makes `app` forget the workspaces that leave. Slack sends both events when the bot is removed, in any order."""

    async def on_uninstalled(context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await _leave(leaving, context, body, "uninstalled")

    async def on_revoked(context: AsyncBoltContext, body: dict[str, Any], event: dict[str, Any]) -> None:
        if (event.get("tokens") or {}).get("bot"):  # a person's own token is nothing the bot has
            await _leave(leaving, context, body, "tokens revoked")

    app.event("app_uninstalled")(on_uninstalled)
    app.event("tokens_revoked")(on_revoked)


async def _leave(leaving: Leaving, context: AsyncBoltContext, body: dict[str, Any], why: str) -> None:
    team = None if context.is_enterprise_install else context.team_id
    at = body.get("event_time")
    moment = datetime.fromtimestamp(at, UTC) if isinstance(at, int) else datetime.now(UTC)
    gone = await leaving.leave(context.enterprise_id, team, why, moment)
    logger().info("workspace left" if gone else "workspace left and came back", why=why)
