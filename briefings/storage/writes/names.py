"""Store outlets, people and their names in articles, and the story of each article.

Rule: outlets and people are inserted before rows that refer to them, and never change. This module never deletes them;
removal does. An article has at most one story.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter

from sqlalchemy import Connection, Table, delete, insert, select

from briefings.attribution.features.person_names import split_name
from briefings.attribution.name_completion import KnownPerson, list_possible_spellings
from briefings.storage.db.bulk_insert import insert_rows
from briefings.storage.db.raw_rows import RawRow, fetch_listed
from briefings.storage.db.schema import articles, names, outlets, people, stories
from briefings.storage.db.types import Story
from briefings.storage.integrity.checksums import compute_name_checksum
from briefings.storage.integrity.damage import report_damage
from briefings.text.folding import make_search_key

#: cached lists of offices
_CACHE_SIZE = 4_096
_SELECT_COUNTS = "SELECT id, named FROM articles WHERE named IS NOT NULL AND id {}"
_SELECT_NAMES = "SELECT article, position, person, CAST(roles AS TEXT), checksum FROM names WHERE article {}"
#: ids in one statement
_CHUNK_SIZE = 500


def insert_outlets(db: Connection, outlet_names: Iterable[str | None]) -> None:
    """Insert missing outlets, so that articles can refer to them."""
    _insert_missing(
        db, outlets, [{"name": name} for name in sorted({name for name in outlet_names if name is not None})]
    )


def insert_names(db: Connection, people_by_article: Mapping[str, Sequence[KnownPerson]]) -> None:
    """Insert the names in each article, by article id; the articles have no names yet."""
    person_names = sorted({person.name for article_people in people_by_article.values() for person in article_people})
    _insert_missing(db, people, [{"name": name, "name_key": make_search_key(name)} for name in person_names])
    rows = [
        (article_id, position, person.name, _format_roles(tuple(person.roles)))
        for article_id, article_people in people_by_article.items()
        for position, person in enumerate(article_people)
    ]
    insert_rows(db, "names", names.columns.keys(), [(*row, compute_name_checksum(*row)) for row in rows])


def read_names(
    db: Connection, ids: Sequence[str], surnames: Iterable[str] | None = None
) -> dict[str, tuple[KnownPerson, ...]]:
    """Return the names in each article; articles whose names were not extracted, or are damaged, are omitted.

    With `surnames`, only people with one of these surnames are returned, or with one that differs by one letter. Only
    their names are compared with their checksums.
    """
    counts: dict[str, int] = dict(fetch_listed(db, _SELECT_COUNTS, ids))
    rows = sorted(fetch_listed(db, _SELECT_NAMES, ids), key=itemgetter(0, 1))
    row_counts = Counter(row[0] for row in rows)
    damaged_ids = {article_id for article_id, count in counts.items() if row_counts[article_id] != count}
    people_by_article: dict[str, list[KnownPerson]] = {article_id: [] for article_id in counts}
    for *values, checksum in rows if surnames is None else _select_related(rows, surnames):
        article_id, _, person, roles_json = values
        if checksum != compute_name_checksum(*values):
            damaged_ids.add(article_id)
        elif article_id in people_by_article:
            people_by_article[article_id].append(KnownPerson(person, _parse_roles(roles_json)))
    for article_id in damaged_ids:
        report_damage(article_id, "a name differs from its checksum", left_out=False)
    return {key: tuple(value) for key, value in people_by_article.items() if key not in damaged_ids}


def _select_related(rows: Sequence[RawRow], surnames: Iterable[str]) -> list[RawRow]:
    """Return the rows of people with one of these surnames, or with another spelling of it."""
    spellings = set().union(*map(list_possible_spellings, surnames))
    return [row for row in rows if split_name(str(row[2]))[1] in spellings]


def save_stories(db: Connection, stories_by_article: Mapping[str, Story]) -> None:
    """Assign stories to articles by id, in the caller's transaction; unknown ids are ignored."""
    ids = sorted(stories_by_article)
    for start in range(0, len(ids), _CHUNK_SIZE):
        chunk = ids[start : start + _CHUNK_SIZE]
        db.execute(delete(stories).where(stories.c.article.in_(chunk)))
        stored_ids = db.execute(select(articles.c.id).where(articles.c.id.in_(chunk))).scalars()
        rows = [
            {"article": key, "story": stories_by_article[key].id, "label": stories_by_article[key].label}
            for key in stored_ids
        ]
        if rows:
            db.execute(insert(stories), rows)


@lru_cache(maxsize=_CACHE_SIZE)
def _format_roles(roles: tuple[str, ...]) -> str:
    """Return a list of offices as JSON. Cached: most lists are empty or repeat."""
    return json.dumps(roles, ensure_ascii=False)


@lru_cache(maxsize=_CACHE_SIZE)
def _parse_roles(roles_json: str) -> tuple[str, ...]:
    """Parse a JSON list of offices. Cached: most lists are empty or repeat."""
    return tuple(json.loads(roles_json))


def _insert_missing(db: Connection, table: Table, rows: Sequence[dict[str, object]]) -> None:
    """Insert missing rows in the order given; all writers use the same order, so they never deadlock."""
    if rows:
        from sqlalchemy.dialects import postgresql, sqlite  # a question does not import the other database's dialect

        dialect = postgresql if db.dialect.name == "postgresql" else sqlite
        db.execute(dialect.insert(table).on_conflict_do_nothing(), rows)
