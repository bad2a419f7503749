"""Backup, restore, removal, reindexing, reanalysis and integrity checks."""

from briefings.storage.maintenance.backup import write_backup
from briefings.storage.maintenance.damage_policy import DamagePolicy
from briefings.storage.maintenance.integrity import Finding, TimeLimit, check_integrity, count_stale_articles
from briefings.storage.maintenance.rebuild import reanalyse, reindex
from briefings.storage.maintenance.removal import remove_articles, remove_outlet
from briefings.storage.maintenance.repair import Outcome, RepairSources, has_file_damage, repair_articles, salvage
from briefings.storage.maintenance.restore import open_backup, restore_backup
from briefings.storage.maintenance.signature import BackupKey
from briefings.storage.maintenance.tables import ExternalTables, Progress

__all__ = [
    "BackupKey",
    "DamagePolicy",
    "ExternalTables",
    "Finding",
    "Outcome",
    "Progress",
    "RepairSources",
    "TimeLimit",
    "check_integrity",
    "count_stale_articles",
    "has_file_damage",
    "open_backup",
    "reanalyse",
    "reindex",
    "remove_articles",
    "remove_outlet",
    "repair_articles",
    "restore_backup",
    "salvage",
    "write_backup",
]
