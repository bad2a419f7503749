"""Table of arrivals: a queue of the articles that came or changed, for a consumer such as the bot's watches.

Rule: an arrival is written in the transaction of its article, in every way of adding one. The consumer deletes it in
the transaction that stores the result, so that each arrival has its effect exactly once.
Rule: old arrivals are deleted with each new one, so that nothing grows without a consumer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection, delete, insert, select

from briefings.model import Article
from briefings.storage.db.schema import arrivals, copies

#: age at which an arrival is deleted unread
MAX_AGE = timedelta(days=2)
#: most arrivals of one call, and old ones deleted with one write
MAX_ARRIVALS, _MAX_PRUNED = 1_000, 10_000
#: ids in one statement
_CHUNK_SIZE = 500

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ArticleArrival:
    """An article that came or changed."""

    id: int
    #: id of the article
    article: str
    arrived_at: datetime
    #: False if an article that was stored before now has another text or title
    is_new: bool
    #: ids of its originals, the earlier articles with nearly the same text, sorted
    originals: tuple[str, ...] = ()


def record_arrivals(
    db: Connection, articles: Iterable[Article], now: datetime, *, is_new: bool, since: date | None = None
) -> None:
    """Write an arrival for each of these stored articles, in the caller's transaction; delete old arrivals.

    With `since`, articles from before that day, and undated ones, are left out.
    """
    rows = [
        {"article": article.id, "arrived_at": now, "is_new": is_new} for article in articles if is_news(article, since)
    ]
    if rows:
        db.execute(insert(arrivals), rows)
        prune_arrivals(db, now)


def is_news(article: Article, since: date | None) -> bool:
    """Tell whether an article is from that day or later; undated ones are not. Without `since`, every article is."""
    return since is None or (article.published is not None and article.published >= since)


def prune_arrivals(db: Connection, now: datetime) -> None:
    """Delete arrivals from more than two days ago, in the caller's transaction."""
    # rows that another process is reading are left to it: waiting for them could be a deadlock
    old_ids = (
        select(arrivals.c.id)
        .where(arrivals.c.arrived_at < now - MAX_AGE)
        .limit(_MAX_PRUNED)
        .with_for_update(skip_locked=True)
    )
    db.execute(delete(arrivals).where(arrivals.c.id.in_(old_ids)))


def has_arrivals(db: Connection) -> bool:
    """Tell whether there are arrivals. Cheap: it reads one entry of an index."""
    return db.execute(select(arrivals.c.id).limit(1)).first() is not None


def list_arrivals(db: Connection, limit: int = MAX_ARRIVALS, *, lock: bool = True) -> tuple[ArticleArrival, ...]:
    """Return the first `limit` arrivals, the oldest first. An article that changed twice has two.

    With `lock`, in a writing transaction, no other process gets them until it ends: PostgreSQL leaves out those that
    another process has locked, and SQLite lets other writers wait.
    """
    query = select(arrivals).order_by(arrivals.c.id).limit(max(0, min(limit, MAX_ARRIVALS)))
    rows = db.execute(query.with_for_update(skip_locked=True) if lock else query).all()
    originals = _find_originals(db, sorted({row.article for row in rows}))
    return tuple(
        ArticleArrival(row.id, row.article, row.arrived_at, row.is_new, originals.get(row.article, ())) for row in rows
    )


def delete_arrivals(db: Connection, ids: Iterable[int]) -> frozenset[int]:
    """Delete arrivals in the caller's transaction; return the ids of those that were there.

    An arrival that is not among them belongs to another process, which was faster.
    """
    deleted_ids: set[int] = set()
    for chunk in _split(sorted(set(ids))):
        statement = delete(arrivals).where(arrivals.c.id.in_(chunk)).returning(arrivals.c.id)
        deleted_ids.update(db.execute(statement).scalars())
    return frozenset(deleted_ids)


def lock_arrivals(db: Connection, ids: Iterable[int]) -> frozenset[int]:
    """Return the ids of the arrivals that are still there; other processes wait until the transaction ends."""
    return frozenset(
        arrival_id
        for chunk in _split(sorted(set(ids)))
        for arrival_id in db.execute(select(arrivals.c.id).where(arrivals.c.id.in_(chunk)).with_for_update()).scalars()
    )


def _find_originals(db: Connection, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    originals: dict[str, tuple[str, ...]] = {}
    for chunk in _split(ids):
        query = select(copies.c.article, copies.c.of).where(copies.c.article.in_(chunk))
        for row in db.execute(query.order_by(copies.c.article, copies.c.of)):
            originals[row.article] = (*originals.get(row.article, ()), row.of)
    return originals


def _split(items: Sequence[_T]) -> Iterable[Sequence[_T]]:
    return (items[start : start + _CHUNK_SIZE] for start in range(0, len(items), _CHUNK_SIZE))
