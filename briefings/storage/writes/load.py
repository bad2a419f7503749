"""Load many articles: insert them in batches, and link all of them at the end.

Rule: whether links are deferred never changes what is stored at the end (see `loading`).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from itertools import islice

from sqlalchemy import Connection

from briefings.errors import BadInput
from briefings.storage.db.full_text import FullTextIndex
from briefings.storage.db.types import ArticleStatus
from briefings.storage.writes.bulk_upsert import bulk_upsert
from briefings.storage.writes.loading import complete_load
from briefings.storage.writes.upsert import Arrival, check_arrival, get_status, upsert_article


def load_articles(
    run_in_transaction: Callable[[Callable[[Connection], int]], int],
    index: FullTextIndex,
    arrivals: Iterable[Arrival],
    batch_size: int,
    clock: Callable[[], datetime],
) -> int:
    """Upsert articles in transactions of `batch_size`, and return how many were new or updated.

    Raises BadInput for an article that cannot be stored; earlier batches stay stored. After another error, the next
    writer links them.
    """
    remaining_arrivals, write_count, is_load = iter(arrivals), 0, False
    batch_size = max(1, batch_size)
    try:
        while batch := list(islice(remaining_arrivals, batch_size)):
            is_load = is_load or len(batch) == batch_size
            write_count += run_in_transaction(partial(_insert, index, batch, clock, is_load))
    except BadInput:
        if is_load:
            run_in_transaction(_complete)
        raise
    if is_load:
        run_in_transaction(_complete)
    return write_count


def _insert(
    index: FullTextIndex, batch: Sequence[Arrival], clock: Callable[[], datetime], is_load: bool, db: Connection
) -> int:
    for arrival in batch:
        check_arrival(arrival)
    statuses = bulk_upsert(db, index, batch, clock(), _upsert_changed, are_links_deferred=is_load)
    return sum(status in (ArticleStatus.NEW, ArticleStatus.UPDATED) for status in statuses)


def _upsert_changed(db: Connection, index: FullTextIndex, arrival: Arrival, now: datetime) -> ArticleStatus:
    """Upsert a stored article; one that is unchanged does not complete the load."""
    if get_status(db, arrival.article) is ArticleStatus.UNCHANGED:
        return ArticleStatus.UNCHANGED
    return upsert_article(db, index, arrival, now)


def _complete(db: Connection) -> int:
    complete_load(db)
    return 0
