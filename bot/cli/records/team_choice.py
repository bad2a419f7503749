"""Finds the record of the workspace in `--team`, if each workspace has its own."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

from bot.core.record_policy import SHARED
from bot.core.settings import Settings
from bot.core.tenancy import use_all_teams
from bot.storage.database import open_database
from bot.storage.installations import list_installed_teams
from briefings import BadInput
from briefings.storage import TeamDatabases

#: most ids that a message lists
_MAX_IDS = 10


def find_team_settings(settings: Settings, team: str | None) -> Settings:
    """Return the settings with the database of a workspace's record, which is created if it has none.

    Raises BadInput for a missing or unknown id, with those that work.
    """
    with closing(TeamDatabases(settings.database_url)) as databases:
        known_teams = sorted({*list_teams_with_bot(settings), *databases.list_teams()})
        if not known_teams:
            raise BadInput("No workspace has installed On the Record yet, and the first one brings its record.")
        if team is None:
            raise BadInput(f"Each workspace has its own record. Add --team with one of these: {_join(known_teams)}.")
        if team not in known_teams:
            raise BadInput(f"No workspace with the id {team!r} has a record. Use one of these: {_join(known_teams)}.")
        databases.open(team, lambda: datetime.now(UTC)).articles.close()
        return replace(settings, database_url=databases.build_address(team), record=SHARED)


def list_teams_with_bot(settings: Settings) -> tuple[str, ...]:
    """Return the ids of the workspaces that have the bot, sorted. Raises DatabaseUnavailable."""
    with closing(open_database(settings.database_url)) as database, use_all_teams("the operator chooses a workspace"):
        return list_installed_teams(database, settings.client_id or "")


def list_records(settings: Settings) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids of the workspaces that have a record, and of those that have the bot. Raises DatabaseUnavailable.

    Raises BadSettings for a database that has no place for records.
    """
    with closing(TeamDatabases(settings.database_url)) as databases:
        return databases.list_teams(), list_teams_with_bot(settings)


def _join(teams: list[str]) -> str:
    more = f" and {len(teams) - _MAX_IDS} more" if len(teams) > _MAX_IDS else ""
    return ", ".join(teams[:_MAX_IDS]) + more
