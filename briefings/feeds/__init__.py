"""Follows sites: polls their feeds and turns new entries into articles."""

from briefings.feeds.article_builder import fetch_article
from briefings.feeds.feeds_file import FEEDS_FILE, read_feeds
from briefings.feeds.page_updates import FeedDependencies
from briefings.feeds.polling import FeedReport, Outcome
from briefings.feeds.service import FeedRequest, FeedService, FollowResult

__all__ = [
    "FEEDS_FILE",
    "FeedDependencies",
    "FeedReport",
    "FeedRequest",
    "FeedService",
    "FollowResult",
    "Outcome",
    "fetch_article",
    "read_feeds",
]
