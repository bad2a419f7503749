"""Under which id the bot keeps what belongs to a workspace.

Rule: the organisation's where all of an Enterprise Grid organisation has installed the bot, the workspace's otherwise.
"""

from slack_bolt.context.async_context import AsyncBoltContext


def team_of(context: AsyncBoltContext) -> str:
    """The id of the team that a request comes from; empty when Slack names none."""
    enterprise, team = context.enterprise_id, context.team_id
    return (enterprise if context.is_enterprise_install else team) or team or enterprise or ""


def is_guest(context: AsyncBoltContext) -> bool:
    """Whether whoever acts belongs to another workspace and another organisation than the bot, as in a shared channel.

    False where Slack does not say whose they are.
    """
    own = {context.team_id, context.enterprise_id} - {None}
    theirs = {context.actor_team_id, context.actor_enterprise_id} - {None}
    return bool(theirs) and not own & theirs
