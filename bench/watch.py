"""Measure how fast new articles find the watches that they match, in seconds of one core.

Watches and articles are drawn from the news stories in the shared data beside the project, or generated if that is
missing.
References: verifying every watch with every article, and one FTS5 query for each watch.
"""

import gzip
import json
import re
import sqlite3
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from random import Random

from bench.figures import Figure
from bench.generated import generate_articles
from briefings.article import parse_article
from briefings.attribution.analysis import analyse
from briefings.model import Article
from briefings.text.folding import make_search_key
from briefings.watches import ArticleWithQuotes, Watch, WatchIndex, WatchQuery, has_only_common_words
from briefings.watches.article_words import ArticleWords
from briefings.watches.requirements import compile_query
from briefings.watches.verification import find_best

_STORIES = Path(__file__).parents[2] / "shared/stories/unlabelled.jsonl.gz"
_ARTICLES, _WATCHES, _MANY_WATCHES = 100, 10_000, 100_000
#: articles that the plain loop reads; its time is scaled to all
_LOOP_ARTICLES = 2
#: channels that watch one person, and a word that nearly every article has
_CHANNELS, _COMMON_WORD = 1_000, "said"
#: largest share of the articles that have a word that someone watches for
_RARE_SHARE = 0.02
_NAME = re.compile(r"\b[A-Z][a-z]{2,} [A-Z][a-z]{2,}\b")
_QUOTED = re.compile(r"[“\"]([^“”\"\n]{20,300})[”\"]")
_WORD = re.compile(r"\b[A-Za-z]{4,}\b")


def measure() -> Iterator[Figure]:
    """Yield seconds for 100 articles against 10,000 and 100,000 watches, and in the worst cases; build and memory."""
    texts = list(_read_articles())
    articles = [_analyse(article) for article in texts[-_ARTICLES:]]
    queries = list(islice(_draw_queries(texts), _MANY_WATCHES))
    index, build_seconds, megabytes = _build(queries[:_WATCHES])
    seconds, match_count = _match(index, articles)
    name = f"watch.{_WATCHES}_watches_{len(articles)}_articles"
    yield Figure(f"{name}.plain_loop.s", seconds, _measure_plain_loop(queries[:_WATCHES], articles))
    yield Figure(f"{name}.fts5.s", seconds, _measure_fts5(queries[:_WATCHES], articles))
    yield Figure(f"{name}.matches", match_count, len(articles))
    yield Figure(
        f"watch.{_WATCHES}_watches_1_article.fts5.ms",
        _match(index, articles[:1])[0] * 1_000,
        _measure_fts5(queries[:_WATCHES], articles[:1]) * 1_000,
    )
    yield Figure(f"watch.index.{_WATCHES}.build_s", build_seconds, _measure_reading(queries[:_WATCHES]))
    yield Figure(f"watch.index.{_WATCHES}.memory_mb", megabytes, _measure_memory(queries[:_WATCHES]))
    many_index, many_build_seconds, many_megabytes = _build(queries)
    yield Figure(f"watch.{_MANY_WATCHES}_watches_{len(articles)}_articles.s", _match(many_index, articles)[0], seconds)
    yield Figure(f"watch.index.{_MANY_WATCHES}.build_s", many_build_seconds, build_seconds)
    yield Figure(f"watch.index.{_MANY_WATCHES}.memory_mb", many_megabytes, megabytes)
    worst_cases = {
        "same_common_word": [WatchQuery(_COMMON_WORD)] * _WATCHES,
        "same_common_words": [WatchQuery(words=f"{_COMMON_WORD} people")] * _WATCHES,
        "one_person_many_channels": [*_watch_person(articles, queries), *queries[: _WATCHES - _CHANNELS]],
        "common_word_with_others": [
            WatchQuery(words=f"{_COMMON_WORD} {word}") for word in islice(_draw_words(texts), _WATCHES)
        ],
    }
    for case_name, case_queries in worst_cases.items():
        yield Figure(f"watch.worst.{case_name}.s", _match(_build(case_queries)[0], articles)[0], seconds)


def _read_articles() -> Iterator[Article]:
    if not _STORIES.exists():
        yield from (article for article, _ in generate_articles(5_000))
        return
    with gzip.open(_STORIES, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            yield parse_article(Article(row["id"], row["text"], row.get("publisher"), title=row.get("title")))


def _analyse(article: Article) -> ArticleWithQuotes:
    return article, analyse(article).quotes


def _draw_queries(articles: Sequence[Article]) -> Iterator[WatchQuery]:
    """Yield queries of each kind without end: phrases, words, people, and people with a subject or an outlet.

    As people do, they watch for words that are not in every article: each query has a name or a rather rare word.
    """
    random = Random(7)  # noqa: S311 - a benchmark
    rare_words = _find_rare_words(articles)
    while True:
        article = random.choice(articles)
        kind = random.random()
        names = _NAME.findall(article.text)
        name = random.choice(names) if names else None
        words = [word for word in _WORD.findall(article.text) if word.lower() in rare_words]
        if kind < 0.35:
            quotations = _QUOTED.findall(article.text) or [article.text[:300]]
            run = random.choice(quotations).split()
            start, length = random.randrange(len(run)), random.choice((1, 2, 2, 3, 3, 4, 6))
            phrase = " ".join(run[start : start + length])
            if not rare_words.isdisjoint(make_search_key(phrase).split()):
                yield WatchQuery(phrase)
        elif words and kind < 0.6:
            word = random.choice(words)
            yield WatchQuery(words=word if kind < 0.4 else f"{word} {random.choice(words)}")
        elif name and kind < 0.75:
            yield WatchQuery(by=name if kind < 0.7 else name.split()[1])
        elif name and words and kind < 0.9:
            yield WatchQuery(by=name.split()[1], about=random.choice(words))
        elif name:
            yield WatchQuery(words=name, outlet=article.publisher)


def _find_rare_words(articles: Sequence[Article]) -> set[str]:
    counts = Counter(word for article in articles for word in set(make_search_key(article.text).split()))
    return {word for word, count in counts.items() if count <= _RARE_SHARE * len(articles)}


def _draw_words(articles: Sequence[Article]) -> Iterator[str]:
    random = Random(11)  # noqa: S311 - a benchmark
    while True:
        words = [word for word in _WORD.findall(random.choice(articles).text) if not has_only_common_words(word)]
        if words:
            yield random.choice(words)


def _watch_person(articles: Iterable[ArticleWithQuotes], queries: Sequence[WatchQuery]) -> list[WatchQuery]:
    """Return one watch for each channel on the person who is quoted most, half of them with a subject."""
    names = [quote.speaker.name for _, quotes in articles for quote in quotes if quote.speaker]
    name = max(set(names), key=names.count)
    subjects = [query.about for query in queries if query.about]
    return [
        WatchQuery(by=name, about=subjects[number % len(subjects)] if number % 2 else None)
        for number in range(_CHANNELS)
    ]


def _build(queries: Sequence[WatchQuery]) -> tuple[WatchIndex, float, float]:
    """Return the index with its time to build in seconds and its size in megabytes, measured separately."""

    def build() -> WatchIndex:
        index = WatchIndex()
        for number, query in enumerate(queries):
            index.add(Watch(number, query))
        return index

    seconds = _measure_seconds(build)
    tracemalloc.start()
    index = build()
    megabytes = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    return index, seconds, megabytes


def _match(index: WatchIndex, articles: Sequence[ArticleWithQuotes]) -> tuple[float, int]:
    """Return the seconds to match all articles, and the number of matches."""
    started_at = time.process_time()
    match_count = sum(len(index.match(article)) for article in articles)
    return time.process_time() - started_at, match_count


def _measure_plain_loop(queries: Sequence[WatchQuery], articles: Sequence[ArticleWithQuotes]) -> float:
    """Return the seconds to verify every query with every article, scaled from a few articles."""
    compiled_queries = [compile_query(query, ()) for query in queries]

    def work() -> None:
        for article in articles[:_LOOP_ARTICLES]:
            words = ArticleWords(article)
            for query in compiled_queries:
                find_best(query, words)

    return _measure_seconds(work) * len(articles) / _LOOP_ARTICLES


def _measure_fts5(queries: Sequence[WatchQuery], articles: Sequence[ArticleWithQuotes]) -> float:
    """Return the seconds of one FTS5 query for each watch on the new articles, and to verify what it finds."""
    compiled_queries = [compile_query(query, ()) for query in queries]
    with closing(sqlite3.connect(":memory:")) as db:

        def work() -> None:
            db.execute("CREATE VIRTUAL TABLE new USING fts5(text)")
            db.executemany(
                "INSERT INTO new (rowid, text) VALUES (?, ?)",
                [
                    (number, make_search_key(f"{article.title or ''} {article.text}"))
                    for number, (article, _) in enumerate(articles)
                ],
            )
            article_words = [ArticleWords(article) for article in articles]
            for query, compiled_query in zip(queries, compiled_queries, strict=True):
                phrase = [f'"{make_search_key(query.phrase)}"'] if query.phrase else []
                words = make_search_key(" ".join(filter(None, (query.words, query.by, query.about)))).split()
                match = " AND ".join([*phrase, *(f'"{word}"' for word in words)])
                for (number,) in db.execute("SELECT rowid FROM new WHERE new MATCH ?", (match,)):
                    find_best(compiled_query, article_words[number])

        return _measure_seconds(work)


def _measure_reading(queries: Sequence[WatchQuery]) -> float:
    """Return the seconds to read the queries from JSON, as a program that starts does anyway."""
    rows = json.dumps([[query.phrase, query.words, query.by, query.about, query.outlet] for query in queries])
    return _measure_seconds(lambda: [WatchQuery(*row) for row in json.loads(rows)])


def _measure_memory(queries: Sequence[WatchQuery]) -> float:
    """Return the megabytes of the queries alone."""
    rows = json.dumps([[query.phrase, query.words, query.by, query.about, query.outlet] for query in queries])
    tracemalloc.start()
    copies = [WatchQuery(*row) for row in json.loads(rows)]
    megabytes = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    return megabytes if copies else 0.0


def _measure_seconds(work: Callable[[], object]) -> float:
    started_at = time.process_time()
    work()
    return time.process_time() - started_at
