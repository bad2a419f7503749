"""Add one shard of an archive to the database; any bulk processing framework can call `process_shard`.

Rule: a shard is streamed in small batches. The results wait in a temporary file until one transaction writes them
together with the shard's ledger row. So processing is idempotent, even if two processes run at once.
Rule: transient database errors are retried with exponential backoff for a limited time.
"""

import pickle
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from tempfile import TemporaryFile
from typing import IO, TypeVar

from briefings.article import parse_article
from briefings.attribution.analysis import analyse, get_engine_version
from briefings.backfill.archives import get_shard, open_articles
from briefings.errors import BadInput, DatabaseUnavailable
from briefings.ingest.sandbox import PageReader
from briefings.model import Article
from briefings.storage.writes.shard_ledger import ShardCounts, ShardLedger, is_transient, open_shard_ledger
from briefings.storage.writes.upsert import Arrival, check_arrival

#: first and maximum pause between two attempts, in seconds
_FIRST_PAUSE_SECONDS, _MAX_PAUSE_SECONDS = 0.5, 20.0
#: total seconds of waiting before giving up; restarting a database takes a minute
MAX_WAIT_SECONDS = 300.0
#: maximum number of articles and of characters in one batch
_BATCH_ARTICLES, _BATCH_CHARACTERS = 64, 1_000_000
#: maximum number of failure messages per shard; further failures are only counted
_MAX_SENTENCES = 20

Sleep = Callable[[float], object]
_T = TypeVar("_T")


def retry_with_backoff(work: Callable[[], _T], sleep: Sleep, max_wait_seconds: float = MAX_WAIT_SECONDS) -> _T:
    """Call `work` until it succeeds and return its result; `sleep` is called with the seconds of each pause.

    Raises DatabaseUnavailable after `max_wait_seconds` in total, or at once if the error is not transient.
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


@dataclass(frozen=True, slots=True)
class ShardResult:
    """Result of processing a shard."""

    address: str
    counts: ShardCounts
    #: messages about the first invalid lines, rows or pages
    failures: tuple[str, ...] = ()


def process_shard(
    address: str,
    database: str,
    *,
    are_links_deferred: bool = False,
    sleep: Sleep = time.sleep,
    max_wait_seconds: float = MAX_WAIT_SECONDS,
) -> ShardResult:
    """Add the shard at an fsspec address to the database at an SQLAlchemy URL, unless it was added before.

    With `are_links_deferred`, the articles are linked when the run ends, or by the next writer that is no shard.
    While the database is unavailable, it waits up to `max_wait_seconds` in total. Raises BadInput if the shard cannot
    be read or changes meanwhile, and DatabaseUnavailable after the wait. After an error, nothing was added.
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
                raise BadInput(f"{address} changed while it was being read. Run the backfill again.")
            counts = retry_with_backoff(
                lambda: ledger.add_shard(
                    shard, get_engine_version(), spool, reader.failure_count, are_links_deferred=are_links_deferred
                ),
                sleep,
                max_wait_seconds,
            )
            return ShardResult(address, counts, tuple(reader.failures))


class _ShardReader:
    """Reader that parses and analyses the articles of a shard, and counts the failures."""

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
        """Yield batches of a shard's articles with their analysis; unchanged articles come without one."""
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
    """Batches of arrivals in a temporary file, which can be iterated repeatedly."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def append(self, arrivals: Sequence[Arrival]) -> None:
        """Write one batch."""
        pickle.dump(arrivals, self._file, pickle.HIGHEST_PROTOCOL)

    def __iter__(self) -> Iterator[Sequence[Arrival]]:
        """Yield all batches from the start, in the order written."""
        end = self._file.seek(0, 2)
        position = self._file.seek(0)
        while position < end:
            arrivals: Sequence[Arrival] = pickle.load(self._file)  # noqa: S301 - our temporary file without a name
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
