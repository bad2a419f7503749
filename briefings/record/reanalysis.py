"""Reads again what another engine has read, while the record is in use.

Rule: one transaction an article. What is done is marked with the engine that did it, so that a run may be ended at any
moment, and the next one goes on where it was.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime

from briefings.quotes.version import engine
from briefings.record.copying import Progress, quiet
from briefings.record.integrity import number_stale
from briefings.record.reader import reader
from briefings.record.store import Record, open_record

#: articles in memory at a time
_PAGE = 64


def reanalyse(address: str, clock: Callable[[], datetime], *, jobs: int = 1, progress: Progress = quiet) -> int:
    """Reads every article that another engine has read; gives how many it has read.

    `clock` gives the present moment with its zone. Somebody who asks meanwhile sees what an article held before, or
    what it holds now. Raises RecordUnavailable when the record cannot be read or written.
    """
    total = number_stale(address, engine())
    done = 0
    with closing(open_record(address, clock)) as record, reader(jobs) as read:
        for page in _stale(record):
            articles = record.articles(page)
            for article, found in zip(articles, read(articles), strict=True):
                # not when it was removed or has another text since: that is read by whoever brought it
                done += record.replace_quotes(article, found.quotes, names=found.names, engine=found.engine)
                progress(done, max(total, done))
    return done


def _stale(record: Record) -> Iterator[Sequence[str]]:
    """Ids of what another engine has read, each once, a page at a time."""
    tried: set[str] = set()
    while ids := [article_id for article_id in record.stale(engine()) if article_id not in tried]:
        for start in range(0, len(ids), _PAGE):
            yield ids[start : start + _PAGE]
        tried.update(ids)
