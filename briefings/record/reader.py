"""Reads articles for what is found in them, here or in several processes at once.

Rule: the answers come in the order of the articles, and a process never outlives whoever asked it.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from threading import Thread

from briefings.attribution.analysis import Analysis, analyse
from briefings.errors import BriefingsError
from briefings.model import Article

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
