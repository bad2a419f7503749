"""Builds the indexes of a record anew, from the articles and quotes it holds.

Rule: an index holds nothing that the rows do not, so that it can be lost and made again.

Reads again what another engine has read, while the record is in use.

Rule: one transaction an article. What is done is marked with the engine that did it, so that a run may be ended at any
moment, and the next one goes on where it was.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import Connection, Row, select

from briefings.attribution.analysis import get_engine_version
from briefings.model import Quote
from briefings.storage.db.row_mapping import to_article, to_article_words, to_quote, to_quote_words
from briefings.storage.db.schema import articles, quotes
from briefings.storage.maintenance.integrity import count_stale_articles
from briefings.storage.maintenance.tables import Progress, count_rows, ignore_progress
from briefings.storage.repository import Repository, open_repository
from briefings.storage.search import sqlite_fts5
from briefings.storage.session import get_index, open_database, run_in_transaction
from briefings.storage.writes.analysis_pool import open_analyser

#: articles whose words are in memory at a time
_PAGE_SIZE = 100
#: FTS5 can empty a damaged index in no other way than by dropping it
_RESET_ON_SQLITE = (
    *(f"DROP TRIGGER {name}" for name in ("quotes_gone", "articles_gone")),
    *(f"DROP TABLE IF EXISTS {name}" for name in ("quote_vocabulary", "quote_words", "article_words", "words")),
    *sqlite_fts5.CREATE,
)
#: who reads PostgreSQL's would have to wait for tables that are dropped
_RESET_ON_POSTGRESQL = ("DELETE FROM quote_words", "DELETE FROM article_words", "DELETE FROM words")


def reindex(address: str, progress: Progress = ignore_progress) -> int:
    """Builds the indexes of the record at `address` anew; gives how many articles it holds.

    One transaction: whoever reads finds what was found before until it ends, and whoever adds waits, or is told to try
    again. Raises RecordUnavailable.
    """
    with open_database(address) as engine:
        return run_in_transaction(engine, lambda db: index_all(db, progress))


def index_all(db: Connection, progress: Progress = ignore_progress) -> int:
    """Empties the indexes and indexes every article, inside the caller's transaction; gives how many there are."""
    on_sqlite = db.dialect.name == "sqlite"
    for statement in _RESET_ON_SQLITE if on_sqlite else _RESET_ON_POSTGRESQL:
        db.exec_driver_sql(statement)
    index = get_index(db)
    done_count, total = 0, count_rows(db, articles)
    for page in _iterate_pages(db):
        quotes_by_article = _load_quotes(db, [row.id for row in page])
        numbered_articles = [(to_article(row), row.number, quotes_by_article[row.id]) for row in page]
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


def _iterate_pages(db: Connection) -> Iterator[Sequence[Row[Any]]]:
    """Articles in the order of their numbers, which is that of the index."""
    statement = select(articles).order_by(articles.c.number).limit(_PAGE_SIZE)
    page = db.execute(statement).all()
    while page:
        yield page
        page = db.execute(statement.where(articles.c.number > page[-1].number)).all()


def _load_quotes(db: Connection, ids: Sequence[str]) -> dict[str, list[Quote]]:
    quotes_by_article: dict[str, list[Quote]] = {article_id: [] for article_id in ids}
    for row in db.execute(select(quotes).where(quotes.c.article.in_(ids)).order_by(quotes.c.id)):
        quotes_by_article[row.article].append(to_quote(row))
    return quotes_by_article


#: articles in memory at a time
_REANALYSIS_PAGE_SIZE = 64


def reanalyse(
    address: str, clock: Callable[[], datetime], *, jobs: int = 1, progress: Progress = ignore_progress
) -> int:
    """Reads every article that another engine has read; gives how many it has read.

    `clock` gives the present moment with its zone. Somebody who asks meanwhile sees what an article held before, or
    what it holds now. Raises RecordUnavailable when the record cannot be read or written.
    """
    total = count_stale_articles(address, get_engine_version())
    done_count = 0
    with closing(open_repository(address, clock)) as repository, open_analyser(jobs) as analyse_articles:
        for page in _iterate_stale_ids(repository):
            articles = repository.get_articles(page)
            for article, analysis in zip(articles, analyse_articles(articles), strict=True):
                # not when it was removed or has another text since: that is read by whoever brought it
                done_count += repository.replace_quotes(
                    article, analysis.quotes, names=analysis.names, engine=analysis.engine
                )
                progress(done_count, max(total, done_count))
    return done_count


def _iterate_stale_ids(repository: Repository) -> Iterator[Sequence[str]]:
    """Ids of what another engine has read, each once, a page at a time."""
    seen_ids: set[str] = set()
    while ids := [
        article_id for article_id in repository.list_stale_ids(get_engine_version()) if article_id not in seen_ids
    ]:
        for start in range(0, len(ids), _REANALYSIS_PAGE_SIZE):
            yield ids[start : start + _REANALYSIS_PAGE_SIZE]
        seen_ids.update(ids)
