"""Convert articles and quotes to database rows and index entries, and rows back.

Rule: a value that is stored and read again is equal to the original. Index entries are built only here.
Rule: every row is verified here before its words leave the database: a damaged one is reported and left out.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from briefings.article.source_name import build_name, label_outlet
from briefings.model import Article, Kind, Provenance, Quote, Source, Span, Speaker
from briefings.storage.db.counters import to_quote_id
from briefings.storage.db.full_text import ArticleWords, QuoteWords, to_lexemes, to_name_lexemes
from briefings.storage.db.types import ArticleVersion
from briefings.storage.integrity.checksums import compute_article_checksum, compute_quote_checksum, hash_text
from briefings.storage.integrity.damage import report_damage

ColumnValues = dict[str, object]
#: characters of a text that can name its source
_OPENING_LENGTH = 2_000


def to_article_row(article: Article, number: int, added_at: datetime) -> ColumnValues:
    """Return the columns of `articles` without the analysis columns; `added_at` has a time zone."""
    return {
        **to_source_fields(article),
        "number": number,
        "boilerplate": article.boilerplate,
        "quotation_elements": article.quotation_elements,
        "added_at": added_at,
        "text": article.text,
        "checksum": compute_checksum(article),
    }


def compute_checksum(article: Article) -> int:
    """Return the checksum of an article's row."""
    values = article.id, article.publisher, article.published, article.url, article.title, article.byline
    origin = article.provenance.value, article.claimed_outlet
    spans = article.boilerplate, article.quotation_elements
    return compute_article_checksum(*values, hash_text(article.text), *origin, *spans)


def to_source_fields(article: Article) -> ColumnValues:
    """Return the columns that come from the article's source. If all are equal, the article is unchanged."""
    return {
        "id": article.id,
        "outlet": article.publisher,
        "published": article.published,
        "url": article.url,
        "title": article.title,
        "byline": article.byline,
        "content_hash": hash_text(article.text),
        "provenance": article.provenance.value,
        "claimed_outlet": article.claimed_outlet,
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


def to_articles(rows: Iterable[Row[Any]]) -> list[Article]:
    """Build articles from complete rows of `articles`, without the damaged ones."""
    return [article for row in rows if (article := _verify_article(row.id, row)) is not None]


def to_sources(rows: Iterable[Row[Any]]) -> list[tuple[Row[Any], Source]]:
    """Build the metadata of articles from rows with `SOURCE_COLUMNS`, each with its row, without the damaged ones."""
    sources = []
    for row in rows:
        is_whole = row.unnamed_text is None or hash_text(row.unnamed_text) == row.content_hash
        if not (is_whole and has_checksum(row.id, row)):
            report_damage(row.id, "metadata differs from its checksum" if is_whole else "text differs from its hash")
            continue
        provenance = Provenance(row.provenance)
        label = label_outlet(row.outlet, provenance, row.claimed_outlet)
        name = build_name(row.id, label, row.title, (row.unnamed_text or "")[:_OPENING_LENGTH])
        source = Source(row.id, row.outlet, row.published, row.url, row.title, source_name=name, provenance=provenance)
        sources.append((row, source))
    return sources


def to_versions(rows: Iterable[Row[Any]]) -> list[ArticleVersion]:
    """Build older versions from complete rows of `article_versions`, without the damaged ones."""
    return [
        ArticleVersion(article, row.added_at, row.replaced_at)
        for row in rows
        if (article := _verify_article(row.article, row)) is not None
    ]


def to_quotes(rows: Iterable[Row[Any]]) -> list[tuple[Row[Any], Quote]]:
    """Build quotes from complete rows of `quotes`, each with its row, without the damaged ones."""
    quotes = []
    for row in rows:
        if has_quote_checksum(row):
            quotes.append((row, _to_quote(row)))
        else:
            report_damage(row.article, "a quote differs from its checksum")
    return quotes


def find_damage(article_id: object, row: Row[Any]) -> str | None:
    """Say what is wrong with a complete row of `articles` or `article_versions`; None for nothing."""
    if hash_text(row.text) != row.content_hash:
        return "text differs from its hash"
    return None if has_checksum(article_id, row) else "metadata differs from its checksum"


def has_checksum(article_id: object, row: Row[Any]) -> bool:
    """Tell whether a row of `articles` or `article_versions` has the right checksum; its text is not read."""
    values = article_id, row.outlet, row.published, row.url, row.title, row.byline, row.content_hash
    origin = row.provenance, row.claimed_outlet
    return bool(row.checksum == compute_article_checksum(*values, *origin, row.boilerplate, row.quotation_elements))


def has_quote_checksum(row: Row[Any]) -> bool:
    """Tell whether a complete row of `quotes` has the right checksum."""
    places = row.source_start, row.source_end, row.cue_start, row.cue_end
    speaker = row.speaker, row.role, row.anonymous
    checksum = compute_quote_checksum(
        row.id, row.article, row.content, places, *speaker, row.kind, row.confidence, row.reason
    )
    return bool(row.checksum == checksum)


def _to_quote(row: Row[Any]) -> Quote:
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
    places = (
        *((None, None) if source is None else (source.start, source.end)),
        *((None, None) if cue is None else (cue.start, cue.end)),
    )
    name, role, anonymous = (None, None, False) if speaker is None else (speaker.name, speaker.role, speaker.anonymous)
    judgement = quote.kind.value, quote.confidence, quote.reason
    checksum = compute_quote_checksum(quote_id, article_id, quote.content, places, name, role, anonymous, *judgement)
    content = f"[{', '.join(f'[{span.start}, {span.end}]' for span in quote.content)}]"  # as JSON
    return (quote_id, article_id, content, *places, name, role, anonymous, *judgement, checksum)


def _verify_article(article_id: str, row: Row[Any]) -> Article | None:
    """Build an article, or report its damage."""
    if problem := find_damage(article_id, row):
        report_damage(article_id, problem)
        return None
    return _to_article(article_id, row)


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
        quotation_elements=row.quotation_elements,
        provenance=Provenance(row.provenance),
        claimed_outlet=row.claimed_outlet,
    )


def _to_span(start: int | None, end: int | None) -> Span | None:
    return None if start is None or end is None else Span(start, end)
