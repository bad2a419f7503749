"""Convert articles and quotes to database rows and index entries, and rows back.

Rule: a value that is stored and read again is equal to the original. Index entries are built only here.
"""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Row

from briefings.article.source_name import build_name
from briefings.model import Article, Kind, Quote, Source, Span, Speaker
from briefings.storage.db.counters import to_quote_id
from briefings.storage.db.full_text import ArticleWords, QuoteWords, to_lexemes, to_name_lexemes
from briefings.storage.db.types import ArticleVersion

ColumnValues = dict[str, object]


def to_article_row(article: Article, number: int, added_at: datetime) -> ColumnValues:
    """Return the columns of `articles` without the analysis columns; `added_at` has a time zone."""
    return {
        **to_source_fields(article),
        "number": number,
        "boilerplate": article.boilerplate,
        "quotation_elements": article.quotation_elements,
        "added_at": added_at,
        "text": article.text,
    }


def to_source_fields(article: Article) -> ColumnValues:
    """Return the columns that come from the article's source. If all are equal, the article is unchanged."""
    return {
        "id": article.id,
        "outlet": article.publisher,
        "published": article.published,
        "url": article.url,
        "title": article.title,
        "byline": article.byline,
        "content_hash": sha256(article.text.encode()).hexdigest(),
    }


def to_quote_rows(article: Article, number: int, quotes: Iterable[Quote]) -> list[tuple[object, ...]]:
    """Return one row of `quotes` per quote, in the order given, with the values in column order."""
    return [_to_quote_row(article.id, to_quote_id(number, position), quote) for position, quote in enumerate(quotes)]


def to_article_words(article: Article, number: int) -> ArticleWords:
    """Return the index entry of an article."""
    return ArticleWords(number, to_lexemes(article.text), to_name_lexemes(article.title))


def to_quote_words(article: Article, number: int, quotes: Iterable[Quote]) -> list[QuoteWords]:
    """Return the index entries of an article's quotes. The fragments of a quote are indexed as continuous text."""
    outlet = to_name_lexemes(article.publisher)
    return [
        QuoteWords(
            to_quote_id(number, position),
            to_lexemes(get_content(article, quote)),
            to_name_lexemes(quote.speaker.name if quote.speaker else None),
            outlet,
        )
        for position, quote in enumerate(quotes)
    ]


def get_content(article: Article, quote: Quote) -> str:
    """Return the words of a quote, with its fragments joined by spaces."""
    if len(quote.content) == 1:
        return quote.content[0].of(article.text)
    return " ".join(span.of(article.text) for span in quote.content)


def to_article(row: Row[Any]) -> Article:
    """Build an article from a complete row of `articles`."""
    return _to_article(row.id, row)


def to_source(row: Row[Any]) -> Source:
    """Build the metadata of an article from a row with `SOURCE_COLUMNS`."""
    name = build_name(row.id, row.outlet, row.title, row.opening)
    return Source(row.id, row.outlet, row.published, row.url, row.title, source_name=name)


def to_version(row: Row[Any]) -> ArticleVersion:
    """Build an older version from a complete row of `article_versions`."""
    return ArticleVersion(_to_article(row.article, row), row.added_at, row.replaced_at)


def to_quote(row: Row[Any]) -> Quote:
    """Build a quote from a complete row of `quotes`."""
    return Quote(
        content=row.content,
        source=_to_span(row.source_start, row.source_end),
        cue=_to_span(row.cue_start, row.cue_end),
        speaker=None if row.speaker is None else Speaker(row.speaker, row.role, row.anonymous),
        kind=Kind(row.kind),
        confidence=row.confidence,
        reason=row.reason,
    )


def _to_quote_row(article_id: str, quote_id: int, quote: Quote) -> tuple[object, ...]:
    speaker, source, cue = quote.speaker, quote.source, quote.cue
    return (
        quote_id,
        article_id,
        f"[{', '.join(f'[{span.start}, {span.end}]' for span in quote.content)}]",  # as JSON
        *((None, None) if source is None else (source.start, source.end)),
        *((None, None) if cue is None else (cue.start, cue.end)),
        *((None, None, False) if speaker is None else (speaker.name, speaker.role, speaker.anonymous)),
        quote.kind.value,
        quote.confidence,
        quote.reason,
    )


def _to_article(article_id: str, row: Row[Any]) -> Article:
    return Article(
        id=article_id,
        text=row.text,
        publisher=row.outlet,
        published=row.published,
        url=row.url,
        title=row.title,
        byline=row.byline,
        boilerplate=row.boilerplate,
        quotation_elements=getattr(row, "quotation_elements", ()),
    )


def _to_span(start: int | None, end: int | None) -> Span | None:
    return None if start is None or end is None else Span(start, end)
