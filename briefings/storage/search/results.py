"""Read quotes with their articles by id: the last step of every search.

Rule: one statement, and driver rows become model objects directly, since one search reads hundreds of them.
"""

import json
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from briefings.model import Article, Kind, Quote, Span, Speaker
from briefings.storage.db.types import SearchHit

_ARTICLE = "number, articles.id, outlet, published, url, title, byline, boilerplate, quotation_elements, text"
_QUOTE = (
    "quotes.id, content, source_start, source_end, cue_start, cue_end, speaker, role, anonymous, kind, confidence, "
    "reason"
)
#: a quote id contains its article's number (see `counters`)
_SELECT_QUOTES = (
    f"SELECT {_ARTICLE}, {_QUOTE} "  # noqa: S608 - constant names
    "FROM quotes JOIN articles ON number = quotes.id >> 16 WHERE quotes.id "
)
_SELECT_ON_SQLITE = _SELECT_QUOTES + "IN (SELECT value FROM json_each(?))"  # noqa: S608 - as above
_SELECT_ON_POSTGRESQL = _SELECT_QUOTES + "= ANY(%s)"
_SELECT_BY_ARTICLE = f"SELECT article, {_QUOTE} FROM quotes WHERE article "  # noqa: S608 - constant names
_SELECT_BY_ARTICLE_ON_SQLITE = _SELECT_BY_ARTICLE + "IN (SELECT value FROM json_each(?)) ORDER BY id"  # noqa: S608  # constant SQL
_SELECT_BY_ARTICLE_ON_POSTGRESQL = _SELECT_BY_ARTICLE + "= ANY(%s) ORDER BY id"
#: faster than `json.loads`, which also looks for white space around the value
_decode = json.JSONDecoder().raw_decode
_KINDS = {kind.value: kind for kind in Kind}


def read_quotes(db: Connection, ids: Sequence[int]) -> list[SearchHit]:
    """Return the quotes with these ids and their articles, in the order of the ids; unknown ids are omitted."""
    if not ids:
        return []
    if db.dialect.name == "postgresql":
        rows = db.exec_driver_sql(_SELECT_ON_POSTGRESQL, (list(ids),))
    else:
        rows = db.exec_driver_sql(_SELECT_ON_SQLITE, (json.dumps(list(ids)),))
    hits: dict[int, SearchHit] = {}
    articles: dict[int, Article] = {}
    for (
        number,
        article_id,
        outlet,
        published,
        url,
        title,
        byline,
        boilerplate,
        quotation_elements,
        text,
        quote_id,
        *quote_columns,
    ) in rows.all():
        article = articles.get(number)
        if article is None:
            spans = _to_spans(boilerplate), _to_spans(quotation_elements)
            article = articles[number] = Article(
                article_id, text, outlet, _to_day(published), url, title, byline, *spans
            )
        hits[quote_id] = SearchHit(article, _to_quote(*quote_columns))
    return [hits[number] for number in ids if number in hits]


def read_article_quotes(db: Connection, article_ids: Sequence[str]) -> dict[str, list[Quote]]:
    """Return the quotes of these articles by article id, in text order; articles without quotes are omitted."""
    if db.dialect.name == "postgresql":
        rows = db.exec_driver_sql(_SELECT_BY_ARTICLE_ON_POSTGRESQL, (list(article_ids),))
    else:
        rows = db.exec_driver_sql(_SELECT_BY_ARTICLE_ON_SQLITE, (json.dumps(list(article_ids)),))
    quotes: dict[str, list[Quote]] = {}
    for article_id, _, *quote_columns in rows.all():
        quotes.setdefault(article_id, []).append(_to_quote(*quote_columns))
    return quotes


def _to_quote(
    content: str | Sequence[tuple[int, int]],
    source_start: int | None,
    source_end: int | None,
    cue_start: int | None,
    cue_end: int | None,
    speaker: str | None,
    role: str | None,
    anonymous: int,
    kind: str,
    confidence: float,
    reason: str,
) -> Quote:
    return Quote(
        _to_spans(content),
        None if source_start is None or source_end is None else Span(source_start, source_end),
        None if cue_start is None or cue_end is None else Span(cue_start, cue_end),
        None if speaker is None else Speaker(speaker, role, bool(anonymous)),
        _KINDS[kind],
        confidence,
        reason,
    )


def _to_spans(value: str | Sequence[tuple[int, int]]) -> tuple[Span, ...]:
    """Convert JSON, as text (SQLite) or already parsed (PostgreSQL)."""
    pairs: Sequence[tuple[int, int]] = _decode(value)[0] if isinstance(value, str) else value
    return tuple([Span(start, end) for start, end in pairs or ()])


def _to_day(value: str | date | None) -> date | None:
    """Convert a day, as text (SQLite) or already parsed (PostgreSQL)."""
    return date.fromisoformat(value) if isinstance(value, str) else value
