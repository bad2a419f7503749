"""Which articles tell a story: those under a topic's words, those that hold words somebody typed, and those alike."""

from briefings.stories.grouping import grouped
from briefings.stories.topics import about, nearest, under

__all__ = ["about", "grouped", "nearest", "under"]
