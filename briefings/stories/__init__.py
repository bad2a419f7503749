"""Which articles tell one story: by topic, by words, and by likeness.

The names below are imported on first use: few commands need the models of clustering.
"""

from typing import TYPE_CHECKING

from briefings.late_names import import_late

if TYPE_CHECKING:
    from briefings.stories.clustering import cluster_articles
    from briefings.stories.likeness import MIN_LIKENESS, build_sketches, measure_likeness
    from briefings.stories.salient_days import rank_days
    from briefings.stories.summarizer import summarise
    from briefings.stories.topic_rules import (
        MAX_NAME_LENGTH,
        MAX_PHRASES,
        clean_name,
        clean_phrases,
        join_phrases,
        make_slug,
    )
    from briefings.stories.topics import TopicMatcher, filter_by_topic, filter_by_words, find_topic, suggest_topics

__all__ = [
    "MAX_NAME_LENGTH",
    "MAX_PHRASES",
    "MIN_LIKENESS",
    "TopicMatcher",
    "build_sketches",
    "clean_name",
    "clean_phrases",
    "cluster_articles",
    "filter_by_topic",
    "filter_by_words",
    "find_topic",
    "join_phrases",
    "make_slug",
    "measure_likeness",
    "rank_days",
    "suggest_topics",
    "summarise",
]

__getattr__ = import_late(
    __name__, __all__, ("topic_rules", "topics", "likeness", "clustering", "salient_days", "summarizer")
)
