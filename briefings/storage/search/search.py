"""Searches: the index gives numbers, and what bears them is read.

Rule: what a search looks at is bounded, and only what it gives is read in full.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from briefings.model import Article, Searched, Source
from briefings.storage.db.counters import get_day, get_number_range, read_totals
from briefings.storage.db.full_text import MAX_PHRASE_WORDS, AnyOf, ArticleQuery, FullTextIndex
from briefings.storage.db.row_mapping import get_content, to_article
from briefings.storage.db.types import ANYWHERE, AddedArticle, ArticleFilter, Overview, QuoteScope, SearchHit
from briefings.storage.search import queries
from briefings.storage.search.query_terms import add_compounds, build_article_query, build_quote_query, parse_words
from briefings.storage.search.results import read_quotes
from briefings.text.folding import contains_phrase

#: quotes read to tell which hold a phrase that is too long for the index
_MAX_QUOTES_READ = 1_000


def search_quotes(
    db: Connection, index: FullTextIndex, words: str, scope: QuoteScope, limit: int, skip: int = 0
) -> list[SearchHit]:
    """The newest quotes that hold `words`, compounds apart or together, newest first; `words` may be none.

    The first `skip` are left out, and not read.
    """
    query_words = parse_words(words)
    if not query_words and scope.by is None:
        return []
    if len(query_words) > MAX_PHRASE_WORDS:
        hits = search_quotes_by_phrases(db, index, add_compounds(query_words), scope, _MAX_QUOTES_READ)
        hits = [hit for hit in hits if contains_phrase(get_content(hit.article, hit.quote), words)]
        return hits[skip : skip + limit]
    query = build_quote_query(add_compounds(query_words) if query_words else (), scope)
    return [] if query is None else read_quotes(db, index.search_quotes(db, query, skip + max(limit, 0))[skip:])


def search_quotes_by_phrases(
    db: Connection, index: FullTextIndex, content: AnyOf, scope: QuoteScope, limit: int, words: Sequence[str] = ()
) -> list[SearchHit]:
    """The newest quotes that hold one of the phrases or one of the words, newest first."""
    query = build_quote_query(content, scope, words)
    return [] if query is None else read_quotes(db, index.search_quotes(db, query, limit))


def search_quotes_with_any(db: Connection, index: FullTextIndex, phrases: Iterable[str], limit: int) -> list[SearchHit]:
    """The newest quotes that hold the first words of one of the phrases at least, newest first."""
    content = [tuple(query_words[:MAX_PHRASE_WORDS]) for phrase in phrases if (query_words := parse_words(phrase))]
    return search_quotes_by_phrases(db, index, content, ANYWHERE, limit) if content else []


def search_articles_by_text(db: Connection, index: FullTextIndex, words: str, limit: int) -> list[Article]:
    """The newest articles whose text holds `words`, compounds apart or together, newest first."""
    query_words = parse_words(words)
    if not query_words:
        return []
    query = ArticleQuery(get_number_range(None, None), [add_compounds(query_words)], include_titles=False)
    if len(query_words) <= MAX_PHRASE_WORDS:
        return read_articles(db, index.search_articles(db, query, limit))
    articles = read_articles(db, index.search_articles(db, query, _MAX_QUOTES_READ))
    return [article for article in articles if contains_phrase(article.text, words)][:limit]


def search_articles(db: Connection, index: FullTextIndex, article_filter: ArticleFilter, limit: int) -> list[Article]:
    """The newest articles that are wanted, newest first."""
    query = build_article_query(article_filter)
    if query is None:
        return []
    return read_articles(db, index.search_articles(db, query, limit))


def read_articles(db: Connection, numbers: Sequence[int]) -> list[Article]:
    """The articles of these numbers, newest first."""
    return [to_article(row) for row in db.execute(queries.select_articles_by_number(list(numbers)))] if numbers else []


def search_article_ids(db: Connection, index: FullTextIndex, article_filter: ArticleFilter, limit: int) -> list[str]:
    """Ids of the articles wanted, newest first."""
    query = build_article_query(article_filter)
    if query is None:
        return []
    if not query.phrase_groups:
        return list(db.execute(queries.select_newest_ids(query.numbers, limit)).scalars())
    numbers = index.search_articles(db, query, limit)
    return list(db.execute(queries.select_ids_by_number(numbers)).scalars()) if numbers else []


def count_articles(db: Connection, index: FullTextIndex, article_filter: ArticleFilter) -> int:
    """How many articles are wanted."""
    query = build_article_query(article_filter)
    if query is None:
        return 0
    if query.phrase_groups:
        return index.count_articles(db, query)[0]
    number: int = db.execute(queries.select_count_between(query.numbers)).scalar_one()
    return number


def get_counts(db: Connection, index: FullTextIndex, phrases: Iterable[str] | None) -> Searched:
    """How much is held, or held on `phrases`."""
    if phrases is None:
        return read_totals(db)
    query = build_article_query(ArticleFilter(any_of=tuple(phrases)))
    if query is None:
        return Searched(0, 0)
    number, quotes, newest, oldest = index.count_articles(db, query)
    since, until = (None if end is None else get_day(end) for end in (oldest, newest))
    return Searched(number, quotes, since, until)


def get_overview(db: Connection, index: FullTextIndex, latest: int) -> Overview:
    """How much is held, of which outlets, and the articles that came last."""
    latest_articles = [
        AddedArticle(Source(row.id, row.outlet, row.published, row.url, row.title), row.added_at)
        for row in db.execute(queries.select_latest_articles(latest))
    ]
    outlets = [(name, count) for name, count in db.execute(queries.select_outlet_counts())]
    return Overview(get_counts(db, index, None), tuple(outlets), tuple(latest_articles))
