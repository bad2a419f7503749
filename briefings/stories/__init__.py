"""Which articles tell one story: by topic, by words, and by likeness."""

from briefings.stories.clustering import cluster_articles
from briefings.stories.salient_days import rank_days
from briefings.stories.summarizer import summarise
from briefings.stories.topics import filter_by_topic, filter_by_words, suggest_topics

__all__ = [
    "cluster_articles",
    "filter_by_topic",
    "filter_by_words",
    "rank_days",
    "suggest_topics",
    "summarise",
]
