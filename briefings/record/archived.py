"""Takes in what an archive tells of an article that is held, so that the order in which its shards come never matters.

Rule: of several tellings of one article, that of the shard with the greatest address stands, within a shard the last;
the others are its older versions, unless nothing came with them. What came otherwise than with an archive is newer than
any of them.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from briefings.model import Article
from briefings.record.index import Index
from briefings.record.naming import name_outlets
from briefings.record.rows import Values, told_of
from briefings.record.schema import article_versions, articles, shards
from briefings.record.taking import Arrival, keep, replace
from briefings.record.values import Standing


def take_archived(db: Connection, index: Index, came: Arrival, now: datetime, shard: str) -> Standing:
    """Adds a telling of a held article, inside the transaction that adds the shard of this address; gives how it stood.

    `now` is the shard's own `added_at`, whose row is there.
    """
    told = told_of(came.article)
    columns = [*(articles.c[name] for name in told), articles.c.added_at, articles.c.text]
    held = db.execute(select(*columns).where(articles.c.id == came.article.id).with_for_update()).one()
    brought_by = db.execute(select(shards.c.address).where(shards.c.added_at == held.added_at)).scalar()
    if tuple(held)[: len(told)] == tuple(told.values()):
        if brought_by is not None and brought_by < shard:
            db.execute(update(articles).where(articles.c.id == came.article.id).values(added_at=now))
        return Standing.HELD
    had_text, has_text = bool(held.text.strip()), bool(came.article.text.strip())
    if (has_text and not had_text) or (has_text >= had_text and brought_by is not None and brought_by <= shard):
        db.execute(delete(article_versions).where(_is_told(told)))
        if had_text:
            keep(db, came.article.id, now)
        replace(db, index, came, now)
        return Standing.CHANGED
    if has_text:
        _keep_as_older(db, came.article, told, now)
    return Standing.OLDER


def _keep_as_older(db: Connection, article: Article, told: Values, now: datetime) -> None:
    if db.execute(select(article_versions.c.id).where(_is_told(told))).first() is None:
        name_outlets(db, [article.publisher])
        beside = {name: value for name, value in told.items() if name != "id"}
        row = {"article": article.id, **beside, "text": article.text, "boilerplate": article.boilerplate}
        db.execute(insert(article_versions).values(**row, added_at=now, replaced_at=now))


def _is_told(told: Values) -> ColumnElement[bool]:
    """The versions that tell the very same."""
    same = (article_versions.c[name].is_not_distinct_from(told[name]) for name in told if name != "id")
    return and_(article_versions.c.article == told["id"], *same)
