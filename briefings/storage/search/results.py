"""Read quotes with their articles by id: the last step of every search.

Rule: one statement, and driver rows become model objects directly, since one search reads hundreds of them.
Rule: a quote is returned only if its row, its article's row and its article's text have their checksums.
"""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from briefings.model import Article, Kind, Provenance, Quote, Span, Speaker
from briefings.storage.db.row_mapping import to_articles
from briefings.storage.db.schema import articles as article_table
from briefings.storage.db.types import SearchHit
from briefings.storage.integrity.checksums import compute_article_checksum, compute_quote_checksum, hash_text
from briefings.storage.integrity.column_types import DAMAGED_SPANS
from briefings.storage.integrity.damage import report_damage
from briefings.story_memory import StoryMemory

_ARTICLE = (
    "number, articles.id, outlet, published, url, title, byline, content_hash, boilerplate, quotation_elements, "
    "provenance, claimed_outlet, text, articles.checksum"
)
_QUOTE = (
    "quotes.id, article, content, source_start, source_end, cue_start, cue_end, speaker, role, anonymous, kind, "
    "confidence, reason, quotes.checksum"
)
#: a quote id contains its article's number (see `counters`)
_SELECT_QUOTES = (
    f"SELECT {_ARTICLE}, {_QUOTE} "  # noqa: S608 - constant names
    "FROM quotes JOIN articles ON number = quotes.id >> 16 WHERE quotes.id "
)
_SELECT_ON_SQLITE = _SELECT_QUOTES + "IN (SELECT value FROM json_each(?))"  # noqa: S608 - as above
_SELECT_ON_POSTGRESQL = _SELECT_QUOTES + "= ANY(%s)"
_SELECT_BY_ARTICLE = f"SELECT {_QUOTE} FROM quotes WHERE article "  # noqa: S608 - constant names
_SELECT_BY_ARTICLE_ON_SQLITE = _SELECT_BY_ARTICLE + "IN (SELECT value FROM json_each(?)) ORDER BY id"  # noqa: S608  # constant SQL
_SELECT_BY_ARTICLE_ON_POSTGRESQL = _SELECT_BY_ARTICLE + "= ANY(%s) ORDER BY id"
_SELECT_COUNTS_ON_SQLITE = "SELECT id, quotes FROM articles WHERE id IN (SELECT value FROM json_each(?))"
_SELECT_COUNTS_ON_POSTGRESQL = "SELECT id, quotes FROM articles WHERE id = ANY(%s)"
#: faster than `json.loads`, which also looks for white space around the value
_decode = json.JSONDecoder().raw_decode
_KINDS = {kind.value: kind for kind in Kind}
#: columns of an article in a joined row
_ARTICLE_WIDTH = 14
_PROVENANCES = {provenance.value: provenance for provenance in Provenance}
_Values = Sequence[Any]


def read_quotes(db: Connection, ids: Sequence[int]) -> list[SearchHit]:
    """Return the quotes with these ids and their articles, in the order of the ids; unknown ids are omitted."""
    if not ids:
        return []
    if db.dialect.name == "postgresql":
        rows = db.exec_driver_sql(_SELECT_ON_POSTGRESQL, (list(ids),))
    else:
        rows = db.exec_driver_sql(_SELECT_ON_SQLITE, (json.dumps(list(ids)),))
    hits: dict[int, SearchHit] = {}
    articles: dict[int, Article | None] = {}
    for row in rows.all():
        if (number := row[0]) not in articles:
            articles[number] = _read_article(row[1:_ARTICLE_WIDTH])
        article = articles[number]
        quote_id, article_id, *_ = quote_values = row[_ARTICLE_WIDTH:]
        if article is None:
            continue
        quote = _read_quote(quote_values) if article_id == article.id else None
        if quote is None or quote.span.end > len(article.text):
            report_damage(article.id, "a quote differs from its checksum")
        else:
            hits[quote_id] = SearchHit(article, quote)
    return [hits[number] for number in ids if number in hits]


def read_article_quotes(
    db: Connection, article_ids: Sequence[str], memory: StoryMemory | None = None
) -> dict[str, Sequence[Quote]]:
    """Return the quotes of these articles by article id, in text order; articles without quotes are omitted.

    If quotes of an article are damaged or missing, its text is analysed again. `memory` knows the quotes of rows that
    have not changed.
    """
    memory = memory or StoryMemory()
    on_postgresql = db.dialect.name == "postgresql"
    parameter = list(article_ids) if on_postgresql else json.dumps(list(article_ids))
    statement = _SELECT_BY_ARTICLE_ON_POSTGRESQL if on_postgresql else _SELECT_BY_ARTICLE_ON_SQLITE
    rows: dict[str, list[_Values]] = {}
    for values in db.exec_driver_sql(statement, (parameter,)):
        rows.setdefault(values[1], []).append(tuple(values))
    quotes: dict[str, Sequence[Quote]] = {}
    damaged_ids = set()
    for article_id, article_rows in rows.items():
        article_quotes = memory.recall(article_id, _read_quotes, tuple(article_rows))
        if article_quotes is None:
            damaged_ids.add(article_id)
        else:
            quotes[article_id] = article_quotes
    counts = _SELECT_COUNTS_ON_POSTGRESQL if on_postgresql else _SELECT_COUNTS_ON_SQLITE
    for article_id, count in db.exec_driver_sql(counts, (parameter,)):
        if len(quotes.get(article_id, ())) != count:
            damaged_ids.add(article_id)
    return _analyse_again(db, quotes, damaged_ids.intersection(article_ids)) if damaged_ids else quotes


def _read_quotes(rows: tuple[_Values, ...]) -> tuple[Quote, ...] | None:
    """Build the quotes of one article, or return None if one is damaged."""
    quotes = tuple(quote for row in rows if (quote := _read_quote(row)) is not None)
    return quotes if len(quotes) == len(rows) else None


def _analyse_again(db: Connection, quotes: dict[str, Sequence[Quote]], ids: set[str]) -> dict[str, Sequence[Quote]]:
    from briefings.attribution.analysis import analyse  # slow to import, and needed only for damaged rows

    for article_id in ids:
        report_damage(article_id, "a quote differs from its checksum", left_out=False)
        quotes.pop(article_id, None)
    for article in to_articles(db.execute(select(article_table).where(article_table.c.id.in_(ids)))):
        if new_quotes := analyse(article).quotes:
            quotes[article.id] = new_quotes
    return quotes


def _read_article(values: _Values) -> Article | None:
    """Build an article from its columns without the number; report it if it is damaged."""
    article_id, outlet, published, url, title, byline, content_hash, *others, checksum = values
    boilerplate, elements, provenance, claimed_outlet, text = others
    source = article_id, outlet, published, url, title, byline
    spans = _to_spans(boilerplate), _to_spans(elements)
    if hash_text(text) != content_hash:
        report_damage(article_id, "text differs from its hash")
        return None
    if compute_article_checksum(*source, content_hash, provenance, claimed_outlet, *spans) != checksum:
        report_damage(article_id, "metadata differs from its checksum")
        return None
    origin = _PROVENANCES[provenance], claimed_outlet
    return Article(article_id, text, outlet, _to_day(published), url, title, byline, *spans, *origin)


def _read_quote(values: _Values) -> Quote | None:
    """Build a quote from its columns, or return None if it is damaged."""
    quote_id, article_id, content, *places, speaker, role, anonymous, kind, confidence, reason, checksum = values
    spans = _to_spans(content)
    others = speaker, role, anonymous, kind, confidence, reason
    if compute_quote_checksum(quote_id, article_id, spans, places, *others) != checksum:
        return None
    source_start, source_end, cue_start, cue_end = places
    return Quote(
        spans,
        None if source_start is None or source_end is None else Span(source_start, source_end),
        None if cue_start is None or cue_end is None else Span(cue_start, cue_end),
        None if speaker is None else Speaker(speaker, role, bool(anonymous)),
        _KINDS[kind],
        confidence,
        reason,
    )


def _to_spans(value: Any) -> tuple[Span, ...]:  # noqa: ANN401  # a stored value
    """Convert JSON, as text (SQLite) or already parsed (PostgreSQL)."""
    try:
        pairs = _decode(value)[0] if isinstance(value, str) else value
        return tuple([Span(start, end) for start, end in pairs or ()])
    except (ValueError, TypeError):
        return DAMAGED_SPANS


def _to_day(value: str | date | None) -> date | None:
    """Convert a day, as text (SQLite) or already parsed (PostgreSQL)."""
    return date.fromisoformat(value) if isinstance(value, str) else value
