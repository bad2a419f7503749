"""Group all stored quotes from scratch."""

from collections.abc import Iterator

from sqlalchemy import Connection, Select, delete, false, select

from briefings.storage.db.counters import to_article_number
from briefings.storage.db.schema import articles, quotes, utterance_sketches, utterances
from briefings.storage.writes.utterances.regrouping import regroup
from briefings.storage.writes.utterances.reports import Report, build_report

#: quotes read at a time
_PAGE_SIZE = 2_000


def rebuild_utterances(db: Connection) -> None:
    """Delete and compute all rows of both tables in the caller's transaction, which holds the lock of writers."""
    db.execute(delete(utterances))
    db.execute(delete(utterance_sketches))
    for page in _iterate_reports(db):
        regroup(db, page)


def _iterate_reports(db: Connection) -> Iterator[list[Report]]:
    """Yield the reports in the database in pages, in the order of their ids."""
    statement = _select_quotes()
    page = db.execute(statement).all()
    while page:
        numbers = sorted({to_article_number(row.id) for row in page})
        texts = select(articles.c.number, articles.c.text).where(articles.c.number.in_(numbers))
        texts_by_number = {row.number: row.text for row in db.execute(texts)}
        yield [
            build_report(row.id, row.speaker, row.content, texts_by_number.get(to_article_number(row.id), ""))
            for row in page
        ]
        page = db.execute(statement.where(quotes.c.id > page[-1].id)).all()


def _select_quotes() -> Select[tuple[int, str, object]]:
    # a migration reads tables that do not have all columns yet
    columns = quotes.c.id, quotes.c.speaker, quotes.c.content
    is_named = quotes.c.speaker.is_not(None) & (quotes.c.anonymous == false())
    return select(*columns).where(is_named).order_by(quotes.c.id).limit(_PAGE_SIZE)
