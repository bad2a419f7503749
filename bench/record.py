"""How fast the record takes news and finds quotes, at a newsroom's size, on SQLite and on PostgreSQL.

Rivals: the databases' own full-text search over the same quotes, asked for ids alone (see `record_rivals`): for a
misspelling, given the right words; for building, the same texts in plain tables with two full-text indexes as well.
BENCH_QUOTES sets the size, 1,000,000 quotes unless told. Everything is asked for once before it is measured, ours and
the rival's in turns. Building is measured without the time that making up the news takes.
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

from bench.figures import Figure, milliseconds, percentile
from bench.generated import QUOTES, articles
from bench.record_questions import Planted, Questions, drawn
from bench.record_rivals import News, RawPostgresql, RawSqlite, Rival
from briefings.storage.db.types import QuoteScope
from briefings.storage.repository import BATCH_SIZE, Repository, open_repository
from tests.support.postgresql import Missing, running

#: articles that are added one by one, scans over everything, hits of common phrases, and how often each is asked for
_ADDED, _SCANS, _NEWEST, _ROUNDS = 2_000, 9, 20, 5
#: misspellings are planted where at most so many quotes hold the right words
_FEW = 5
#: misspellings that are asked for before they are measured
_WARM = 50

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Sides:
    """A record and its rival, and the address of another record, which is empty, with its rival."""

    name: str
    record: Repository
    raw: Rival
    new: Repository
    new_raw: Rival


def measure() -> Iterator[Figure]:
    """Quotes built a second; p50 and p99 milliseconds of each kind of question; the share of slips that are found."""
    quotes = int(os.environ.get("BENCH_QUOTES", QUOTES))
    asked = drawn(articles(quotes), quotes)
    scan = percentile((_scan(asked.keys, f" {phrase} ") for phrase in asked.exact[:_SCANS]), 0.5)
    asked.keys.clear()
    for sides in _databases():
        yield from _building(sides, quotes)
        exact = list(_asking(sides, "exact", _exact(sides, asked.exact)))
        yield from exact
        yield Figure(f"record.{sides.name}.naive_scan.p50_ms", scan, exact[0].value)
        yield from _asking(sides, f"common_newest_{_NEWEST}", _exact(sides, list(asked.common) * _ROUNDS, _NEWEST))
        yield from _asking(sides, "nothing_found", _exact(sides, asked.absent))
        yield from _asking(sides, "by_speaker", _by_speaker(sides, asked))
        yield from _misspelt(sides, asked.planted)


def _databases() -> Iterator[Sides]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        with (
            closing(_opened(f"sqlite:///{folder / 'record.db'}")) as record,
            closing(_opened(f"sqlite:///{folder / 'new.db'}")) as new,
            closing(RawSqlite(folder / "raw.db")) as raw,
            closing(RawSqlite(folder / "new_raw.db")) as new_raw,
        ):
            yield Sides("sqlite", record, raw, new, new_raw)
    try:
        with (
            running() as server,
            closing(_opened(server.address(server.create()))) as record,
            closing(_opened(server.address(server.create()))) as new,
            server.connect(server.create()) as raw_db,
            server.connect(server.create()) as new_raw_db,
        ):
            yield Sides("postgresql", record, RawPostgresql(raw_db), new, RawPostgresql(new_raw_db))
    except Missing as missing:
        sys.stderr.write(f"bench: {missing}\n")


def _opened(address: str) -> Repository:
    return open_repository(address, lambda: datetime.now(UTC))


def _scan(keys: Sequence[str], phrase: str) -> float:
    return milliseconds(lambda: [key for key in keys if phrase in key])


def _building(sides: Sides, quotes: int) -> Iterator[Figure]:
    """All the news in batches, and some of it one article a transaction."""
    ours = _seconds(lambda news: sides.record.bulk_upsert(news), articles(quotes))
    theirs = sides.raw.build(articles(quotes), BATCH_SIZE)
    yield Figure(f"record.{sides.name}.build.quotes_per_s", quotes / ours, quotes / theirs)
    some = list(islice(articles(quotes), _ADDED))
    ours = milliseconds(lambda: [sides.new.upsert(article, said) for article, said in some]) / 1000
    theirs = sides.new_raw.build(some, 1)
    yield Figure(f"record.{sides.name}.add.articles_per_s", len(some) / ours, len(some) / theirs)


def _seconds(take: Callable[[News], object], news: News) -> float:
    """How long `take` takes beside the time that the news take to be made."""
    made = 0.0

    def timed() -> News:
        nonlocal made
        left = iter(news)
        while True:
            begun = time.perf_counter()
            pair = next(left, None)
            made += time.perf_counter() - begun
            if pair is None:
                return
            yield pair

    return milliseconds(lambda: take(timed())) / 1000 - made


def _exact(sides: Sides, phrases: Sequence[str], limit: int = 100) -> list[tuple[Work, Work]]:
    ours, theirs = sides.record.find_quotes, sides.raw.ids
    return [(partial(ours, words, limit=limit), partial(theirs, words, limit)) for words in phrases]


def _by_speaker(sides: Sides, asked: Questions) -> list[tuple[Work, Work]]:
    ours, theirs = sides.record.find_quotes, sides.raw.ids_by
    return [
        (partial(ours, words, QuoteScope(by=name)), partial(theirs, name, words)) for name, words in asked.by_speaker
    ]


def _asking(sides: Sides, what: str, questions: Sequence[tuple[Work, Work]]) -> Iterator[Figure]:
    for both in questions:
        for warm in both:
            warm()
    times = [(milliseconds(ours), milliseconds(theirs)) for ours, theirs in questions]
    yield from _percentiles(f"record.{sides.name}.{what}", times)


def _misspelt(sides: Sides, planted: Sequence[Planted]) -> Iterator[Figure]:
    rare = [one for one in planted if len(sides.raw.ids(one.words, _FEW + 1)) <= _FEW]
    for one in rare[:_WARM]:
        sides.record.find_close(one.misspelt)
    times, found = [], 0
    for one in rare:
        begun = time.perf_counter()
        hits = sides.record.find_close(one.misspelt)
        taken = (time.perf_counter() - begun) * 1000
        times.append((taken, milliseconds(partial(sides.raw.ids, one.words))))
        found += any((hit.article.id, hit.quote) == (one.article, one.quote) for hit in hits)
    yield from _percentiles(f"record.{sides.name}.one_edit", times)
    yield Figure(f"record.{sides.name}.one_edit.recall_of_{len(rare)}", found / len(rare), 1.0)


def _percentiles(name: str, times: Sequence[tuple[float, float]]) -> Iterator[Figure]:
    for percent in (50, 99):
        ours, theirs = (percentile(side, percent / 100) for side in zip(*times, strict=True))
        yield Figure(f"{name}.p{percent}_ms", ours, theirs)
