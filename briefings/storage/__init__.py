"""The database of articles and quotations, on SQLite or PostgreSQL.

Rule: the article is the only source of truth; every other table can be rebuilt from it.
"""

from briefings.storage.db.private_files import (
    list_database_files,
    list_readable_by_others,
    restrict_files,
)
from briefings.storage.db.types import AddedArticle, ArticleStatus, Overview, QuotedPerson
from briefings.storage.filtered_repository import FilteredRepository
from briefings.storage.integrity.damage import collect_damage, describe_damage
from briefings.storage.outlet_repository import ConfirmedOutlet, OutletRepository
from briefings.storage.repository import Repository, open_repository
from briefings.storage.search.speakers.people import MAX_NEWEST_QUOTES
from briefings.storage.team_databases import TeamArrivals, TeamDatabases, TeamRepositories
from briefings.storage.writes.feed_repository import FeedRepository, FollowedFeed, Page, open_feed_repository

__all__ = [
    "MAX_NEWEST_QUOTES",
    "AddedArticle",
    "ArticleStatus",
    "ConfirmedOutlet",
    "FeedRepository",
    "FilteredRepository",
    "FollowedFeed",
    "OutletRepository",
    "Overview",
    "Page",
    "QuotedPerson",
    "Repository",
    "TeamArrivals",
    "TeamDatabases",
    "TeamRepositories",
    "collect_damage",
    "describe_damage",
    "list_database_files",
    "list_readable_by_others",
    "open_feed_repository",
    "open_repository",
    "restrict_files",
]
