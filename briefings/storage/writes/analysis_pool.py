"""Reads articles for what is found in them, here or in several processes at once.

Rule: the answers come in the order of the articles, and a process never outlives whoever asked it.

What a record can keep, checked before anything is written.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from threading import Thread

from briefings.attribution.analysis import Analysis, analyse
from briefings.errors import BadInput, BriefingsError
from briefings.model import Article
from briefings.storage.db.counters import QUOTES_PER_ARTICLE
from briefings.storage.writes.upsert import Arrival
from briefings.text.spans import explain_unstorable

#: articles handed to a process at a time
_CHUNK_SIZE = 4

Analyser = Callable[[Sequence[Article]], Iterable[Analysis]]


@contextmanager
def open_analyser(jobs: int) -> Iterator[Analyser]:
    """Reads articles, here or in so many processes, in the order given."""
    if jobs <= 1:
        yield lambda articles: map(analyse, articles)
        return
    # started anew rather than forked: they have no business with our connections
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_end_with_parent) as pool:
        try:
            yield lambda articles: pool.map(analyse, articles, chunksize=_CHUNK_SIZE)
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


def check_arrival(arrival: Arrival) -> None:
    """Raises BadInput when an article, or what was found in it, cannot be kept."""
    check_storable(arrival.article)
    if len(arrival.quotes) > QUOTES_PER_ARTICLE:
        raise BadInput(
            f"The article {arrival.article.id!r} holds over {QUOTES_PER_ARTICLE:,} quotes. Split it and add its parts."
        )


def check_storable(article: Article) -> None:
    """Raises BadInput when an article holds characters that cannot be kept."""
    for text in (article.id, article.publisher, article.url, article.title, article.byline, article.text):
        if text is not None and (reason := explain_unstorable(text)):
            raise BadInput(f"The article {article.id!r} {reason}. Correct it and add it again.")


def are_storable(*texts: str) -> bool:
    """Whether each of these could be kept."""
    return not any(explain_unstorable(text) for text in texts)
