"""Link the articles of all stories from scratch, in the order of their days."""

from briefings.storage.writes.stories.rebuilding import rebuild_stories

__all__ = ["rebuild_stories"]
