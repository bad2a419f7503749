"""Takes in what an archive tells of an article that is held, so that the order in which its shards come never matters.

Rule: of several tellings of one article, that of the shard with the greatest address stands, within a shard the last;
the others are its older versions, unless nothing came with them. What came otherwise than with an archive is newer than
any of them.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from briefings.model import Article
from briefings.record.index import FullTextIndex
from briefings.record.naming import insert_outlets
from briefings.record.rows import ColumnValues, to_source_fields
from briefings.record.schema import article_versions, articles, shards
from briefings.record.taking import Arrival, archive_version, replace_article
from briefings.record.values import ArticleStatus


def upsert_archived(db: Connection, index: FullTextIndex, arrival: Arrival, now: datetime, shard: str) -> ArticleStatus:
    """Adds a telling of a held article, inside the transaction that adds the shard of this address; gives how it stood.

    `now` is the shard's own `added_at`, whose row is there.
    """
    source_fields = to_source_fields(arrival.article)
    columns = [*(articles.c[name] for name in source_fields), articles.c.added_at, articles.c.text]
    stored_row = db.execute(select(*columns).where(articles.c.id == arrival.article.id).with_for_update()).one()
    source_shard = db.execute(select(shards.c.address).where(shards.c.added_at == stored_row.added_at)).scalar()
    if tuple(stored_row)[: len(source_fields)] == tuple(source_fields.values()):
        if source_shard is not None and source_shard < shard:
            db.execute(update(articles).where(articles.c.id == arrival.article.id).values(added_at=now))
        return ArticleStatus.UNCHANGED
    had_text, has_text = bool(stored_row.text.strip()), bool(arrival.article.text.strip())
    if (has_text and not had_text) or (has_text >= had_text and source_shard is not None and source_shard <= shard):
        db.execute(delete(article_versions).where(_match_version(source_fields)))
        if had_text:
            archive_version(db, arrival.article.id, now)
        replace_article(db, index, arrival, now)
        return ArticleStatus.CHANGED
    if has_text:
        _archive_as_older(db, arrival.article, source_fields, now)
    return ArticleStatus.OLDER


def _archive_as_older(db: Connection, article: Article, source_fields: ColumnValues, now: datetime) -> None:
    if db.execute(select(article_versions.c.id).where(_match_version(source_fields))).first() is None:
        insert_outlets(db, [article.publisher])
        other_fields = {name: value for name, value in source_fields.items() if name != "id"}
        row = {"article": article.id, **other_fields, "text": article.text, "boilerplate": article.boilerplate}
        db.execute(insert(article_versions).values(**row, added_at=now, replaced_at=now))


def _match_version(source_fields: ColumnValues) -> ColumnElement[bool]:
    """The versions that tell the very same."""
    conditions = (
        article_versions.c[name].is_not_distinct_from(source_fields[name]) for name in source_fields if name != "id"
    )
    return and_(article_versions.c.article == source_fields["id"], *conditions)
