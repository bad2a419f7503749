"""Upsert one article: insert it, replace its stored version, or change nothing.

Rule: one id is one article. A replaced version is archived and never restored: if it arrives again, for example from a
slow feed or an old archive, nothing changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, literal, select, update

from briefings.attribution.name_completion import KnownPerson
from briefings.errors import BadInput
from briefings.model import Article, Quote
from briefings.storage.db.arrivals import record_arrivals
from briefings.storage.db.bulk_insert import insert_quotes
from briefings.storage.db.counters import QUOTES_PER_ARTICLE, choose_next_number, choose_number, get_day, to_quote_id
from briefings.storage.db.full_text import FullTextIndex
from briefings.storage.db.row_mapping import (
    ColumnValues,
    find_damage,
    to_article_row,
    to_article_words,
    to_quote_rows,
    to_quote_words,
    to_source_fields,
)
from briefings.storage.db.schema import article_versions, articles, names, quotes, utterances
from briefings.storage.db.types import ArticleStatus
from briefings.storage.integrity.checksums import hash_text
from briefings.storage.integrity.column_types import UtcDateTime
from briefings.storage.writes.duplicates import link_duplicates, lock_writers, unlink_duplicates
from briefings.storage.writes.loading import complete_load
from briefings.storage.writes.names import insert_names, insert_outlets
from briefings.storage.writes.story_links import Member, add_to_stories, remove_from_stories
from briefings.storage.writes.utterances import NO_REPORTS, StoredReport, read_reports, regroup, to_reports
from briefings.text.spans import explain_unstorable

_VERSION_COLUMNS = (
    "outlet", "published", "url", "title", "byline", "text", "boilerplate", "quotation_elements", "provenance",
    "claimed_outlet", "content_hash", "added_at", "checksum",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Arrival:
    """Incoming article with its analysis; `engine` is the engine version, `names=None` means not extracted."""

    article: Article
    quotes: Sequence[Quote]
    names: Sequence[KnownPerson] | None = None
    engine: str | None = None


def check_arrival(arrival: Arrival) -> None:
    """Raise BadInput if an article has characters that cannot be stored, or over 65,536 quotes."""
    check_storable(arrival.article)
    if len(arrival.quotes) > QUOTES_PER_ARTICLE:
        raise BadInput(
            f"The article {arrival.article.id!r} has over {QUOTES_PER_ARTICLE:,} quotes. Split it and add its parts."
        )


def check_storable(article: Article) -> None:
    """Raise BadInput if an article has characters that cannot be stored."""
    for text in (article.id, article.publisher, article.url, article.title, article.byline, article.text):
        if text is not None and (reason := explain_unstorable(text)):
            raise BadInput(f"The article {article.id!r} {reason}. Correct it and add it again.")


def is_storable(text: str) -> bool:
    """Tell whether a text can be stored."""
    return explain_unstorable(text) is None


def upsert_article(db: Connection, index: FullTextIndex, arrival: Arrival, now: datetime) -> ArticleStatus:
    """Upsert an article in the caller's transaction, and return its status before the write.

    `now` has a time zone. Raises SQLAlchemy's IntegrityError if another writer was faster.
    """
    lock_writers(db)
    complete_load(db)
    article = arrival.article
    status = get_status(db, article, lock=True)
    if status is ArticleStatus.UPDATED:
        is_other_text = differs_in_text(db, article)
        archive_stored(db, article, now)
        replace_article(db, index, arrival, now)
        if is_other_text:
            record_arrivals(db, [article], now, is_new=False)
    elif status is ArticleStatus.NEW:
        insert_outlets(db, [article.publisher])
        number = find_free_number(db, article)
        db.execute(insert(articles).values({**to_article_row(article, number, now), **to_analysis_columns(arrival)}))
        _index_article(db, index, arrival, number)
        record_arrivals(db, [article], now, is_new=True)
    return status


def differs_in_text(db: Connection, article: Article) -> bool:
    """Tell whether a stored article has another text or title than the incoming one."""
    source_fields = to_source_fields(article)
    query = select(articles.c.content_hash, articles.c.title).where(articles.c.id == article.id)
    return tuple(db.execute(query).one()) != (source_fields["content_hash"], source_fields["title"])


def is_damaged(db: Connection, article_id: str) -> bool:
    """Tell whether the row of a stored article differs from its hash or checksum."""
    row = db.execute(select(articles).where(articles.c.id == article_id)).first()
    return row is not None and find_damage(article_id, row) is not None


def replace_article(db: Connection, index: FullTextIndex, arrival: Arrival, now: datetime) -> None:
    """Replace the stored article with the same id, in the caller's transaction."""
    complete_load(db)
    article = arrival.article
    insert_outlets(db, [article.publisher])
    old_number = get_number(db, article.id)
    index.drop_article(db, old_number)
    removed_reports = _delete_analysis(db, article.id, old_number)
    number = old_number if get_day(old_number) == article.published else find_free_number(db, article)
    row = {**to_article_row(article, number, now), **to_analysis_columns(arrival)}
    db.execute(update(articles).where(articles.c.id == article.id).values(row))
    unlink_duplicates(db, article.id, number)
    _index_article(db, index, arrival, number, removed_reports)


def archive_stored(db: Connection, incoming_article: Article, now: datetime) -> None:
    """Archive the stored article that an incoming one replaces. A damaged one is kept in quarantine.

    A damaged row with the same text is mended by the incoming article, so it is not kept.
    """
    if not is_damaged(db, incoming_article.id):
        archive_version(db, incoming_article.id, now)
        return
    stored_hash = select(articles.c.content_hash).where(articles.c.id == incoming_article.id)
    if db.execute(stored_hash).scalar_one() != hash_text(incoming_article.text):
        archive_version(db, incoming_article.id, now)
        newest = select(func.max(article_versions.c.id)).where(article_versions.c.article == incoming_article.id)
        is_newest = article_versions.c.id == newest.scalar_subquery()
        db.execute(update(article_versions).where(is_newest).values(checksum=None))


def archive_version(db: Connection, article_id: str, now: datetime) -> None:
    """Copy the stored article to `article_versions`."""
    columns = [articles.c.id, *(articles.c[name] for name in _VERSION_COLUMNS), literal(now, UtcDateTime)]
    stored_article = select(*columns).where(articles.c.id == article_id)
    db.execute(insert(article_versions).from_select(["article", *_VERSION_COLUMNS, "replaced_at"], stored_article))


def replace_analysis(db: Connection, index: FullTextIndex, arrival: Arrival) -> bool:
    """Replace the analysis of a stored article; return False if it is missing or has another text."""
    lock_writers(db)
    complete_load(db)
    source_fields = to_source_fields(arrival.article)
    query = select(articles.c.number, articles.c.content_hash).where(articles.c.id == arrival.article.id)
    stored_row = db.execute(query.with_for_update()).first()
    if stored_row is None or stored_row.content_hash != source_fields["content_hash"]:
        return False
    removed_reports = _delete_analysis(db, arrival.article.id, stored_row.number)
    db.execute(update(articles).where(articles.c.id == arrival.article.id).values(to_analysis_columns(arrival)))
    _write_analysis(db, index, arrival, stored_row.number, removed_reports)
    return True


def get_status(db: Connection, article: Article, *, lock: bool = False) -> ArticleStatus:
    """Return the status of an incoming article; `lock` prevents changes until the transaction ends.

    An article equal to a damaged one is an update, which mends it.
    """
    source_fields = to_source_fields(article)
    query = select(articles).where(articles.c.id == article.id)
    # SQLite has no row locks and needs none: it runs one writer at a time
    stored_row = db.execute(query.with_for_update() if lock else query).first()
    if stored_row is None:
        return ArticleStatus.NEW
    if all(getattr(stored_row, name) == value for name, value in source_fields.items()):
        return ArticleStatus.UPDATED if find_damage(article.id, stored_row) else ArticleStatus.UNCHANGED
    return ArticleStatus.OLDER if _is_outdated(db, article, source_fields, stored_row) else ArticleStatus.UPDATED


def to_analysis_columns(arrival: Arrival) -> ColumnValues:
    """Return the columns of `articles` that describe the analysis."""
    name_count = None if arrival.names is None else len(arrival.names)
    return {"quotes": len(arrival.quotes), "named": name_count, "engine": arrival.engine}


def get_number(db: Connection, article_id: str) -> int:
    """Return the number of a stored article."""
    number: int = db.execute(select(articles.c.number).where(articles.c.id == article_id)).scalar_one()
    return number


def find_free_number(db: Connection, article: Article) -> int:
    """Return the first free number, beginning with the preferred one."""
    number = choose_number(article.id, article.published)
    while db.execute(select(articles.c.number).where(articles.c.number == number)).first() is not None:
        number = choose_next_number(number)
    return number


def _is_outdated(db: Connection, article: Article, source_fields: ColumnValues, stored_row: Row[Any]) -> bool:
    """Tell whether the article equals an older version or is empty; for another text, metadata does not matter."""
    texts_differ = stored_row.content_hash != source_fields["content_hash"]
    if texts_differ and not article.text.strip():
        return True
    compared_columns = ["content_hash"] if texts_differ else [name for name in source_fields if name != "id"]
    query = select(*(article_versions.c[name] for name in compared_columns)).where(
        article_versions.c.article == article.id, article_versions.c.content_hash == source_fields["content_hash"]
    )
    incoming_values = tuple(source_fields[name] for name in compared_columns)
    return any(tuple(version) == incoming_values for version in db.execute(query))


def _index_article(
    db: Connection,
    index: FullTextIndex,
    arrival: Arrival,
    number: int,
    removed_reports: Sequence[StoredReport] = NO_REPORTS,
) -> None:
    """Add duplicates, index entries, quotes and names of an article whose row exists."""
    link_duplicates(db, [(arrival.article, number)])
    index.add(db, [to_article_words(arrival.article, number)], ())
    _write_analysis(db, index, arrival, number, removed_reports)


def to_member(arrival: Arrival, number: int) -> Member:
    """Return what links an article with the others of its story."""
    return Member(number, arrival.article, arrival.quotes, arrival.names)


def _delete_analysis(db: Connection, article_id: str, number: int) -> list[StoredReport]:
    """Delete the quotes, names and links of an article; return its reports, which then must be regrouped."""
    remove_from_stories(db, [number])
    removed_reports = read_reports(db, [article_id])
    db.execute(delete(quotes).where(quotes.c.article == article_id))
    # damage can delete quotes without their rows here
    own_ids = to_quote_id(number, 0), to_quote_id(number, QUOTES_PER_ARTICLE - 1)
    db.execute(delete(utterances).where(utterances.c.quote.between(*own_ids)))
    db.execute(delete(names).where(names.c.article == article_id))
    return removed_reports


def _write_analysis(
    db: Connection, index: FullTextIndex, arrival: Arrival, number: int, removed_reports: Sequence[StoredReport]
) -> None:
    """Write the quotes and names of an article that has none, and regroup them and the reports that it had."""
    words = to_quote_words(arrival.article, number, arrival.quotes)
    if rows := to_quote_rows(arrival.article, number, arrival.quotes):
        insert_quotes(db, rows)
        index.add(db, (), words)
    regroup(db, to_reports(arrival.quotes, words), removed_reports)
    insert_names(db, {arrival.article.id: arrival.names or ()})
    add_to_stories(db, [to_member(arrival, number)])
