"""Measure what reading a page costs in seconds a megabyte: texts made to be dear, compared with ordinary news.

Reference: ordinary news in the same run. Rates are CPU time of the whole reading: furniture, quotes and names. No text
may cost over three times as much as news.
"""

import time
from collections.abc import Iterable, Iterator

from bench.attribution import load_texts
from bench.figures import Figure
from bench.hostile_texts import build_hostile_texts
from briefings.article import parse_article
from briefings.attribution.analysis import extract_quotes
from briefings.attribution.name_completion import find_full_names
from briefings.model import Article

#: characters of each text; the dearest is read again with the larger size, because a page can be that long
SIZE, LARGE_SIZE = 60_000, 400_000
_NEWS_SIZE = 400_000


def measure() -> Iterator[Figure]:
    """Yield the seconds a megabyte of each kind of text, and of the dearest one at a page's full length."""
    news = list(_take(load_texts(), _NEWS_SIZE))
    read(news[0])
    ordinary = measure_rate(news)
    costs: dict[str, float] = {}
    for name, text in build_hostile_texts(SIZE):
        costs[name] = measure_rate([text])
        yield Figure(f"reading.{name}.s_per_mb", costs[name], ordinary)
    dearest = max(costs, key=lambda name: costs[name])
    large_text = dict(build_hostile_texts(LARGE_SIZE))[dearest]
    yield Figure(f"reading.{dearest}.page_s_per_mb", measure_rate([large_text]), ordinary)


def read(text: str) -> None:
    """Read one page as the product reads an English article before it stores it."""
    article = parse_article(Article("bench", text))
    extract_quotes(article)
    find_full_names(article)


def measure_rate(texts: Iterable[str]) -> float:
    """Return the seconds of CPU time that a million characters take."""
    size, started_at = 0, time.process_time()
    for text in texts:
        read(text)
        size += len(text)
    return (time.process_time() - started_at) * 1_000_000 / size


def _take(texts: Iterable[str], size: int) -> Iterator[str]:
    for text in texts:
        if size <= 0:
            return
        size -= len(text)
        yield text
