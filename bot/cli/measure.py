"""The commands whose answers are scored: summarise, stories, timeline. Each prints JSON lines as it has them."""

import json
import sys
from argparse import Namespace
from pathlib import Path

from briefings.article import parse
from briefings.ingest.sets import read_articles, read_topics
from briefings.stories import grouped
from briefings.summary import summarise as summarised
from briefings.timeline import days_of


def summarise(arguments: Namespace) -> int:
    """Prints, for each topic of the file, the sentences that tell it best in so many words."""
    for topic, documents in read_topics(Path(arguments.topics), sys.stdin.buffer):
        lines = summarised(map(parse, documents), arguments.words)
        _print(
            {"topic": topic, "lines": [{"doc": e.article.id, "start": e.span.start, "end": e.span.end} for e in lines]}
        )
    return 0


def stories(arguments: Namespace) -> int:
    """Prints the story of each article, in the order of the file."""
    articles = list(read_articles(Path(arguments.articles), sys.stdin.buffer))
    for article, story in zip(articles, grouped(articles), strict=True):
        _print({"id": article.id, "story": story})
    return 0


def timeline(arguments: Namespace) -> int:
    """Prints the days that matter in the articles, most important first."""
    days = days_of(map(parse, read_articles(Path(arguments.articles), sys.stdin.buffer)))
    _print({"topic": arguments.topic, "days": [day.isoformat() for day in days]})
    return 0


def _print(answer: dict[str, object]) -> None:
    print(json.dumps(answer, ensure_ascii=False), flush=True)
