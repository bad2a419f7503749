"""Takes an article in: it is new, or takes the place of its older version, or changes nothing.

Rule: an id is an article. What it told before is kept when it tells something else, and never comes back by itself: an
older version that comes again, as from a slow feed or an old archive, changes nothing.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, delete, insert, literal, select, update

from briefings.model import Article, Quote
from briefings.record.rows import Values, article_row, quote_rows, told_of
from briefings.record.schema import Moment, article_versions, articles, outlets, quotes
from briefings.record.values import Standing

_KEPT = ("outlet", "published", "url", "title", "byline", "text", "boilerplate", "content_hash", "added_at")


def take(db: Connection, article: Article, found: Sequence[Quote], now: datetime) -> Standing:
    """Adds `article` with its quotes where that changes anything, inside the caller's transaction; gives how it stood.

    `now` is a moment with its zone. An IntegrityError of the database means that another writer was faster.
    """
    stood = standing(db, article, lock=True)
    if stood in (Standing.HELD, Standing.OLDER):
        return stood
    _name_outlet(db, article.publisher)
    if stood is Standing.CHANGED:
        _keep(db, article.id, now)
        db.execute(delete(quotes).where(quotes.c.article == article.id))
        db.execute(update(articles).where(articles.c.id == article.id).values(article_row(article, now)))
    else:
        db.execute(insert(articles).values(article_row(article, now)))
    if rows := quote_rows(article, found):
        db.execute(insert(quotes), rows)
    return stood


def standing(db: Connection, article: Article, *, lock: bool = False) -> Standing:
    """How `article` stands to what is held; with `lock`, nobody else changes that before the transaction ends."""
    told = told_of(article)
    query = select(*(articles.c[name] for name in told)).where(articles.c.id == article.id)
    # SQLite has no row locks and needs none: its transactions that write stand in line
    held = db.execute(query.with_for_update() if lock else query).first()
    if held is None:
        return Standing.NEW
    if tuple(held) == tuple(told.values()):
        return Standing.HELD
    return Standing.OLDER if _came_before(db, article, told, held) else Standing.CHANGED


def _came_before(db: Connection, article: Article, told: Values, held: Row[tuple[object, ...]]) -> bool:
    """Whether this was held before, or nothing came: a text that was replaced stays so, whatever is told beside it."""
    texts_differ = held.content_hash != told["content_hash"]
    if texts_differ and not article.text.strip():
        return True
    names = ["content_hash"] if texts_differ else [name for name in told if name != "id"]
    query = select(*(article_versions.c[name] for name in names)).where(
        article_versions.c.article == article.id, article_versions.c.content_hash == told["content_hash"]
    )
    return any(tuple(older) == tuple(told[name] for name in names) for older in db.execute(query))


def _keep(db: Connection, article_id: str, now: datetime) -> None:
    columns = [articles.c.id, *(articles.c[name] for name in _KEPT), literal(now, Moment)]
    held = select(*columns).where(articles.c.id == article_id)
    db.execute(insert(article_versions).from_select(["article", *_KEPT, "replaced_at"], held))


def _name_outlet(db: Connection, name: str | None) -> None:
    if name is not None and db.execute(select(outlets).where(outlets.c.name == name)).first() is None:
        db.execute(insert(outlets).values(name=name))
