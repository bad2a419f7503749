"""The commands whose answers are scored: summarise, stories, timeline. Each prints JSON lines as it has them."""

import json
import sys
from argparse import Namespace
from pathlib import Path

from briefings.article import parse_article
from briefings.ingest.topics_file import read_evaluation_articles, read_evaluation_topics
from briefings.stories import cluster_articles
from briefings.stories.salient_days import rank_days
from briefings.stories.summarizer import summarise as summarised


def summarise(arguments: Namespace) -> int:
    """Prints, for each topic of the file, the sentences that tell it best in so many words."""
    for topic, documents in read_evaluation_topics(Path(arguments.topics), sys.stdin.buffer):
        extracts = summarised(map(parse_article, documents), arguments.words)
        _print_json(
            {
                "topic": topic,
                "lines": [
                    {"doc": extract.article.id, "start": extract.span.start, "end": extract.span.end}
                    for extract in extracts
                ],
            }
        )
    return 0


def stories(arguments: Namespace) -> int:
    """Prints the story of each article, in the order of the file."""
    articles = list(read_evaluation_articles(Path(arguments.articles), sys.stdin.buffer))
    for article, story in zip(articles, cluster_articles(articles), strict=True):
        _print_json({"id": article.id, "story": story})
    return 0


def timeline(arguments: Namespace) -> int:
    """Prints the days that matter in the articles, most important first."""
    days = rank_days(map(parse_article, read_evaluation_articles(Path(arguments.articles), sys.stdin.buffer)))
    _print_json({"topic": arguments.topic, "days": [day.isoformat() for day in days]})
    return 0


def _print_json(answer: dict[str, object]) -> None:
    print(json.dumps(answer, ensure_ascii=False), flush=True)
