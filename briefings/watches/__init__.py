"""Watches: which of many watches does a new article match, and are two matches the same statement? Pure."""

from briefings.watches.index import WatchIndex
from briefings.watches.model import (
    ArticleWithQuotes,
    Watch,
    WatchFinding,
    WatchMatch,
    WatchPreview,
    WatchQuery,
    has_only_common_words,
)
from briefings.watches.same_statement import Coverage, Report, Sameness, compare_reports, summarise_coverage
from briefings.watches.verification import build_hit

__all__ = [
    "ArticleWithQuotes",
    "Coverage",
    "Report",
    "Sameness",
    "Watch",
    "WatchFinding",
    "WatchIndex",
    "WatchMatch",
    "WatchPreview",
    "WatchQuery",
    "build_hit",
    "compare_reports",
    "has_only_common_words",
    "summarise_coverage",
]
