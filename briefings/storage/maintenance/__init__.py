"""Backup, restore, removal, reindexing, reanalysis and integrity checks."""

from briefings.storage.maintenance.backup import write_backup
from briefings.storage.maintenance.integrity import Finding, TimeLimit, check_integrity, count_stale_articles
from briefings.storage.maintenance.rebuild import reanalyse, reindex
from briefings.storage.maintenance.removal import remove_articles, remove_outlet
from briefings.storage.maintenance.restore import restore_backup
from briefings.storage.maintenance.tables import ExternalTables, Progress

__all__ = [
    "ExternalTables",
    "Finding",
    "Progress",
    "TimeLimit",
    "check_integrity",
    "count_stale_articles",
    "reanalyse",
    "reindex",
    "remove_articles",
    "remove_outlet",
    "restore_backup",
    "write_backup",
]
