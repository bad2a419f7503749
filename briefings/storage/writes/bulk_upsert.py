"""Upsert many articles in one transaction, with the same result as one at a time.

Rule: new articles are inserted together, table by table; all others are upserted one by one.
Rule: the order in which archive shards arrive does not matter. Of several versions of an article, the shard with the
highest address wins, and within a shard the last version; non-empty others become older versions. An article that did
not come from an archive counts as newer than all of them.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from briefings.model import Article
from briefings.storage.db.arrivals import record_arrivals
from briefings.storage.db.bulk_insert import insert_articles, insert_quotes
from briefings.storage.db.counters import choose_next_number, choose_number
from briefings.storage.db.full_text import FullTextIndex
from briefings.storage.db.row_mapping import (
    ColumnValues,
    compute_checksum,
    to_article_row,
    to_article_words,
    to_quote_rows,
    to_quote_words,
    to_source_fields,
)
from briefings.storage.db.schema import article_versions, articles, shards
from briefings.storage.db.types import ArticleStatus
from briefings.storage.writes.duplicates import link_duplicates, lock_writers
from briefings.storage.writes.loading import complete_if_due, complete_load, defer_links
from briefings.storage.writes.names import insert_names, insert_outlets
from briefings.storage.writes.story_links import add_to_stories
from briefings.storage.writes.upsert import (
    Arrival,
    archive_stored,
    differs_in_text,
    get_status,
    is_damaged,
    replace_article,
    to_analysis_columns,
    to_member,
    upsert_article,
)
from briefings.storage.writes.utterances import regroup, to_reports

#: age, in days, up to which an article from an archive is news to those who wait for arrivals
_MAX_NEWS_DAYS = timedelta(days=1)
#: upserts an article that may be stored already
Upsert = Callable[[Connection, FullTextIndex, Arrival, datetime], ArticleStatus]


def bulk_upsert(
    db: Connection,
    index: FullTextIndex,
    arrivals: Sequence[Arrival],
    now: datetime,
    upsert_known: Upsert = upsert_article,
    *,
    news_since: date | None = None,
    are_links_deferred: bool = False,
) -> list[ArticleStatus]:
    """Upsert articles in the caller's transaction, and return their statuses in order.

    Stored and repeated articles go to `upsert_known`. With `news_since`, new articles from before that day are no
    arrivals. With `are_links_deferred`, new articles are linked and become arrivals when the load is completed, unless
    a stored article changes. Raises SQLAlchemy's IntegrityError if another writer was faster.
    """
    with _pause_collector():
        return _bulk_upsert(db, index, arrivals, now, upsert_known, news_since, are_links_deferred=are_links_deferred)


def upsert_archived(db: Connection, index: FullTextIndex, arrival: Arrival, now: datetime, shard: str) -> ArticleStatus:
    """Upsert a stored article from an archive, in the transaction that adds its shard; return its status.

    `shard` is the shard's address, and `now` is the `added_at` of its row, which exists.
    """
    source_fields = to_source_fields(arrival.article)
    columns = [*(articles.c[name] for name in source_fields), articles.c.added_at, articles.c.text]
    stored_row = db.execute(select(*columns).where(articles.c.id == arrival.article.id).with_for_update()).one()
    source_shard = db.execute(select(shards.c.address).where(shards.c.added_at == stored_row.added_at)).scalar()
    if tuple(stored_row)[: len(source_fields)] == tuple(source_fields.values()):
        if is_damaged(db, arrival.article.id):
            replace_article(db, index, arrival, now)
            return ArticleStatus.UPDATED
        if source_shard is not None and source_shard < shard:
            db.execute(update(articles).where(articles.c.id == arrival.article.id).values(added_at=now))
        return ArticleStatus.UNCHANGED
    had_text, has_text = bool(stored_row.text.strip()), bool(arrival.article.text.strip())
    if (has_text and not had_text) or (has_text >= had_text and source_shard is not None and source_shard <= shard):
        db.execute(delete(article_versions).where(_match_version(source_fields)))
        is_other_text = differs_in_text(db, arrival.article)
        if had_text:
            archive_stored(db, arrival.article, now)
        replace_article(db, index, arrival, now)
        if is_other_text:
            record_arrivals(db, [arrival.article], now, is_new=False, since=get_first_news_day(now))
        return ArticleStatus.UPDATED
    if has_text:
        _archive_as_older(db, arrival.article, source_fields, now)
    return ArticleStatus.OLDER


def get_first_news_day(now: datetime) -> date:
    """Return the day since which an article from an archive counts as news."""
    return (now - _MAX_NEWS_DAYS).date()


@contextmanager
def _pause_collector() -> Iterator[None]:
    """Pause the search for reference cycles: rows have none, and it would look through all of a batch many times.

    Python counts the references of other threads' objects meanwhile, and looks for their cycles after the block.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _bulk_upsert(
    db: Connection,
    index: FullTextIndex,
    arrivals: Sequence[Arrival],
    now: datetime,
    upsert_known: Upsert,
    news_since: date | None,
    *,
    are_links_deferred: bool,
) -> list[ArticleStatus]:
    lock_writers(db)
    if not are_links_deferred:
        complete_load(db)
    ids = [arrival.article.id for arrival in arrivals]
    stored_ids = set(db.execute(select(articles.c.id).where(articles.c.id.in_(ids))).scalars())
    new_arrivals: dict[str, Arrival] = {}
    known_arrivals = []
    statuses = [ArticleStatus.NEW] * len(arrivals)
    for position, arrival in enumerate(arrivals):
        if arrival.article.id in stored_ids or arrival.article.id in new_arrivals:
            known_arrivals.append((arrival, position))
        else:
            new_arrivals[arrival.article.id] = arrival
    # sorted by id, as in every writer, so that writers never deadlock
    sorted_arrivals = [new_arrivals[article_id] for article_id in sorted(new_arrivals)]
    numbers = _add_new(db, index, sorted_arrivals, now, are_links_deferred=are_links_deferred)
    # in order of arrival, so that a duplicate follows its original
    new_articles = [arrival.article for arrival in new_arrivals.values()]
    if are_links_deferred:
        defer_links(db, new_articles, numbers, now, news_since)
        if any(get_status(db, arrival.article) is not ArticleStatus.UNCHANGED for arrival, _ in known_arrivals):
            complete_load(db)  # what changes must be linked before
        else:
            complete_if_due(db)
    else:
        link_duplicates(db, [(article, numbers[article.id]) for article in new_articles])
        record_arrivals(db, new_articles, now, is_new=True, since=news_since)
    for arrival, position in sorted(known_arrivals, key=lambda pair: pair[0].article.id):
        statuses[position] = upsert_known(db, index, arrival, now)
    return statuses


def _add_new(
    db: Connection, index: FullTextIndex, arrivals: Sequence[Arrival], now: datetime, *, are_links_deferred: bool
) -> dict[str, int]:
    """Insert articles that are not stored yet, and link their stories and utterances unless that is deferred.

    Return their numbers by id.
    """
    if not arrivals:
        return {}
    numbers = _assign_numbers(db, arrivals)
    insert_outlets(db, (arrival.article.publisher for arrival in arrivals))
    numbered_arrivals = list(zip(arrivals, numbers, strict=True))
    insert_articles(
        db, ({**to_article_row(a.article, number, now), **to_analysis_columns(a)} for a, number in numbered_arrivals)
    )
    insert_names(db, {arrival.article.id: arrival.names or () for arrival in arrivals})
    # rows are sorted by number, so that they are appended to the tables rather than spread over them
    by_number = sorted(numbered_arrivals, key=lambda pair: pair[1])
    insert_quotes(db, (row for a, number in by_number for row in to_quote_rows(a.article, number, a.quotes)))
    words = [to_article_words(a.article, number) for a, number in by_number]
    quote_words = [row for a, number in by_number for row in to_quote_words(a.article, number, a.quotes)]
    index.add(db, words, quote_words)
    if not are_links_deferred:
        add_to_stories(db, (to_member(arrival, number) for arrival, number in numbered_arrivals))
        regroup(db, to_reports((quote for arrival, _ in by_number for quote in arrival.quotes), quote_words))
    return {arrival.article.id: number for arrival, number in numbered_arrivals}


def _assign_numbers(db: Connection, arrivals: Iterable[Arrival]) -> list[int]:
    """Return a free number for each article in order, as `find_free_number` does."""
    choices = [choose_number(arrival.article.id, arrival.article.published) for arrival in arrivals]
    taken_numbers = _find_taken_numbers(db, choices)
    numbers = []
    for choice in choices:
        number = choice
        while number in taken_numbers or (number != choice and _find_taken_numbers(db, [number])):
            number = choose_next_number(number)
        taken_numbers.add(number)
        numbers.append(number)
    return numbers


def _find_taken_numbers(db: Connection, numbers: Sequence[int]) -> set[int]:
    return set(db.execute(select(articles.c.number).where(articles.c.number.in_(numbers))).scalars())


def _archive_as_older(db: Connection, article: Article, source_fields: ColumnValues, now: datetime) -> None:
    if db.execute(select(article_versions.c.id).where(_match_version(source_fields))).first() is None:
        insert_outlets(db, [article.publisher])
        other_fields = {name: value for name, value in source_fields.items() if name != "id"}
        spans = {"boilerplate": article.boilerplate, "quotation_elements": article.quotation_elements}
        row = {
            "article": article.id,
            **other_fields,
            "text": article.text,
            **spans,
            "checksum": compute_checksum(article),
        }
        db.execute(insert(article_versions).values(**row, added_at=now, replaced_at=now))


def _match_version(source_fields: ColumnValues) -> ColumnElement[bool]:
    """Match the older versions that equal the article in every source field."""
    conditions = (
        article_versions.c[name].is_not_distinct_from(source_fields[name]) for name in source_fields if name != "id"
    )
    return and_(article_versions.c.article == source_fields["id"], *conditions)
