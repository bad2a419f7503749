"""Opens the records of a bot: the shared one, or those of the workspaces that installed it."""

from bot.core.settings import Settings
from bot.records.record import SharedRecord
from bot.records.team_records import BuildFeeds, TeamRecords
from bot.storage.installations import InstallationStore
from bot.storage.store import Store
from briefings import BadSettings, BriefingService
from briefings.storage import TeamDatabases


def open_records(
    settings: Settings, service: BriefingService, store: Store | None, build_feeds: BuildFeeds | None = None
) -> SharedRecord | TeamRecords:
    """Return the records. With one for each workspace, only the topics of `service` are used, and none of its articles.

    `build_feeds` builds what fetches links and feeds for a workspace. Raises BadSettings.
    """
    if not settings.record_policy.is_per_team:
        return SharedRecord(service)
    if store is None:
        raise BadSettings("RECORD=per-team needs the bot's database: set DATABASE_URL.")
    installations = InstallationStore(store.database, store.audit_log, settings.client_id or "")
    databases = TeamDatabases(settings.database_url)
    records = TeamRecords(
        databases,
        installations.has_workspace,
        service.topics,
        build_feeds=build_feeds,
        steps=service.steps,
        outlets=service.outlets.team_list,
    )
    store.uninstall_cleanup.register_afterwards(records.delete)
    return records
