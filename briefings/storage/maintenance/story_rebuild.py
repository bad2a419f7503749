"""Rebuild the links between the articles of one story from the stored articles, quotes and names.

Rule: only columns that every database since revision 0015 has are read, because a migration calls this, too.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Text, cast, delete, select

from briefings.attribution.name_completion import KnownPerson
from briefings.model import Article, Kind, Quote, Speaker
from briefings.storage.db.schema import articles, names, quotes, story_links, story_names, story_terms
from briefings.storage.integrity.column_types import DAMAGED_SPANS
from briefings.storage.maintenance.tables import Progress, count_rows, ignore_progress
from briefings.storage.writes.story_links import Member, add_to_stories

#: articles read at a time
_PAGE_SIZE = 200


def rebuild_stories(db: Connection, progress: Progress = ignore_progress) -> int:
    """Delete all links and find them again, in the caller's transaction; return the count of articles."""
    for table in (story_links, story_names, story_terms):
        db.execute(delete(table))
    done_count, total = 0, count_rows(db, articles)
    for page in _iterate_pages(db):
        add_to_stories(db, _load_members(db, page))
        done_count += len(page)
        progress(done_count, total)
    return done_count


def _iterate_pages(db: Connection) -> Iterator[Sequence[Row[*tuple[Any, ...]]]]:
    columns = articles.c
    statement = select(columns.number, columns.id, columns.named, columns.title, columns.text, columns.boilerplate)
    statement = statement.order_by(columns.number).limit(_PAGE_SIZE)
    page = db.execute(statement).all()
    while page:
        yield page
        page = db.execute(statement.where(columns.number > page[-1].number)).all()


def _load_members(db: Connection, page: Sequence[Row[*tuple[Any, ...]]]) -> list[Member]:
    """Return what the links need of each article, damaged or not: reading verifies names and quotes anyway."""
    ids = [row.id for row in page]
    quotes_by_article: dict[str, list[Quote]] = {article_id: [] for article_id in ids}
    quote_rows = select(quotes.c.article, quotes.c.speaker, quotes.c.anonymous).where(quotes.c.article.in_(ids))
    for article_id, speaker, anonymous in db.execute(quote_rows.order_by(quotes.c.id)):
        if isinstance(speaker, str):
            quote = Quote(DAMAGED_SPANS, None, None, Speaker(speaker, anonymous=bool(anonymous)), Kind.DIRECT, 0.0, "")
            quotes_by_article[article_id].append(quote)
    people_by_article: dict[str, list[KnownPerson]] = {article_id: [] for article_id in ids}
    name_rows = select(names.c.article, cast(names.c.person, Text)).where(names.c.article.in_(ids))
    for article_id, person in db.execute(name_rows.order_by(names.c.article, names.c.position)):
        people_by_article[article_id].append(KnownPerson(person, ()))
    return [
        Member(
            row.number,
            Article(
                row.id,
                str(row.text),
                title=row.title if isinstance(row.title, str) else None,
                boilerplate=row.boilerplate or (),
            ),
            quotes_by_article[row.id],
            None if row.named is None else people_by_article[row.id],
        )
        for row in page
    ]
