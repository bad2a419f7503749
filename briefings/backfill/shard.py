"""Adds one shard of an archive: `do_shard` is all that an engine for bulk work has to call, on any machine.

Rule: a shard is read as a stream, some dozen articles in memory at a time, and what was found waits in a file until it
is written in one transaction with its row of the ledger. Called twice, by one or by two at once, it adds nothing twice.
"""

import pickle
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from tempfile import TemporaryFile
from typing import BinaryIO

from briefings.analysis import analyse
from briefings.article import parse
from briefings.backfill.archive import articles_of, shard_at
from briefings.backfill.patience import PATIENCE, Wait, patiently
from briefings.errors import BadInput
from briefings.ingest.worker import PageReader
from briefings.model import Article
from briefings.quotes.version import engine
from briefings.record.checks import check
from briefings.record.shards import Counts, Ledger, open_ledger
from briefings.record.taking import Arrival

#: articles, and characters of them, that are in memory together
_BATCH, _CHARACTERS = 64, 1_000_000
#: sentences on what could not be read that are told of one shard; the others are counted
_TOLD = 20


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a shard."""

    address: str
    counts: Counts
    #: sentences on the lines, rows or pages that are no article, the first of them
    failures: tuple[str, ...] = ()


def do_shard(address: str, database: str, *, wait: Wait = time.sleep, patience: float = PATIENCE) -> Done:
    """Adds the shard at an fsspec address to the record at an SQLAlchemy address, unless it was added already.

    While the database is away it `wait`s, `patience` seconds in all at most. Raises BadInput when the shard cannot be
    read, or changes meanwhile, and RecordUnavailable when the database stays away: then nothing of it was added.
    """
    shard = shard_at(address)
    with closing(patiently(lambda: open_ledger(database, _now), wait, patience)) as ledger:
        counts = patiently(lambda: ledger.added(shard), wait, patience)
        if counts is not None:
            return Done(address, counts)
        with TemporaryFile() as file, _Reading(ledger, wait, patience) as reading:
            spool = _Spool(file)
            for arrivals in reading.of(address):
                spool.put(arrivals)
            if shard_at(address) != shard:
                raise BadInput(f"{address} has changed while it was read: run it again.")
            counts = patiently(lambda: ledger.add(shard, engine(), spool, reading.failed), wait, patience)
            return Done(address, counts, tuple(reading.failures))


class _Reading:
    """Reads a shard for what is found in it; keeps count of what cannot be read."""

    def __init__(self, ledger: Ledger, wait: Wait, patience: float) -> None:
        self.failed = 0
        self.failures: list[str] = []
        self._ledger, self._wait, self._patience = ledger, wait, patience
        self._pages = PageReader()

    def __enter__(self) -> "_Reading":
        return self

    def __exit__(self, *_: object) -> None:
        self._pages.close()

    def of(self, address: str) -> Iterator[Sequence[Arrival]]:
        """What the articles of a shard are and hold, some at a time."""
        with articles_of(address, self._page, self._broken) as raws:
            for batch in _batches(self._parsed(raws)):
                held = patiently(lambda some=batch: self._ledger.held(some), self._wait, self._patience)  # type: ignore[misc]  # mypy loses the default
                pairs = zip(batch, held, strict=True)
                yield [arrival for article, is_held in pairs for arrival in self._arrived(article, is_held=is_held)]

    def _parsed(self, raws: Iterable[Article]) -> Iterator[Article]:
        for raw in raws:
            article = parse(raw)
            try:
                check(Arrival(article, ()))
            except BadInput as error:
                self._broken(error)
            else:
                yield article

    def _arrived(self, article: Article, *, is_held: bool) -> Iterator[Arrival]:
        if is_held:
            yield Arrival(article, ())
            return
        found = analyse(article)
        arrival = Arrival(article, found.quotes, found.names, found.engine)
        try:
            check(arrival)
        except BadInput as error:
            self._broken(error)
        else:
            yield arrival

    def _page(self, data: bytes, url: str | None, content_type: str | None) -> Article:
        return self._pages.read(data, url, content_type)

    def _broken(self, error: BadInput) -> None:
        self.failed += 1
        if len(self.failures) < _TOLD:
            self.failures.append(str(error))


class _Spool:
    """Arrivals in a file, to be read from its beginning as often as one likes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def put(self, arrivals: Sequence[Arrival]) -> None:
        """Writes some more."""
        pickle.dump(arrivals, self._file, pickle.HIGHEST_PROTOCOL)

    def __iter__(self) -> Iterator[Sequence[Arrival]]:
        """All that was put, as it was put."""
        end = self._file.seek(0, 2)
        place = self._file.seek(0)
        while place < end:
            arrivals: Sequence[Arrival] = pickle.load(self._file)  # noqa: S301 - a nameless file of our own
            place = self._file.tell()
            yield arrivals


def _batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    batch: list[Article] = []
    size = 0
    for article in articles:
        batch.append(article)
        size += len(article.text)
        if len(batch) == _BATCH or size >= _CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _now() -> datetime:
    return datetime.now(UTC)
