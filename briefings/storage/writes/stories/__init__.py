"""Link stored articles of one story, many at a time: all from scratch in the order of their days, or some."""

from briefings.storage.writes.stories.rebuilding import link_stored_articles, rebuild_stories

__all__ = ["link_stored_articles", "rebuild_stories"]
