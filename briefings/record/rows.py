"""The model's values as rows, and back.

Rule: what goes in comes out equal; what an index is told is derived here and nowhere else.
"""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Row

from briefings.model import Article, Kind, Quote, Span, Speaker
from briefings.record.index import ArticleWords, QuoteWords
from briefings.record.lexemes import lexemes, name_lexemes
from briefings.record.numbers import quote_id
from briefings.record.values import Version

Values = dict[str, object]


def article_row(article: Article, number: int, added_at: datetime) -> Values:
    """The columns of `articles` that hold nothing found in it; `added_at` is a moment with its zone."""
    return {
        **told_of(article),
        "number": number,
        "boilerplate": article.boilerplate,
        "added_at": added_at,
        "text": article.text,
    }


def told_of(article: Article) -> Values:
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


def quote_rows(article: Article, number: int, found: Iterable[Quote]) -> list[tuple[object, ...]]:
    """The columns of `quotes`, in their order, for the quotes of the article with this number, in the order given."""
    return [_quote_row(article.id, quote_id(number, place), quote) for place, quote in enumerate(found)]


def article_words(article: Article, number: int) -> ArticleWords:
    """What an index is told of an article."""
    return ArticleWords(number, lexemes(article.text), name_lexemes(article.title))


def quote_words(article: Article, number: int, quotes: Iterable[Quote]) -> list[QuoteWords]:
    """What an index is told of an article's quotes; a quote of several fragments is told as if they stood together."""
    outlet = name_lexemes(article.publisher)
    return [
        QuoteWords(
            quote_id(number, place),
            lexemes(content_of(article, quote)),
            name_lexemes(quote.speaker.name if quote.speaker else None),
            outlet,
        )
        for place, quote in enumerate(quotes)
    ]


def content_of(article: Article, quote: Quote) -> str:
    """The words of a quote, its fragments joined by a space."""
    if len(quote.content) == 1:
        return quote.content[0].of(article.text)
    return " ".join(span.of(article.text) for span in quote.content)


def to_article(row: Row[Any]) -> Article:
    """The article of a row that holds all of its columns."""
    return _article(row.id, row)


def to_version(row: Row[Any]) -> Version:
    """The older version of a row that holds all of its columns."""
    return Version(_article(row.article, row), row.added_at, row.replaced_at)


def to_quote(row: Row[Any]) -> Quote:
    """The quote of a row that holds all of its columns."""
    return Quote(
        content=row.content,
        source=_span(row.source_start, row.source_end),
        cue=_span(row.cue_start, row.cue_end),
        speaker=None if row.speaker is None else Speaker(row.speaker, row.role, row.anonymous),
        kind=Kind(row.kind),
        confidence=row.confidence,
        reason=row.reason,
    )


def _quote_row(article_id: str, key: int, quote: Quote) -> tuple[object, ...]:
    speaker, source, cue = quote.speaker, quote.source, quote.cue
    return (
        key,
        article_id,
        f"[{', '.join(f'[{span.start}, {span.end}]' for span in quote.content)}]",  # as JSON
        *((None, None) if source is None else (source.start, source.end)),
        *((None, None) if cue is None else (cue.start, cue.end)),
        *((None, None, False) if speaker is None else (speaker.name, speaker.role, speaker.anonymous)),
        quote.kind.value,
        quote.confidence,
        quote.reason,
    )


def _article(article_id: str, row: Row[Any]) -> Article:
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


def _span(start: int | None, end: int | None) -> Span | None:
    return None if start is None or end is None else Span(start, end)
