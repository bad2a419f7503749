"""Analyse articles in this process or in a pool of processes.

Rule: results come in the order of the articles, and a worker never outlives its parent.
"""

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from threading import Thread, current_thread, main_thread
from typing import TYPE_CHECKING

from briefings.errors import BriefingsError
from briefings.model import Article

if TYPE_CHECKING:
    from briefings.attribution.analysis import Analysis

#: articles sent to a process at a time
_CHUNK_SIZE = 4

Analyser = Callable[[Sequence[Article]], Iterable["Analysis"]]


@contextmanager
def open_analyser(jobs: int) -> Iterator[Analyser]:
    """Yield a function that analyses articles in order, in this process or in `jobs` processes.

    Raises BriefingsError if a worker process dies.
    """
    from briefings.attribution.analysis import analyse  # slow to import, and answers do not need it

    if jobs <= 1:
        yield lambda articles: map(analyse, articles)
        return
    # spawned, not forked, so that workers do not inherit database connections
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_end_with_parent) as pool:
        with _ignore_interrupts():
            for _ in range(jobs):  # starts the workers, which inherit that they ignore Ctrl-C: it ends the parent
                pool.submit(int)
        try:
            yield lambda articles: pool.map(analyse, articles, chunksize=_CHUNK_SIZE)
        except BrokenProcessPool as error:
            raise BriefingsError(
                "A process that analysed articles was killed. Finished articles are saved: run the command again."
            ) from error


@contextmanager
def _ignore_interrupts() -> Iterator[None]:
    """Ignore Ctrl-C for a moment; only the main thread can do this."""
    if current_thread() is not main_thread():
        yield
        return
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)


def _end_with_parent() -> None:
    """Exit when the parent process dies; the worker would otherwise wait for work for ever."""
    parent = parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=wait, daemon=True).start()
