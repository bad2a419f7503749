"""Builds the indexes of a record anew, from the articles and quotes it holds.

Rule: an index holds nothing that the rows do not, so that it can be lost and made again.
"""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from sqlalchemy import Connection, Row, select

from briefings.model import Quote
from briefings.record import fts5
from briefings.record.copying import Progress, number_in, quiet
from briefings.record.opening import in_one_transaction, index_of, opened
from briefings.record.rows import article_words, quote_words, to_article, to_quote
from briefings.record.schema import articles, quotes

#: articles whose words are in memory at a time
_PAGE = 100
#: FTS5 can empty a damaged index in no other way than by dropping it
_SQLITE = (
    *(f"DROP TRIGGER {name}" for name in ("quotes_gone", "articles_gone")),
    *(f"DROP TABLE IF EXISTS {name}" for name in ("quote_vocabulary", "quote_words", "article_words", "words")),
    *fts5.CREATE,
)
#: who reads PostgreSQL's would have to wait for tables that are dropped
_POSTGRESQL = ("DELETE FROM quote_words", "DELETE FROM article_words", "DELETE FROM words")


def reindex(address: str, progress: Progress = quiet) -> int:
    """Builds the indexes of the record at `address` anew; gives how many articles it holds.

    One transaction: whoever reads finds what was found before until it ends, and whoever adds waits, or is told to try
    again. Raises RecordUnavailable.
    """
    with opened(address) as engine:
        return in_one_transaction(engine, lambda db: index_all(db, progress))


def index_all(db: Connection, progress: Progress = quiet) -> int:
    """Empties the indexes and indexes every article, inside the caller's transaction; gives how many there are."""
    on_sqlite = db.dialect.name == "sqlite"
    for statement in _SQLITE if on_sqlite else _POSTGRESQL:
        db.exec_driver_sql(statement)
    index = index_of(db)
    done, total = 0, number_in(db, articles)
    for page in _pages(db):
        said = _quotes_of(db, [row.id for row in page])
        held = [(to_article(row), row.number, said[row.id]) for row in page]
        index.put(
            db,
            [article_words(article, number) for article, number, _ in held],
            [words for article, number, found in held for words in quote_words(article, number, found)],
        )
        done += len(page)
        progress(done, total)
    steps = count()
    while index.settle(db, next(steps)):
        pass
    return done


def _pages(db: Connection) -> Iterator[Sequence[Row[Any]]]:
    """Articles in the order of their numbers, which is that of the index."""
    columns = select(articles).order_by(articles.c.number).limit(_PAGE)
    page = db.execute(columns).all()
    while page:
        yield page
        page = db.execute(columns.where(articles.c.number > page[-1].number)).all()


def _quotes_of(db: Connection, ids: Sequence[str]) -> dict[str, list[Quote]]:
    found: dict[str, list[Quote]] = {article_id: [] for article_id in ids}
    for row in db.execute(select(quotes).where(quotes.c.article.in_(ids)).order_by(quotes.c.id)):
        found[row.article].append(to_quote(row))
    return found
