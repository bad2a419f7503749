"""Find the links between the articles of one story again: of all stored articles, or of some that have none."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, delete

from briefings.storage.db.bulk_insert import insert_rows
from briefings.storage.db.raw_rows import fetch_all
from briefings.storage.db.schema import story_links, story_names, story_terms
from briefings.storage.writes.stories.all_links import LinkFinder
from briefings.storage.writes.stories.reading import read_surnames
from briefings.storage.writes.story_links import add_bearings
from briefings.storage.writes.story_names import Bearings, insert_bearings
from briefings.stories import build_sketches

#: articles read at a time, and articles whose surnames are stored at once: few, for memory, but each time touches all
#: of the table
_PAGE_SIZE, _STORED_AT_ONCE = 8_000, 48_000
_SELECT_NUMBERS = "SELECT number FROM articles WHERE number > {0} ORDER BY number LIMIT {0}"


def link_stored_articles(db: Connection, numbers: Sequence[int]) -> None:
    """Link stored articles that have no surnames stored, as `add_to_stories` does."""
    add_bearings(db, *read_surnames(db, numbers))


def rebuild_stories(db: Connection) -> None:
    """Delete all links and find them again, in the caller's transaction, which holds the lock of writers."""
    for table in (story_links, story_names, story_terms):
        db.execute(delete(table))
    finder = LinkFinder()
    new_bearings: dict[int, Bearings] = {}
    for numbers in _iterate_numbers(db):
        bearings, articles = read_surnames(db, numbers)
        sketches = dict(zip(bearings, build_sketches(articles), strict=True))
        insert_rows(db, "story_terms", ("article", "terms"), sketches.items())
        # these are nearly in the order of the table, because articles of one week are linked
        insert_rows(db, "story_links", ("article", "other", "likeness"), sorted(finder.add(bearings, sketches)))
        new_bearings |= bearings
        if len(new_bearings) >= _STORED_AT_ONCE:
            insert_bearings(db, new_bearings)
            new_bearings = {}
    insert_bearings(db, new_bearings)


def _iterate_numbers(db: Connection) -> Iterator[list[int]]:
    """Yield the numbers of all articles in pages, ascending."""
    statement, last_number = _SELECT_NUMBERS.format("%s" if db.dialect.name == "postgresql" else "?"), -1
    while page := fetch_all(db, statement, (last_number, _PAGE_SIZE)):
        yield [number for (number,) in page]
        last_number = page[-1][0]
