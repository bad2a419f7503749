"""The model's values as rows, and back.

Rule: what goes in comes out equal; the key columns are derived here and nowhere else.
"""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Row

from briefings.model import Article, Kind, Quote, Span, Speaker
from briefings.record.values import Version
from briefings.text.search_key import search_key

Values = dict[str, object]


def article_row(article: Article, added_at: datetime) -> Values:
    """The columns of `articles`; `added_at` is a moment with its zone."""
    return {
        **told_of(article),
        "boilerplate": article.boilerplate,
        "added_at": added_at,
        "text": article.text,
        "text_key": padded(article.text),
        "title_key": padded(article.title or ""),
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


def quote_rows(article: Article, quotes: Iterable[Quote]) -> list[Values]:
    """The columns of `quotes` for the quotes of one article, in the order given."""
    return [_quote_row(article, position, quote) for position, quote in enumerate(quotes)]


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


def padded(text: str) -> str:
    """The search key of `text` with a space on either side, as the key columns hold it and as it is sought there."""
    return f" {search_key(text)} "


def _quote_row(article: Article, position: int, quote: Quote) -> Values:
    speaker = quote.speaker
    return {
        "article": article.id,
        "position": position,
        "content": quote.content,
        **_ends("source", quote.source),
        **_ends("cue", quote.cue),
        "speaker": speaker and speaker.name,
        "role": speaker and speaker.role,
        "anonymous": speaker is not None and speaker.anonymous,
        "kind": quote.kind.value,
        "confidence": quote.confidence,
        "reason": quote.reason,
        "content_key": padded(" ".join(span.of(article.text) for span in quote.content)),
        "speaker_key": padded(speaker.name) if speaker else "",
    }


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


def _ends(name: str, span: Span | None) -> Values:
    # not "span and ...": an empty span is false, and still a place
    return {f"{name}_start": None if span is None else span.start, f"{name}_end": None if span is None else span.end}


def _span(start: int | None, end: int | None) -> Span | None:
    return None if start is None or end is None else Span(start, end)
