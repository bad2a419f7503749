"""The content of a record as lines that depend neither on when nor in which order its articles came.

Left out are numbers that only stand for something else, moments of adding, and what a record only remembers (people
whom nobody names any more, words that nobody says, and the sketches by which copies are looked for: of those that many
articles share, the first few are kept). Two articles that are copies are a pair, whichever came first.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, select, text

from briefings.storage.db.database import connect
from briefings.storage.db.schema import article_versions, articles, copies, names, outlets, people, quotes, shards

_OF_THE_MOMENT = {"number", "added_at", "replaced_at"}


def dump_database(address: str) -> list[str]:
    """Every table, a line a row, in the order of what the lines say."""
    engine = connect(address)
    try:
        with engine.connect() as db:
            return sorted(json.dumps(row, default=str, sort_keys=True) for row in _rows(db))
    finally:
        engine.dispose()


def _rows(db: Connection) -> Iterator[Sequence[Any]]:
    yield from _table(db, articles)
    yield from _table(db, article_versions, "id")
    yield from _table(db, names)
    yield from _table(db, outlets)
    yield from _table(db, shards, "new", "changed", "held", "older")
    place = quotes.c.id - articles.c.number * 65_536
    columns = [column for column in quotes.columns if column.name != "id"]
    for row in db.execute(select(place.label("place"), *columns).join(articles, articles.c.id == quotes.c.article)):
        yield ["quotes", *row]
    for row in db.execute(select(people).where(people.c.name.in_(select(names.c.person)))):
        yield ["people", *row]
    for row in db.execute(select(copies)):
        yield ["copies", *sorted((row.article, row.of)), row.likeness]
    yield ["totals", *db.execute(text("SELECT sum(articles), sum(quotes) FROM totals")).one()]
    yield ["counted", *db.execute(select(func.count(), func.sum(articles.c.quotes)).select_from(articles)).one()]
    if db.dialect.name == "postgresql":
        of_articles = "SELECT id, piece, parted, vector::text FROM article_words JOIN articles USING (number)"
        of_quotes = (
            "SELECT article, w.id & 65535, piece, vector::text FROM quote_words AS w JOIN quotes ON quotes.id = w.id"
        )
        for query in (of_articles, of_quotes):
            yield from (["words", *row] for row in db.execute(text(query)))


def _table(db: Connection, table: Table, *but: str) -> Iterator[Sequence[Any]]:
    columns = [column for column in table.columns if column.name not in _OF_THE_MOMENT.union(but)]
    for row in db.execute(select(*columns)):
        yield [table.name, *row]
