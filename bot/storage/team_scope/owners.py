"""Says to which team a row of each table belongs.

Rule: every table of the bot is listed, so that a new table is a decision. One without teams is `Shared`, and says why
that is safe; row security leaves it out. Tables are known by their names, because slack_sdk has its own objects for the
tables of installations.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OwnedByTeam:
    """Rows that name their team in the column `team`."""


@dataclass(frozen=True, slots=True)
class OwnedByParent:
    """Rows that belong to the team of their row in the table `parent`, whose `id` is in `column`."""

    column: str
    parent: str


@dataclass(frozen=True, slots=True)
class OwnedByInstallation:
    """Rows of slack_sdk: they belong to `team_id`, or to `enterprise_id` if a whole organisation installed the bot."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Rows that belong to no team; `reason` says why that is safe."""

    reason: str


Owner = OwnedByTeam | OwnedByParent | OwnedByInstallation | Shared

_TEAM = OwnedByTeam()
OWNERS: dict[str, Owner] = {
    "asked": _TEAM,
    "audit": _TEAM,
    "audit_head": Shared("It is one row with a count and a seal, which say nothing about a team."),
    "digest_channels": _TEAM,
    "digest_mail_recipients": _TEAM,
    "digest_mails": _TEAM,
    "digest_notices": _TEAM,
    "digest_runs": OwnedByParent("digest", "digests"),
    "digest_told": _TEAM,
    "digests": _TEAM,
    "feedback": _TEAM,
    "greetings": _TEAM,
    "handled": Shared("Its keys are hashes and ids of requests, which no answer shows."),
    "mail_sends": _TEAM,
    "mutes": _TEAM,
    "shares": _TEAM,
    "slack_bots": OwnedByInstallation(),
    "slack_installations": OwnedByInstallation(),
    "slack_oauth_states": Shared("A state is random, and is made before Slack says which team it is for."),
    "waiting_links": _TEAM,
    "watch_changes": Shared("It is one number, which every change of a watch raises."),
    "watch_channels": _TEAM,
    "watch_matches": OwnedByParent("watch", "watches"),
    "watch_notices": _TEAM,
    "watches": _TEAM,
    "workspace_topic_versions": _TEAM,
    "workspace_topics": _TEAM,
}


def get_owner(table: str) -> Owner | None:
    """Return to whom the rows of a table belong, or None for a table that is not the bot's."""
    return OWNERS.get(table)
