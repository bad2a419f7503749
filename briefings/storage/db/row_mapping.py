"""The model's values as rows, and back.

Rule: what goes in comes out equal; what an index is told is derived here and nowhere else.
"""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Row

from briefings.model import Article, Kind, Quote, Span, Speaker
from briefings.storage.db.counters import to_quote_id
from briefings.storage.db.full_text import ArticleWords, QuoteWords, to_lexemes, to_name_lexemes
from briefings.storage.db.types import ArticleVersion

ColumnValues = dict[str, object]


def to_article_row(article: Article, number: int, added_at: datetime) -> ColumnValues:
    """The columns of `articles` that hold nothing found in it; `added_at` is a moment with its zone."""
    return {
        **to_source_fields(article),
        "number": number,
        "boilerplate": article.boilerplate,
        "added_at": added_at,
        "text": article.text,
    }


def to_source_fields(article: Article) -> ColumnValues:
    """The columns that say whether an article is the same as before: all that its source told."""
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
    """The columns of `quotes`, in their order, for the quotes of the article with this number, in the order given."""
    return [_to_quote_row(article.id, to_quote_id(number, position), quote) for position, quote in enumerate(quotes)]


def to_article_words(article: Article, number: int) -> ArticleWords:
    """What an index is told of an article."""
    return ArticleWords(number, to_lexemes(article.text), to_name_lexemes(article.title))


def to_quote_words(article: Article, number: int, quotes: Iterable[Quote]) -> list[QuoteWords]:
    """What an index is told of an article's quotes; a quote of several fragments is told as if they stood together."""
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
    """The words of a quote, its fragments joined by a space."""
    if len(quote.content) == 1:
        return quote.content[0].of(article.text)
    return " ".join(span.of(article.text) for span in quote.content)


def to_article(row: Row[Any]) -> Article:
    """The article of a row that holds all of its columns."""
    return _to_article(row.id, row)


def to_version(row: Row[Any]) -> ArticleVersion:
    """The older version of a row that holds all of its columns."""
    return ArticleVersion(_to_article(row.article, row), row.added_at, row.replaced_at)


def to_quote(row: Row[Any]) -> Quote:
    """The quote of a row that holds all of its columns."""
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
    )


def _to_span(start: int | None, end: int | None) -> Span | None:
    return None if start is None or end is None else Span(start, end)
