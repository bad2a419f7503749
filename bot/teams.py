"""Under which id the bot keeps what belongs to a workspace.

Rule: the organisation's where all of an Enterprise Grid organisation has installed the bot, the workspace's otherwise.
"""

from collections.abc import Mapping
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext


def get_team_id(context: AsyncBoltContext) -> str:
    """The id of the team that a request comes from; empty when Slack names none."""
    enterprise, team = context.enterprise_id, context.team_id
    return (enterprise if context.is_enterprise_install else team) or team or enterprise or ""


def is_visible_outside(context: AsyncBoltContext, body: Mapping[str, Any]) -> bool:
    """Whether people of another organisation see what a request is answered with, as far as Slack tells.

    Events say whether their channel is shared with one. Of a button or a menu Slack tells whose person used it; where a
    whole organisation has installed the bot, that may be any of its workspaces.
    """
    user = body.get("user")
    user_team_id = user.get("team_id") if isinstance(user, Mapping) else None
    is_external = user_team_id is not None and user_team_id not in (context.team_id, context.enterprise_id)
    return body.get("is_ext_shared_channel") is True or (is_external and not context.is_enterprise_install)
