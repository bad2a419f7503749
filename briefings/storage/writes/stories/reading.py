"""Read what the links of stories need of stored articles: their surnames and their openings.

Rule: only columns that every database since revision 0015 has are read, because a migration calls this, too.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from briefings.attribution.features.person_names import split_name
from briefings.model import Article
from briefings.storage.db.raw_rows import RawRow, fetch_listed
from briefings.storage.integrity.column_types import parse_spans
from briefings.storage.writes.story_names import Bearings, to_bearings
from briefings.stories.likeness import MAX_OPENING_CHARACTERS

_SELECT_ARTICLES = (
    f"SELECT number, id, named, title, substr(text, 1, {MAX_OPENING_CHARACTERS}), boilerplate FROM articles "  # noqa: S608 - a constant
    "WHERE number {} ORDER BY number"
)
_SELECT_SPEAKERS = (
    "SELECT number, speaker FROM articles JOIN quotes ON quotes.id BETWEEN number * 65536 AND number * 65536 + 65535 "
    "WHERE number {} AND anonymous = false AND speaker IS NOT NULL ORDER BY quotes.id"
)
_SELECT_PEOPLE = (
    "SELECT number, CAST(person AS TEXT) FROM articles JOIN names ON article = articles.id "
    "WHERE number {} ORDER BY number, position"
)


def read_surnames(db: Connection, numbers: Sequence[int]) -> tuple[dict[int, Bearings], list[Article]]:
    """Return how articles have their surnames, by number, and in the same order what a sketch needs of each.

    They are in the order of their numbers. Articles without surnames, or whose names were not extracted, are omitted.
    Damaged ones are not: reading verifies names and quotes anyway.
    """
    quoted_surnames: dict[int, list[str]] = {}
    for number, speaker in fetch_listed(db, _SELECT_SPEAKERS, numbers):
        if isinstance(speaker, str):
            quoted_surnames.setdefault(number, []).append(split_name(speaker)[1])
    named_surnames: dict[int, list[str]] = {}
    for number, person in fetch_listed(db, _SELECT_PEOPLE, numbers):
        named_surnames.setdefault(number, []).append(split_name(person)[1])
    bearings_by_number: dict[int, Bearings] = {}
    articles = []
    for row in fetch_listed(db, _SELECT_ARTICLES, numbers):
        number, name_count = row[0], row[2]
        bearings = to_bearings(quoted_surnames.get(number, ()), named_surnames.get(number, ()))
        if name_count is not None and bearings:
            bearings_by_number[number] = bearings
            articles.append(_to_article(row))
    return bearings_by_number, articles


def _to_article(row: RawRow) -> Article:
    _, article_id, _, title, text, boilerplate = row
    known_title = title if isinstance(title, str) else None
    return Article(article_id, str(text), title=known_title, boilerplate=parse_spans(boilerplate))
