"""The database of articles and quotations, on SQLite or PostgreSQL.

Rule: the article is the only source of truth; every other table can be rebuilt from it.
"""

from briefings.storage.db.types import AddedArticle, ArticleStatus, Overview, QuotedPerson
from briefings.storage.repository import Repository, open_repository
from briefings.storage.search.people import MAX_NEWEST_QUOTES
from briefings.storage.writes.feed_repository import FollowedFeed, open_feed_repository

__all__ = [
    "MAX_NEWEST_QUOTES",
    "AddedArticle",
    "ArticleStatus",
    "FollowedFeed",
    "Overview",
    "QuotedPerson",
    "Repository",
    "open_feed_repository",
    "open_repository",
]
