"""Outlets and people: names that rows refer to are there before them, and whom each article names in full.

Rule: a name is never changed, and stays when the last article that has it goes.

Which story an article belongs to, as it is kept: one story an article, or none.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from sqlalchemy import Connection, Table, Text, cast, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from briefings.attribution.name_completion import KnownPerson
from briefings.storage.db.bulk_insert import insert_rows
from briefings.storage.db.schema import articles, names, outlets, people, stories
from briefings.storage.db.types import Story
from briefings.text.folding import make_search_key

#: lists of offices that are kept at hand
_CACHE_SIZE = 4_096


def insert_outlets(db: Connection, outlet_names: Iterable[str | None]) -> None:
    """Lets articles refer to these outlets."""
    _insert_missing(
        db, outlets, [{"name": name} for name in sorted({name for name in outlet_names if name is not None})]
    )


def insert_names(db: Connection, people_by_article: Mapping[str, Sequence[KnownPerson]]) -> None:
    """Keeps whom each article names, by its id; nothing is kept of them yet."""
    person_names = sorted({person.name for article_people in people_by_article.values() for person in article_people})
    _insert_missing(db, people, [{"name": name, "name_key": make_search_key(name)} for name in person_names])
    rows = [
        (article_id, position, person.name, json.dumps(person.roles, ensure_ascii=False))
        for article_id, article_people in people_by_article.items()
        for position, person in enumerate(article_people)
    ]
    insert_rows(db, "names", names.columns.keys(), rows)


def read_names(db: Connection, ids: Sequence[str]) -> dict[str, tuple[KnownPerson, ...]]:
    """Whom each of these articles names, of those where somebody has looked."""
    checked_articles = select(articles.c.id).where(articles.c.id.in_(ids), articles.c.named.is_not(None))
    people_by_article: dict[str, list[KnownPerson]] = {row.id: [] for row in db.execute(checked_articles)}
    name_rows = select(names.c.article, names.c.person, cast(names.c.roles, Text).label("roles"))
    for row in db.execute(name_rows.where(names.c.article.in_(ids)).order_by(names.c.article, names.c.position)):
        people_by_article[row.article].append(KnownPerson(row.person, _parse_roles(row.roles)))
    return {article_id: tuple(article_people) for article_id, article_people in people_by_article.items()}


@lru_cache(maxsize=_CACHE_SIZE)
def _parse_roles(roles_json: str) -> tuple[str, ...]:
    """The offices of a list in JSON: most people are given none, and ministers always the same."""
    return tuple(json.loads(roles_json))


def _insert_missing(db: Connection, table: Table, rows: Sequence[dict[str, object]]) -> None:
    """Inserts those rows that are not there, in the order given, which is that of every writer."""
    if rows:
        dialect = postgresql if db.dialect.name == "postgresql" else sqlite
        db.execute(dialect.insert(table).on_conflict_do_nothing(), rows)


#: ids in one statement
_CHUNK_SIZE = 500


def save_stories(db: Connection, stories_by_article: Mapping[str, Story]) -> None:
    """Puts the articles of these ids into stories, in the caller's transaction; ids that are not held are left out."""
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
