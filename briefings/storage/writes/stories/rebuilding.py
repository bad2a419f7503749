"""Find all links between the articles of one story again, from the stored articles, quotes and names.

Rule: only columns that every database since revision 0015 has are read, because a migration calls this, too.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, delete

from briefings.attribution.features.person_names import split_name
from briefings.model import Article
from briefings.storage.db.bulk_insert import insert_rows
from briefings.storage.db.counters import QUOTES_PER_ARTICLE, to_article_number, to_quote_id
from briefings.storage.db.raw_rows import RawRow, fetch_all
from briefings.storage.db.schema import story_links, story_names, story_terms
from briefings.storage.integrity.column_types import parse_spans
from briefings.storage.writes.stories.all_links import LinkFinder
from briefings.storage.writes.story_names import Bearings, insert_bearings, to_bearings
from briefings.stories import build_sketches
from briefings.stories.likeness import MAX_OPENING_CHARACTERS

#: articles read at a time
_PAGE_SIZE = 4_000
_SELECT_ARTICLES = (
    f"SELECT number, id, named, title, substr(text, 1, {MAX_OPENING_CHARACTERS}), boilerplate FROM articles "  # noqa: S608 - constants
    "WHERE number > {0} ORDER BY number LIMIT {0}"
)
_SELECT_SPEAKERS = (
    "SELECT id, speaker FROM quotes WHERE id BETWEEN {0} AND {0} AND anonymous = false AND speaker IS NOT NULL "
    "ORDER BY id"
)
_SELECT_PEOPLE = (
    "SELECT number, CAST(person AS TEXT) FROM articles JOIN names ON article = articles.id "
    "WHERE number BETWEEN {0} AND {0} ORDER BY number, position"
)


def rebuild_stories(db: Connection) -> None:
    """Delete all links and find them again, in the caller's transaction, which holds the lock of writers."""
    for table in (story_links, story_names, story_terms):
        db.execute(delete(table))
    finder = LinkFinder()
    all_bearings: dict[int, Bearings] = {}
    links: list[tuple[int, int, float]] = []
    for page in _iterate_pages(db):
        bearings = _find_bearings(db, page)
        articles = [_to_article(row) for row in page if row[0] in bearings]
        sketches = dict(zip(bearings, build_sketches(articles), strict=True))
        insert_rows(db, "story_terms", ("article", "terms"), sketches.items())
        links += finder.add(bearings, sketches)
        all_bearings |= bearings
    insert_bearings(db, all_bearings)
    insert_rows(db, "story_links", ("article", "other", "likeness"), sorted(links))


def _iterate_pages(db: Connection) -> Iterator[list[RawRow]]:
    """Yield the rows of articles in the order of their numbers."""
    statement, last_number = _SELECT_ARTICLES.format(_get_mark(db)), -1
    while page := fetch_all(db, statement, (last_number, _PAGE_SIZE)):
        yield page
        last_number = page[-1][0]


def _find_bearings(db: Connection, page: Sequence[RawRow]) -> dict[int, Bearings]:
    """Return the surnames of the articles of a page that have any. Reading verifies names and quotes anyway."""
    first_number, last_number, mark = page[0][0], page[-1][0], _get_mark(db)
    quoted: dict[int, list[str]] = {}
    quote_ids = to_quote_id(first_number, 0), to_quote_id(last_number, QUOTES_PER_ARTICLE - 1)
    for quote_id, speaker in fetch_all(db, _SELECT_SPEAKERS.format(mark), quote_ids):
        if isinstance(speaker, str):
            quoted.setdefault(to_article_number(quote_id), []).append(split_name(speaker)[1])
    named: dict[int, list[str]] = {}
    for number, person in fetch_all(db, _SELECT_PEOPLE.format(mark), (first_number, last_number)):
        named.setdefault(number, []).append(split_name(person)[1])
    return {
        number: bearings
        for number, _, name_count, *_ in page
        if name_count is not None and (bearings := to_bearings(quoted.get(number, ()), named.get(number, ())))
    }


def _to_article(row: RawRow) -> Article:
    """Return what a sketch needs of an article, damaged or not."""
    _, article_id, _, title, text, boilerplate = row
    known_title = title if isinstance(title, str) else None
    return Article(article_id, str(text), title=known_title, boilerplate=parse_spans(boilerplate))


def _get_mark(db: Connection) -> str:
    return "%s" if db.dialect.name == "postgresql" else "?"
