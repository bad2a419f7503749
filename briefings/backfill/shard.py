"""Adds one shard of an archive: `do_shard` is all that an engine for bulk work has to call, on any machine.

Rule: a shard is read as a stream, some dozen articles in memory at a time, and what was found waits in a file until it
is written in one transaction with its row of the ledger. Called twice, by one or by two at once, it adds nothing twice.

Tries again, ever more rarely and for a while, what a database refused that may be there again soon.
"""

import pickle
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from tempfile import TemporaryFile
from typing import BinaryIO, TypeVar

from briefings.article import parse_article
from briefings.attribution.analysis import analyse, get_engine_version
from briefings.backfill.archives import get_shard, open_articles
from briefings.errors import BadInput, DatabaseUnavailable
from briefings.ingest.sandbox import PageReader
from briefings.model import Article
from briefings.storage.writes.analysis_pool import check_arrival
from briefings.storage.writes.shard_ledger import ShardCounts, ShardLedger, is_transient, open_shard_ledger
from briefings.storage.writes.upsert import Arrival

#: seconds between two tries: the first, and the most
_FIRST_PAUSE_SECONDS, _MAX_PAUSE_SECONDS = 0.5, 20.0
#: seconds of waiting until it is given up: a database that is restarted takes a minute
MAX_WAIT_SECONDS = 300.0

Sleep = Callable[[float], object]
_T = TypeVar("_T")


def retry_with_backoff(work: Callable[[], _T], sleep: Sleep, max_wait_seconds: float = MAX_WAIT_SECONDS) -> _T:
    """What `work` gives; `wait` is called with the seconds between two tries, `seconds` in all at most.

    Raises RecordUnavailable when it is given up, or when waiting would not help.
    """
    pause, remaining_seconds = _FIRST_PAUSE_SECONDS, max_wait_seconds
    while True:
        try:
            return work()
        except DatabaseUnavailable as error:
            if remaining_seconds <= 0 or not is_transient(error):
                raise
        sleep(min(pause, remaining_seconds))
        remaining_seconds -= pause
        pause = min(2 * pause, _MAX_PAUSE_SECONDS)


#: articles, and characters of them, that are in memory together
_BATCH_ARTICLES, _BATCH_CHARACTERS = 64, 1_000_000
#: sentences on what could not be read that are told of one shard; the others are counted
_MAX_SENTENCES = 20


@dataclass(frozen=True, slots=True)
class ShardResult:
    """What became of a shard."""

    address: str
    counts: ShardCounts
    #: sentences on the lines, rows or pages that are no article, the first of them
    failures: tuple[str, ...] = ()


def process_shard(
    address: str, database: str, *, sleep: Sleep = time.sleep, max_wait_seconds: float = MAX_WAIT_SECONDS
) -> ShardResult:
    """Adds the shard at an fsspec address to the record at an SQLAlchemy address, unless it was added already.

    While the database is away it `wait`s, `patience` seconds in all at most. Raises BadInput when the shard cannot be
    read, or changes meanwhile, and RecordUnavailable when the database stays away: then nothing of it was added.
    """
    shard = get_shard(address)
    with closing(retry_with_backoff(lambda: open_shard_ledger(database, _now), sleep, max_wait_seconds)) as ledger:
        counts = retry_with_backoff(lambda: ledger.get_counts(shard), sleep, max_wait_seconds)
        if counts is not None:
            return ShardResult(address, counts)
        with TemporaryFile() as file, _ShardReader(ledger, sleep, max_wait_seconds) as reader:
            spool = _Spool(file)
            for arrivals in reader.read_arrivals(address):
                spool.append(arrivals)
            if get_shard(address) != shard:
                raise BadInput(f"{address} has changed while it was read: run it again.")
            counts = retry_with_backoff(
                lambda: ledger.add_shard(shard, get_engine_version(), spool, reader.failure_count),
                sleep,
                max_wait_seconds,
            )
            return ShardResult(address, counts, tuple(reader.failures))


class _ShardReader:
    """Reads a shard for what is found in it; keeps count of what cannot be read."""

    def __init__(self, ledger: ShardLedger, sleep: Sleep, max_wait_seconds: float) -> None:
        self.failure_count = 0
        self.failures: list[str] = []
        self._ledger, self._sleep, self._max_wait_seconds = ledger, sleep, max_wait_seconds
        self._page_reader = PageReader()

    def __enter__(self) -> "_ShardReader":
        return self

    def __exit__(self, *_: object) -> None:
        self._page_reader.close()

    def read_arrivals(self, address: str) -> Iterator[Sequence[Arrival]]:
        """What the articles of a shard are and hold, some at a time."""
        with open_articles(address, self._read_page, self._add_failure) as raw_articles:
            for batch in _split_into_batches(self._parse_articles(raw_articles)):
                check_unchanged = partial(self._ledger.are_unchanged, batch)
                stored_flags = retry_with_backoff(check_unchanged, self._sleep, self._max_wait_seconds)
                pairs = zip(batch, stored_flags, strict=True)
                yield [
                    arrival
                    for article, is_stored in pairs
                    for arrival in self._build_arrivals(article, is_stored=is_stored)
                ]

    def _parse_articles(self, raw_articles: Iterable[Article]) -> Iterator[Article]:
        for raw_article in raw_articles:
            article = parse_article(raw_article)
            try:
                check_arrival(Arrival(article, ()))
            except BadInput as error:
                self._add_failure(error)
            else:
                yield article

    def _build_arrivals(self, article: Article, *, is_stored: bool) -> Iterator[Arrival]:
        if is_stored:
            yield Arrival(article, ())
            return
        analysis = analyse(article)
        arrival = Arrival(article, analysis.quotes, analysis.names, analysis.engine)
        try:
            check_arrival(arrival)
        except BadInput as error:
            self._add_failure(error)
        else:
            yield arrival

    def _read_page(self, data: bytes, url: str | None, content_type: str | None) -> Article:
        return self._page_reader.read(data, url, content_type)

    def _add_failure(self, error: BadInput) -> None:
        self.failure_count += 1
        if len(self.failures) < _MAX_SENTENCES:
            self.failures.append(str(error))


class _Spool:
    """Arrivals in a file, to be read from its beginning as often as one likes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def append(self, arrivals: Sequence[Arrival]) -> None:
        """Writes some more."""
        pickle.dump(arrivals, self._file, pickle.HIGHEST_PROTOCOL)

    def __iter__(self) -> Iterator[Sequence[Arrival]]:
        """All that was put, as it was put."""
        end = self._file.seek(0, 2)
        position = self._file.seek(0)
        while position < end:
            arrivals: Sequence[Arrival] = pickle.load(self._file)  # noqa: S301 - a nameless file of our own
            position = self._file.tell()
            yield arrivals


def _split_into_batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    batch: list[Article] = []
    size = 0
    for article in articles:
        batch.append(article)
        size += len(article.text)
        if len(batch) == _BATCH_ARTICLES or size >= _BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _now() -> datetime:
    return datetime.now(UTC)
