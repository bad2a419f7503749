"""Takes an article in: it is new, or takes the place of its older version, or changes nothing.

Rule: an id is an article. What it told before is kept when it tells something else, and never comes back by itself: an
older version that comes again, as from a slow feed or an old archive, changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, delete, insert, literal, select, update

from briefings.attribution.name_completion import KnownPerson
from briefings.model import Article, Quote
from briefings.storage.db.bulk_insert import insert_quotes
from briefings.storage.db.counters import choose_next_number, choose_number, get_day
from briefings.storage.db.full_text import FullTextIndex
from briefings.storage.db.row_mapping import (
    ColumnValues,
    to_article_row,
    to_article_words,
    to_quote_rows,
    to_quote_words,
    to_source_fields,
)
from briefings.storage.db.schema import UtcDateTime, article_versions, articles, names, quotes
from briefings.storage.db.types import ArticleStatus
from briefings.storage.writes.duplicates import link_duplicates, lock_writers, unlink_duplicates
from briefings.storage.writes.names import insert_names, insert_outlets

_VERSION_COLUMNS = ("outlet", "published", "url", "title", "byline", "text", "boilerplate", "content_hash", "added_at")


@dataclass(frozen=True, slots=True)
class Arrival:
    """An article and what was found in it; `names` None when nobody looked, `engine` the version that found it."""

    article: Article
    quotes: Sequence[Quote]
    names: Sequence[KnownPerson] | None = None
    engine: str | None = None


def upsert_article(db: Connection, index: FullTextIndex, arrival: Arrival, now: datetime) -> ArticleStatus:
    """Adds an article with its quotes where that changes anything, inside the caller's transaction; gives how it stood.

    `now` is a moment with its zone. An IntegrityError of the database means that another writer was faster.
    """
    lock_writers(db)
    article = arrival.article
    status = get_status(db, article, lock=True)
    if status is ArticleStatus.CHANGED:
        archive_version(db, article.id, now)
        replace_article(db, index, arrival, now)
    elif status is ArticleStatus.NEW:
        insert_outlets(db, [article.publisher])
        number = find_free_number(db, article)
        db.execute(insert(articles).values({**to_article_row(article, number, now), **to_analysis_columns(arrival)}))
        _index_article(db, index, arrival, number)
    return status


def replace_article(db: Connection, index: FullTextIndex, arrival: Arrival, now: datetime) -> None:
    """Puts an article in the place of what is held under its id, inside the caller's transaction."""
    article = arrival.article
    insert_outlets(db, [article.publisher])
    old_number = get_number(db, article.id)
    index.drop_article(db, old_number)
    _delete_analysis(db, article.id)
    number = old_number if get_day(old_number) == article.published else find_free_number(db, article)
    row = {**to_article_row(article, number, now), **to_analysis_columns(arrival)}
    db.execute(update(articles).where(articles.c.id == article.id).values(row))
    unlink_duplicates(db, article.id, number)
    _index_article(db, index, arrival, number)


def archive_version(db: Connection, article_id: str, now: datetime) -> None:
    """Makes what is held under an id one of its older versions."""
    columns = [articles.c.id, *(articles.c[name] for name in _VERSION_COLUMNS), literal(now, UtcDateTime)]
    stored_article = select(*columns).where(articles.c.id == article_id)
    db.execute(insert(article_versions).from_select(["article", *_VERSION_COLUMNS, "replaced_at"], stored_article))


def replace_analysis(db: Connection, index: FullTextIndex, arrival: Arrival) -> bool:
    """Puts what was found into the place of what was found before; False when another text is held by now."""
    source_fields = to_source_fields(arrival.article)
    query = select(articles.c.number, articles.c.content_hash).where(articles.c.id == arrival.article.id)
    stored_row = db.execute(query.with_for_update()).first()
    if stored_row is None or stored_row.content_hash != source_fields["content_hash"]:
        return False
    _delete_analysis(db, arrival.article.id)
    db.execute(update(articles).where(articles.c.id == arrival.article.id).values(to_analysis_columns(arrival)))
    _write_analysis(db, index, arrival, stored_row.number)
    return True


def get_status(db: Connection, article: Article, *, lock: bool = False) -> ArticleStatus:
    """How `article` stands to what is held; with `lock`, nobody else changes that before the transaction ends."""
    source_fields = to_source_fields(article)
    query = select(*(articles.c[name] for name in source_fields)).where(articles.c.id == article.id)
    # SQLite has no row locks and needs none: its transactions that write stand in line
    stored_row = db.execute(query.with_for_update() if lock else query).first()
    if stored_row is None:
        return ArticleStatus.NEW
    if tuple(stored_row) == tuple(source_fields.values()):
        return ArticleStatus.UNCHANGED
    return ArticleStatus.OLDER if _is_outdated(db, article, source_fields, stored_row) else ArticleStatus.CHANGED


def to_analysis_columns(arrival: Arrival) -> ColumnValues:
    """The columns of `articles` that tell of what was found."""
    name_count = None if arrival.names is None else len(arrival.names)
    return {"quotes": len(arrival.quotes), "named": name_count, "engine": arrival.engine}


def get_number(db: Connection, article_id: str) -> int:
    """The number of an article that is held."""
    number: int = db.execute(select(articles.c.number).where(articles.c.id == article_id)).scalar_one()
    return number


def find_free_number(db: Connection, article: Article) -> int:
    """The first number of an article's choice that no other has."""
    number = choose_number(article.id, article.published)
    while db.execute(select(articles.c.number).where(articles.c.number == number)).first() is not None:
        number = choose_next_number(number)
    return number


def _is_outdated(
    db: Connection, article: Article, source_fields: ColumnValues, stored_row: Row[tuple[object, ...]]
) -> bool:
    """Whether this was held before, or nothing came: a text that was replaced stays so, whatever is told beside it."""
    texts_differ = stored_row.content_hash != source_fields["content_hash"]
    if texts_differ and not article.text.strip():
        return True
    compared_columns = ["content_hash"] if texts_differ else [name for name in source_fields if name != "id"]
    query = select(*(article_versions.c[name] for name in compared_columns)).where(
        article_versions.c.article == article.id, article_versions.c.content_hash == source_fields["content_hash"]
    )
    return any(tuple(older) == tuple(source_fields[name] for name in compared_columns) for older in db.execute(query))


def _index_article(db: Connection, index: FullTextIndex, arrival: Arrival, number: int) -> None:
    """Lets an article whose row is there be found: by its words, its quotes, its names and its copies."""
    link_duplicates(db, [(arrival.article, number)])
    index.add(db, [to_article_words(arrival.article, number)], ())
    _write_analysis(db, index, arrival, number)


def _delete_analysis(db: Connection, article_id: str) -> None:
    db.execute(delete(quotes).where(quotes.c.article == article_id))
    db.execute(delete(names).where(names.c.article == article_id))


def _write_analysis(db: Connection, index: FullTextIndex, arrival: Arrival, number: int) -> None:
    """Writes the quotes and names of an article whose row is there and which has none."""
    if rows := to_quote_rows(arrival.article, number, arrival.quotes):
        insert_quotes(db, rows)
        index.add(db, (), to_quote_words(arrival.article, number, arrival.quotes))
    insert_names(db, {arrival.article.id: arrival.names or ()})
