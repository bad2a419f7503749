"""Reads again what another engine has read, while the record is in use.

Rule: one transaction an article. What is done is marked with the engine that did it, so that a run may be ended at any
moment, and the next one goes on where it was.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from datetime import datetime
from multiprocessing import get_context, parent_process
from threading import Thread

from briefings.analysis import Analysis, analyse
from briefings.errors import BriefingsError
from briefings.model import Article
from briefings.quotes.version import engine
from briefings.record.copying import Progress, quiet
from briefings.record.integrity import number_stale
from briefings.record.store import Record, open_record

#: articles in memory at a time, and handed to a process at a time
_PAGE, _HANDED = 64, 4

_Read = Callable[[Sequence[Article]], Iterable[Analysis]]


def reanalyse(address: str, clock: Callable[[], datetime], *, jobs: int = 1, progress: Progress = quiet) -> int:
    """Reads every article that another engine has read; gives how many it has read.

    `clock` gives the present moment with its zone. Somebody who asks meanwhile sees what an article held before, or
    what it holds now. Raises RecordUnavailable when the record cannot be read or written.
    """
    total = number_stale(address, engine())
    done = 0
    with closing(open_record(address, clock)) as record, _reader(jobs) as read:
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


@contextmanager
def _reader(jobs: int) -> Iterator[_Read]:
    """Reads articles, here or in so many processes, in the order given."""
    if jobs <= 1:
        yield lambda articles: map(analyse, articles)
        return
    # started anew rather than forked: they have no business with our connections
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_end_with_parent) as pool:
        try:
            yield lambda articles: pool.map(analyse, articles, chunksize=_HANDED)
        except BrokenProcessPool as error:
            raise BriefingsError(
                "A process that read articles was ended from outside: what was read is kept; run it again."
            ) from error


def _end_with_parent() -> None:
    """A process whose parent was killed would wait for work for ever."""
    parent = parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=wait, daemon=True).start()
