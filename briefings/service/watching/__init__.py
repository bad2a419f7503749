"""What watches need of the stored articles: those that arrived, with their quotes, and those of the last days."""

from briefings.service.watching.reader import WatchReader

__all__ = ["WatchReader"]
