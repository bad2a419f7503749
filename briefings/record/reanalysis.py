"""Reads again what another engine has read, while the record is in use.

Rule: one transaction an article. What is done is marked with the engine that did it, so that a run may be ended at any
moment, and the next one goes on where it was.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime

from briefings.attribution.analysis import get_engine_version
from briefings.record.copying import Progress, ignore_progress
from briefings.record.integrity import count_stale_articles
from briefings.record.reader import open_analyser
from briefings.record.store import Repository, open_repository

#: articles in memory at a time
_REANALYSIS_PAGE_SIZE = 64


def reanalyse(
    address: str, clock: Callable[[], datetime], *, jobs: int = 1, progress: Progress = ignore_progress
) -> int:
    """Reads every article that another engine has read; gives how many it has read.

    `clock` gives the present moment with its zone. Somebody who asks meanwhile sees what an article held before, or
    what it holds now. Raises RecordUnavailable when the record cannot be read or written.
    """
    total = count_stale_articles(address, get_engine_version())
    done_count = 0
    with closing(open_repository(address, clock)) as repository, open_analyser(jobs) as analyse_articles:
        for page in _iterate_stale_ids(repository):
            articles = repository.get_articles(page)
            for article, analysis in zip(articles, analyse_articles(articles), strict=True):
                # not when it was removed or has another text since: that is read by whoever brought it
                done_count += repository.replace_quotes(
                    article, analysis.quotes, names=analysis.names, engine=analysis.engine
                )
                progress(done_count, max(total, done_count))
    return done_count


def _iterate_stale_ids(repository: Repository) -> Iterator[Sequence[str]]:
    """Ids of what another engine has read, each once, a page at a time."""
    seen_ids: set[str] = set()
    while ids := [
        article_id for article_id in repository.list_stale_ids(get_engine_version()) if article_id not in seen_ids
    ]:
        for start in range(0, len(ids), _REANALYSIS_PAGE_SIZE):
            yield ids[start : start + _REANALYSIS_PAGE_SIZE]
        seen_ids.update(ids)
