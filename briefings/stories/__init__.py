"""Which articles tell a story: those under a topic's words, those that hold words somebody typed, and those alike."""

from briefings.stories.clustering import cluster_articles
from briefings.stories.topics import filter_by_topic, filter_by_words, suggest_topics

__all__ = ["cluster_articles", "filter_by_topic", "filter_by_words", "suggest_topics"]
