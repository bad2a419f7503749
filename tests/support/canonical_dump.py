"""Dumps a database in canonical form: the lines do not depend on when or in which order articles were added.

The dump leaves out row numbers, times of insertion and leftovers: unused people, unused words and MinHash bands.
Bands are left out because only the first few articles of a common band are stored. Copies are unordered pairs.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, select, text

from briefings.storage.db.counters import QUOTES_PER_ARTICLE, to_article_number
from briefings.storage.db.database import connect
from briefings.storage.db.schema import (
    article_versions,
    articles,
    copies,
    names,
    outlets,
    people,
    quotes,
    shards,
    story_links,
    story_names,
    story_terms,
    utterance_sketches,
    utterances,
)

_VOLATILE_COLUMNS = {"number", "added_at", "replaced_at"}


def dump_database(address: str) -> list[str]:
    """Return every row of every table as a JSON line, sorted."""
    engine = connect(address)
    try:
        with engine.connect() as db:
            return sorted(json.dumps(row, default=str, sort_keys=True) for row in _iterate_rows(db))
    finally:
        engine.dispose()


def _iterate_rows(db: Connection) -> Iterator[Sequence[Any]]:
    yield from _dump_table(db, articles)
    yield from _dump_table(db, article_versions, "id")
    yield from _dump_table(db, names)
    yield from _dump_table(db, outlets)
    yield from _dump_table(db, shards, "new", "changed", "held", "older")
    index = quotes.c.id - articles.c.number * 65_536
    columns = [column for column in quotes.columns if column.name != "id"]
    for row in db.execute(select(index.label("place"), *columns).join(articles, articles.c.id == quotes.c.article)):
        yield ["quotes", *row]
    for row in db.execute(select(people).where(people.c.name.in_(select(names.c.person)))):
        yield ["people", *row]
    for row in db.execute(select(copies)):
        yield ["copies", *sorted((row.article, row.of)), row.likeness]
    yield from _dump_stories(db)
    yield from _dump_utterances(db)
    yield ["totals", *db.execute(text("SELECT sum(articles), sum(quotes) FROM totals")).one()]
    yield ["counted", *db.execute(select(func.count(), func.sum(articles.c.quotes)).select_from(articles)).one()]
    if db.dialect.name == "postgresql":
        article_words = "SELECT id, piece, parted, vector::text FROM article_words JOIN articles USING (number)"
        quote_words = (
            "SELECT article, w.id & 65535, piece, vector::text FROM quote_words AS w JOIN quotes ON quotes.id = w.id"
        )
        for query in (article_words, quote_words):
            yield from (["words", *row] for row in db.execute(text(query)))


def _dump_stories(db: Connection) -> Iterator[Sequence[Any]]:
    """Yield the surnames, terms and links of articles, with ids instead of numbers."""
    ids = {row.number: row.id for row in db.execute(select(articles.c.number, articles.c.id))}
    for name in db.execute(select(story_names)):
        yield ["story_names", ids[name.article], name.surname, name.quoted, name.named]
    for sketch in db.execute(select(story_terms)):
        yield ["story_terms", ids[sketch.article], bytes(sketch.terms).hex()]
    for link in db.execute(select(story_links)):
        yield ["story_links", *sorted((ids[link.article], ids[link.other])), link.likeness]


def _dump_utterances(db: Connection) -> Iterator[Sequence[Any]]:
    """Yield each quote's wording, the quotes of each utterance, and the sketches, with places instead of quote ids."""
    ids = {row.number: row.id for row in db.execute(select(articles.c.number, articles.c.id))}
    groups: dict[int, list[tuple[str, int]]] = {}
    for row in db.execute(select(utterances)):
        place = ids[to_article_number(row.quote)], row.quote % QUOTES_PER_ARTICLE
        yield ["utterances", *place, row.wording]
        if row.utterance is not None:
            groups.setdefault(row.utterance, []).append(place)
    yield from (["utterance", *sorted(places)] for places in groups.values())
    for sketch in db.execute(select(utterance_sketches)):
        yield ["utterance_sketches", sketch.hash, sketch.wording]


def _dump_table(db: Connection, table: Table, *omitted_columns: str) -> Iterator[Sequence[Any]]:
    columns = [column for column in table.columns if column.name not in _VOLATILE_COLUMNS.union(omitted_columns)]
    for row in db.execute(select(*columns)):
        yield [table.name, *row]
