"""Note which articles are stored without links to duplicates, to their stories and between their utterances.

Rule: a row is written in the transaction that inserts its article, and deleted in the one that links it. Until then the
article is read like any other: it is nobody's duplicate, completes no names, and its quotes stand alone.
Rule: an article that is news becomes an arrival when it is linked, so that no copy is announced as news.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import Connection, insert

from briefings.model import Article
from briefings.storage.db.arrivals import is_news
from briefings.storage.db.raw_rows import fetch_all
from briefings.storage.db.schema import pending_links

_SELECT_ANY = "SELECT 1 FROM pending_links LIMIT 1"


def defer_links(
    db: Connection, articles: Iterable[Article], numbers: Mapping[str, int], now: datetime, since: date | None
) -> None:
    """Note new articles, in the order in which they came. `numbers` are their numbers by id.

    Those that `record_arrivals` takes with `since` become arrivals of `now` when they are linked.
    """
    rows = [
        {"article": numbers[article.id], "arrived_at": now if is_news(article, since) else None} for article in articles
    ]
    if rows:
        db.execute(insert(pending_links), rows)


def has_pending(db: Connection) -> bool:
    """Tell whether links are pending. Cheap: it reads one entry of an index."""
    return bool(fetch_all(db, _SELECT_ANY))
