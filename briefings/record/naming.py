"""Outlets and people: names that rows refer to are there before them, and whom each article names in full.

Rule: a name is never changed, and stays when the last article that has it goes.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from sqlalchemy import Connection, Table, Text, cast, select
from sqlalchemy.dialects import postgresql, sqlite

from briefings.quotes.story import Known
from briefings.record.schema import articles, names, outlets, people
from briefings.record.writing import write
from briefings.text.search_key import search_key

#: lists of offices that are kept at hand
_REMEMBERED = 4_096


def name_outlets(db: Connection, found: Iterable[str | None]) -> None:
    """Lets articles refer to these outlets."""
    _let_be(db, outlets, [{"name": name} for name in sorted({name for name in found if name is not None})])


def write_names(db: Connection, named: Mapping[str, Sequence[Known]]) -> None:
    """Keeps whom each article names, by its id; nothing is kept of them yet."""
    everybody = sorted({known.name for found in named.values() for known in found})
    _let_be(db, people, [{"name": name, "name_key": search_key(name)} for name in everybody])
    rows = [
        (article_id, position, known.name, json.dumps(known.roles, ensure_ascii=False))
        for article_id, found in named.items()
        for position, known in enumerate(found)
    ]
    write(db, "names", names.columns.keys(), rows)


def read_names(db: Connection, ids: Sequence[str]) -> dict[str, tuple[Known, ...]]:
    """Whom each of these articles names, of those where somebody has looked."""
    looked = select(articles.c.id).where(articles.c.id.in_(ids), articles.c.named.is_not(None))
    found: dict[str, list[Known]] = {row.id: [] for row in db.execute(looked)}
    told = select(names.c.article, names.c.person, cast(names.c.roles, Text).label("roles"))
    for row in db.execute(told.where(names.c.article.in_(ids)).order_by(names.c.article, names.c.position)):
        found[row.article].append(Known(row.person, _roles(row.roles)))
    return {article_id: tuple(known) for article_id, known in found.items()}


@lru_cache(maxsize=_REMEMBERED)
def _roles(told: str) -> tuple[str, ...]:
    """The offices of a list in JSON: most people are given none, and ministers always the same."""
    return tuple(json.loads(told))


def _let_be(db: Connection, table: Table, rows: Sequence[dict[str, object]]) -> None:
    """Inserts those rows that are not there, in the order given, which is that of every writer."""
    if rows:
        dialect = postgresql if db.dialect.name == "postgresql" else sqlite
        db.execute(dialect.insert(table).on_conflict_do_nothing(), rows)
