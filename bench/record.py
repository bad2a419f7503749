"""Measure how fast the repository stores news and finds quotes at a newsroom's size, on SQLite and PostgreSQL.

References (see `record_rivals`): the databases' own full-text search over the same quotes, returning only ids. For a
misspelling, the reference searches for the correct words. For building, it stores the same texts in plain tables with
two full-text indexes. BENCH_QUOTES sets the number of quotes (default 1,000,000). Each search runs once as a warm-up,
and both sides alternate. The time to generate the news is not counted.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.figures import Figure, compute_percentile, measure_consumption, measure_milliseconds
from bench.generated import QUOTES, generate_articles
from bench.record_questions import MisspeltPhrase, Questions, draw_questions
from bench.record_rivals import RawPostgresql, RawSqlite, Rival
from briefings.storage.db.types import QuoteScope
from briefings.storage.repository import BATCH_SIZE, Repository, open_repository
from tests.support.postgresql import PostgresqlMissing, run_server

#: articles added one by one, full scans, hits of a common phrase, and searches for each common phrase
_ADDED_COUNT, _SCAN_COUNT, _NEWEST_LIMIT, _ROUNDS = 2_000, 9, 20, 5
#: maximum number of quotes with the correct words for a misspelling to be measured
_MAX_MATCHES = 5
#: number of misspellings in the warm-up
_WARM_UP_COUNT = 50

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Sides:
    """A repository and its reference database, and an empty pair of the same kind."""

    name: str
    repository: Repository
    raw: Rival
    new_repository: Repository
    new_raw: Rival


def measure() -> Iterator[Figure]:
    """Yield quotes stored per second, p50 and p99 milliseconds of each kind of search, and recall for misspellings."""
    quotes = int(os.environ.get("BENCH_QUOTES", QUOTES))
    questions = draw_questions(generate_articles(quotes), quotes)
    scan_time = compute_percentile(
        (_measure_scan(questions.keys, f" {phrase} ") for phrase in questions.exact[:_SCAN_COUNT]), 0.5
    )
    questions.keys.clear()
    for sides in _open_databases():
        yield from _measure_building(sides, quotes)
        exact_figures = list(_measure_searches(sides, "exact", _build_exact_searches(sides, questions.exact)))
        yield from exact_figures
        yield Figure(f"record.{sides.name}.naive_scan.p50_ms", scan_time, exact_figures[0].value)
        yield from _measure_searches(
            sides,
            f"common_newest_{_NEWEST_LIMIT}",
            _build_exact_searches(sides, list(questions.common) * _ROUNDS, _NEWEST_LIMIT),
        )
        yield from _measure_searches(sides, "nothing_found", _build_exact_searches(sides, questions.absent))
        yield from _measure_searches(sides, "by_speaker", _build_speaker_searches(sides, questions))
        yield from _measure_misspellings(sides, questions.misspelt)


def _open_databases() -> Iterator[Sides]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        with (
            closing(_open_repository(f"sqlite:///{folder / 'record.db'}")) as repository,
            closing(_open_repository(f"sqlite:///{folder / 'new.db'}")) as new_repository,
            closing(RawSqlite(folder / "raw.db")) as raw,
            closing(RawSqlite(folder / "new_raw.db")) as new_raw,
        ):
            yield Sides("sqlite", repository, raw, new_repository, new_raw)
    try:
        with (
            run_server() as server,
            closing(_open_repository(server.build_url(server.create_database()))) as repository,
            closing(_open_repository(server.build_url(server.create_database()))) as new_repository,
            server.connect(server.create_database()) as raw_db,
            server.connect(server.create_database()) as new_raw_db,
        ):
            yield Sides("postgresql", repository, RawPostgresql(raw_db), new_repository, RawPostgresql(new_raw_db))
    except PostgresqlMissing as error:
        sys.stderr.write(f"bench: {error}\n")


def _open_repository(address: str) -> Repository:
    return open_repository(address, lambda: datetime.now(UTC))


def _measure_scan(keys: Sequence[str], phrase: str) -> float:
    return measure_milliseconds(lambda: [key for key in keys if phrase in key])


def _measure_building(sides: Sides, quotes: int) -> Iterator[Figure]:
    """Measure adding all the news in batches, and some articles in one transaction each."""
    ours = measure_consumption(sides.repository.bulk_upsert, generate_articles(quotes))
    theirs = sides.raw.build(generate_articles(quotes), BATCH_SIZE)
    yield Figure(f"record.{sides.name}.build.quotes_per_s", quotes / ours, quotes / theirs)
    some_articles = list(islice(generate_articles(quotes), _ADDED_COUNT))
    ours = (
        measure_milliseconds(
            lambda: [sides.new_repository.upsert(article, article_quotes) for article, article_quotes in some_articles]
        )
        / 1000
    )
    theirs = sides.new_raw.build(some_articles, 1)
    yield Figure(f"record.{sides.name}.add.articles_per_s", len(some_articles) / ours, len(some_articles) / theirs)


def _build_exact_searches(sides: Sides, phrases: Sequence[str], limit: int = 100) -> list[tuple[Work, Work]]:
    ours, theirs = sides.repository.find_quotes, sides.raw.find_ids
    return [(partial(ours, words, limit=limit), partial(theirs, words, limit)) for words in phrases]


def _build_speaker_searches(sides: Sides, questions: Questions) -> list[tuple[Work, Work]]:
    ours, theirs = sides.repository.find_quotes, sides.raw.find_ids_by_speaker
    return [
        (partial(ours, words, QuoteScope(by=name)), partial(theirs, name, words))
        for name, words in questions.by_speaker
    ]


def _measure_searches(sides: Sides, name: str, questions: Sequence[tuple[Work, Work]]) -> Iterator[Figure]:
    for pair in questions:
        for search in pair:
            search()
    times = [(measure_milliseconds(ours), measure_milliseconds(theirs)) for ours, theirs in questions]
    yield from _build_percentile_figures(f"record.{sides.name}.{name}", times)


def _measure_misspellings(sides: Sides, phrases: Sequence[MisspeltPhrase]) -> Iterator[Figure]:
    rare_phrases = [
        phrase for phrase in phrases if len(sides.raw.find_ids(phrase.words, _MAX_MATCHES + 1)) <= _MAX_MATCHES
    ]
    for phrase in rare_phrases[:_WARM_UP_COUNT]:
        sides.repository.find_close(phrase.misspelt)
    times, hit_count = [], 0
    for phrase in rare_phrases:
        started_at = time.perf_counter()
        hits = sides.repository.find_close(phrase.misspelt)
        our_time = (time.perf_counter() - started_at) * 1000
        times.append((our_time, measure_milliseconds(partial(sides.raw.find_ids, phrase.words))))
        hit_count += any((hit.article.id, hit.quote) == (phrase.article, phrase.quote) for hit in hits)
    yield from _build_percentile_figures(f"record.{sides.name}.one_edit", times)
    yield Figure(f"record.{sides.name}.one_edit.recall_of_{len(rare_phrases)}", hit_count / len(rare_phrases), 1.0)


def _build_percentile_figures(name: str, times: Sequence[tuple[float, float]]) -> Iterator[Figure]:
    for percent in (50, 99):
        ours, theirs = (compute_percentile(side, percent / 100) for side in zip(*times, strict=True))
        yield Figure(f"{name}.p{percent}_ms", ours, theirs)
