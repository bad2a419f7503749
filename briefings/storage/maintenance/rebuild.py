"""Rebuild derived data: full-text indexes, utterances, story links, and the analysis by older engine versions.

Rule: an index contains nothing that the rows do not, so it can always be rebuilt.
Rule: re-analysis commits each article with its engine version, so a run can stop at any time and the next continues.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import Connection, Row, select

from briefings.attribution.analysis import get_engine_version
from briefings.model import Article, Kind, Quote, Speaker
from briefings.storage.db.creation import full_text_tables
from briefings.storage.db.row_mapping import to_article_words, to_quote_words
from briefings.storage.db.schema import articles, quotes
from briefings.storage.integrity.column_types import DAMAGED_SPANS
from briefings.storage.maintenance.integrity import count_stale_articles
from briefings.storage.maintenance.tables import Progress, count_rows, ignore_progress
from briefings.storage.repository import Repository, open_repository
from briefings.storage.session import get_index, open_database, run_in_transaction
from briefings.storage.writes.analysis_pool import open_analyser
from briefings.storage.writes.duplicates import lock_writers
from briefings.storage.writes.loading import rebuild_links

#: articles indexed at a time
_PAGE_SIZE = 100
#: articles re-analysed at a time
_REANALYSIS_PAGE_SIZE = 64
#: FTS5 can empty a damaged index only by dropping it
_RESET_ON_SQLITE = (
    *(f"DROP TRIGGER {name}" for name in ("quotes_gone", "articles_gone")),
    *(f"DROP TABLE IF EXISTS {name}" for name in ("quote_vocabulary", "quote_words", "article_words", "words")),
    *full_text_tables.SQLITE,
)
#: readers on PostgreSQL would have to wait for dropped tables, so rows are deleted instead
_RESET_ON_POSTGRESQL = ("DELETE FROM quote_words", "DELETE FROM article_words", "DELETE FROM words")


def reindex(address: str, progress: Progress = ignore_progress) -> int:
    """Rebuild the indexes, utterances and story links in one transaction, and return the count of articles.

    Readers use the old indexes until it ends. Writers wait, or fail with "try again". Raises DatabaseUnavailable.
    """
    with open_database(address) as engine:
        return run_in_transaction(engine, lambda db: rebuild_all(db, progress))


def rebuild_all(db: Connection, progress: Progress = ignore_progress) -> int:
    """Rebuild the indexes, utterances and story links in the caller's transaction; return the count of articles."""
    lock_writers(db)
    article_count = index_all(db, progress)
    rebuild_links(db)
    return article_count


def index_all(db: Connection, progress: Progress = ignore_progress) -> int:
    """Empty the indexes and index every article in the caller's transaction; return the count of articles."""
    on_sqlite = db.dialect.name == "sqlite"
    for statement in _RESET_ON_SQLITE if on_sqlite else _RESET_ON_POSTGRESQL:
        db.exec_driver_sql(statement)
    index = get_index(db)
    done_count, total = 0, count_rows(db, articles)
    for page in _iterate_pages(db):
        quotes_by_article = _load_quotes(db, [row.id for row in page])
        numbered_articles = [(_to_indexed_article(row), row.number, quotes_by_article[row.id]) for row in page]
        index.add(
            db,
            [to_article_words(article, number) for article, number, _ in numbered_articles],
            [
                words
                for article, number, article_quotes in numbered_articles
                for words in to_quote_words(article, number, article_quotes)
            ],
        )
        done_count += len(page)
        progress(done_count, total)
    steps = count()
    while index.optimize(db, next(steps)):
        pass
    return done_count


def reanalyse(
    address: str, clock: Callable[[], datetime], *, jobs: int = 1, progress: Progress = ignore_progress
) -> int:
    """Re-analyse every article of another engine version, and return how many were re-analysed.

    `clock` returns the current time with a time zone; `jobs` is the number of processes. Readers see the old quotes of
    an article or the new ones, never a mixture. Raises DatabaseUnavailable if the database cannot be read or written.
    """
    total = count_stale_articles(address, get_engine_version())
    done_count = 0
    with closing(open_repository(address, clock)) as repository, open_analyser(jobs) as analyse_articles:
        for page in _iterate_stale_ids(repository):
            articles = repository.get_articles(page)
            for article, analysis in zip(articles, analyse_articles(articles), strict=True):
                # skipped if it was removed or its text changed meanwhile: the writer of the new text analysed it
                done_count += repository.replace_quotes(
                    article, analysis.quotes, names=analysis.names, engine=analysis.engine
                )
                progress(done_count, max(total, done_count))
    return done_count


def _iterate_pages(db: Connection) -> Iterator[Sequence[Row[*tuple[Any, ...]]]]:
    """Yield articles in the order of their numbers, which is the order of the index."""
    # a migration indexes tables that do not have all columns yet
    columns = articles.c
    statement = select(columns.number, columns.id, columns.outlet, columns.title, columns.text)
    statement = statement.order_by(articles.c.number).limit(_PAGE_SIZE)
    page = db.execute(statement).all()
    while page:
        yield page
        page = db.execute(statement.where(articles.c.number > page[-1].number)).all()


def _load_quotes(db: Connection, ids: Sequence[str]) -> dict[str, list[Quote]]:
    quotes_by_article: dict[str, list[Quote]] = {article_id: [] for article_id in ids}
    columns = quotes.c
    statement = select(columns.article, columns.content, columns.speaker)
    for row in db.execute(statement.where(columns.article.in_(ids)).order_by(columns.id)):
        speaker = Speaker(row.speaker) if isinstance(row.speaker, str) else None
        content = row.content or DAMAGED_SPANS
        quotes_by_article[row.article].append(Quote(content, None, None, speaker, Kind.DIRECT, 0.0, ""))
    return quotes_by_article


def _to_indexed_article(row: Row[*tuple[Any, ...]]) -> Article:
    """Build what the index needs of an article, damaged or not: searches verify the rows that they return."""
    outlet, title = (value if isinstance(value, str) else None for value in (row.outlet, row.title))
    return Article(row.id, str(row.text), outlet, title=title)


def _iterate_stale_ids(repository: Repository) -> Iterator[Sequence[str]]:
    """Yield the ids of articles of other engine versions in pages, each id once."""
    seen_ids: set[str] = set()
    while ids := [
        article_id for article_id in repository.list_stale_ids(get_engine_version()) if article_id not in seen_ids
    ]:
        for start in range(0, len(ids), _REANALYSIS_PAGE_SIZE):
            yield ids[start : start + _REANALYSIS_PAGE_SIZE]
        seen_ids.update(ids)
