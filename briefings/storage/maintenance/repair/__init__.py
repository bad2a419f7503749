"""Mend a damaged database: its file, its articles and their quotes, and its indexes."""

from briefings.storage.maintenance.repair.candidates import RepairSources
from briefings.storage.maintenance.repair.mending import repair_articles
from briefings.storage.maintenance.repair.report import Outcome, RepairAction
from briefings.storage.maintenance.repair.salvage import SalvageReport, has_file_damage, salvage

__all__ = [
    "Outcome",
    "RepairAction",
    "RepairSources",
    "SalvageReport",
    "has_file_damage",
    "repair_articles",
    "salvage",
]
