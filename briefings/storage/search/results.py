"""Read quotes with their articles by id: the last step of every search.

Rule: one statement, and driver rows become model objects directly, since one search reads hundreds of them.
Rule: a quote is returned only if its row, its article's row and its article's text have their checksums.
"""

import json
from collections.abc import Sequence
from datetime import date
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, select

from briefings.model import Article, Kind, Provenance, Quote, Span, Speaker
from briefings.storage.db.full_text import FullTextIndex
from briefings.storage.db.raw_rows import fetch_listed
from briefings.storage.db.row_mapping import to_articles
from briefings.storage.db.schema import articles as article_table
from briefings.storage.db.types import QuoteScope, SearchHit
from briefings.storage.integrity.checksums import compute_article_checksum, compute_quote_checksum, hash_text
from briefings.storage.integrity.column_types import DAMAGED_SPANS
from briefings.storage.integrity.damage import report_damage
from briefings.storage.search.query_terms import build_quote_query

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
    "FROM quotes JOIN articles ON number = quotes.id >> 16 WHERE quotes.id {}"
)
_SELECT_CONTENTS = (
    "SELECT quotes.id, content, text FROM quotes JOIN articles ON number = quotes.id >> 16 WHERE quotes.id {}"
)
_SELECT_SPEAKERS = "SELECT speaker, anonymous FROM quotes WHERE id {}"
_SELECT_BY_ID = f"SELECT {_QUOTE} FROM quotes WHERE id {{}}"  # noqa: S608 - constant names
_SELECT_BY_ARTICLE = f"SELECT {_QUOTE} FROM quotes WHERE article {{}}"  # noqa: S608 - constant names
_SELECT_COUNTS = "SELECT id, quotes FROM articles WHERE id {}"
_SELECT_ARTICLES = f"SELECT {_ARTICLE} FROM articles WHERE number {{}}"  # noqa: S608 - constant names
_SELECT_ARTICLES_BY_ID = f"SELECT {_ARTICLE} FROM articles WHERE articles.id {{}}"  # noqa: S608 - constant names
#: faster than `json.loads`, which also looks for white space around the value
_decode = json.JSONDecoder().raw_decode
_KINDS = {kind.value: kind for kind in Kind}
#: columns of an article in a joined row
_ARTICLE_WIDTH = 14
_PROVENANCES = {provenance.value: provenance for provenance in Provenance}
_Values = Sequence[Any]


def read_quotes(db: Connection, ids: Sequence[int]) -> list[SearchHit]:
    """Return the quotes with these ids and their articles, in the order of the ids; unknown ids are omitted."""
    hits: dict[int, SearchHit] = {}
    articles: dict[int, Article | None] = {}
    for row in fetch_listed(db, _SELECT_QUOTES, ids):
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


def read_quotes_only(db: Connection, ids: Sequence[int]) -> dict[int, Quote]:
    """Return the quotes with these ids without their articles, by id; unknown and damaged ones are omitted."""
    quotes = {}
    for values in fetch_listed(db, _SELECT_BY_ID, ids):
        if (quote := _read_quote(values)) is None:
            report_damage(values[1], "a quote differs from its checksum")
        else:
            quotes[values[0]] = quote
    return quotes


def read_contents(db: Connection, ids: Sequence[int]) -> dict[int, str]:
    """Return the words of the quotes with these ids, without checking them: to rank quotes before they are read."""
    contents = {}
    for quote_id, content, text in fetch_listed(db, _SELECT_CONTENTS, ids):
        contents[quote_id] = " ".join([str(text)[span.start : span.end] for span in _to_spans(content)])
    return contents


def read_speaker_names(db: Connection, index: FullTextIndex, scope: QuoteScope, limit: int) -> set[str]:
    """Return the names of the people who are quoted in the newest `limit` quotes of a scope; it has a speaker."""
    query = build_quote_query((), scope)
    ids = [] if query is None else index.search_quotes(db, query, limit)
    return {name for name, is_anonymous in fetch_listed(db, _SELECT_SPEAKERS, ids) if name and not is_anonymous}


def read_articles(db: Connection, numbers: Sequence[int]) -> list[Article]:
    """Return the articles with these numbers, newest first, without the damaged ones."""
    return _to_articles(fetch_listed(db, _SELECT_ARTICLES, numbers))


def read_articles_by_id(db: Connection, ids: Sequence[str]) -> list[Article]:
    """Return the articles with these ids, newest first, without the damaged ones."""
    return _to_articles(fetch_listed(db, _SELECT_ARTICLES_BY_ID, ids))


def read_article_quotes(db: Connection, article_ids: Sequence[str]) -> dict[str, list[Quote]]:
    """Return the quotes of these articles by article id, in text order; articles without quotes are omitted.

    If quotes of an article are damaged or missing, its text is analysed again.
    """
    quotes: dict[str, list[Quote]] = {}
    damaged_ids = set()
    for values in sorted(fetch_listed(db, _SELECT_BY_ARTICLE, article_ids), key=itemgetter(0)):
        if (quote := _read_quote(values)) is None:
            damaged_ids.add(values[1])
        else:
            quotes.setdefault(values[1], []).append(quote)
    for article_id, count in fetch_listed(db, _SELECT_COUNTS, article_ids):
        if len(quotes.get(article_id, ())) != count:
            damaged_ids.add(article_id)
    return _analyse_again(db, quotes, damaged_ids.intersection(article_ids)) if damaged_ids else quotes


def _analyse_again(db: Connection, quotes: dict[str, list[Quote]], ids: set[str]) -> dict[str, list[Quote]]:
    from briefings.attribution.analysis import analyse  # slow to import, and needed only for damaged rows

    for article_id in ids:
        report_damage(article_id, "a quote differs from its checksum", left_out=False)
        quotes.pop(article_id, None)
    for article in to_articles(db.execute(select(article_table).where(article_table.c.id.in_(ids)))):
        if new_quotes := analyse(article).quotes:
            quotes[article.id] = list(new_quotes)
    return quotes


def _to_articles(rows: Sequence[_Values]) -> list[Article]:
    return [article for row in sorted(rows, key=itemgetter(0)) if (article := _read_article(row[1:])) is not None]


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
