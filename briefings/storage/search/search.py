"""Search quotes and articles: the index returns ids, and their rows are read.

Rule: every search has a limit, and only the rows it returns are read in full.
"""

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from datetime import date

from sqlalchemy import Connection

from briefings.model import Article, SearchTotals
from briefings.source_filter import SourceFilter
from briefings.storage.db.counters import get_day, get_number_range, read_totals
from briefings.storage.db.full_text import MAX_PHRASE_WORDS, AnyOf, ArticleQuery, FullTextIndex
from briefings.storage.db.raw_rows import fetch_listed
from briefings.storage.db.row_mapping import get_content, to_articles, to_sources
from briefings.storage.db.types import ANYWHERE, AddedArticle, ArticleFilter, Overview, QuoteScope, SearchHit
from briefings.storage.search import queries
from briefings.storage.search.left_out import MAX_ROWS, count_left_out, get_left_out, take_allowed
from briefings.storage.search.query_terms import build_article_query, build_quote_query, parse_words
from briefings.storage.search.results import read_articles, read_articles_by_id, read_quotes
from briefings.text.compounds import add_compounds
from briefings.text.folding import contains_phrase

#: first and last day, both included; None for no limit
Days = tuple[date | None, date | None]
#: quotes or articles read and compared for a phrase that is too long for the index
_MAX_QUOTES_READ = 1_000


def search_quotes(
    db: Connection, index: FullTextIndex, words: str, scope: QuoteScope, limit: int, skip: int = 0
) -> list[SearchHit]:
    """Return up to `limit` quotes with the phrase `words`, newest first, after the first `skip`.

    Compounds match split or joined. Empty `words` match all quotes of `scope.by`.
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
    db: Connection, index: FullTextIndex, content: AnyOf, scope: QuoteScope, limit: int
) -> list[SearchHit]:
    """Return the newest quotes with one of the phrases; none match anything."""
    return read_quotes(db, search_ids_by_phrases(db, index, content, scope, limit))


def search_ids_by_phrases(
    db: Connection, index: FullTextIndex, content: AnyOf, scope: QuoteScope, limit: int
) -> list[int]:
    """Return the ids of the newest quotes with one of the phrases; none match all."""
    query = build_quote_query(content, scope)
    return [] if query is None else index.search_quotes(db, query, limit)


def search_quotes_with_any(db: Connection, index: FullTextIndex, phrases: Iterable[str], limit: int) -> list[SearchHit]:
    """Return the newest quotes with the first 64 words of at least one phrase."""
    content = [tuple(query_words[:MAX_PHRASE_WORDS]) for phrase in phrases if (query_words := parse_words(phrase))]
    return search_quotes_by_phrases(db, index, content, ANYWHERE, limit) if content else []


def search_articles_by_text(
    db: Connection, index: FullTextIndex, words: str, limit: int, known_ids: Set[str] = frozenset()
) -> list[Article]:
    """Return the newest articles whose text has the phrase `words`, without those of `known_ids`.

    The limit counts these, too. Compounds match split or joined.
    """
    query_words = parse_words(words)
    if not query_words:
        return []
    query = ArticleQuery(get_number_range(None, None), [add_compounds(query_words)], include_titles=False)
    if len(query_words) <= MAX_PHRASE_WORDS:
        numbers = index.search_articles(db, query, limit)
        if known_ids and numbers:
            rows = fetch_listed(db, "SELECT number, id FROM articles WHERE number {}", numbers)
            numbers = [number for number, article_id in rows if article_id not in known_ids]
        return read_articles(db, numbers)
    articles = read_articles(db, index.search_articles(db, query, _MAX_QUOTES_READ))
    matching_articles = [article for article in articles if contains_phrase(article.text, words)][:limit]
    return [article for article in matching_articles if article.id not in known_ids]


def search_articles(db: Connection, index: FullTextIndex, article_filter: ArticleFilter, limit: int) -> list[Article]:
    """Return the newest articles that match a filter with phrases."""
    query = build_article_query(article_filter)
    if query is None:
        return []
    return read_articles(db, index.search_articles(db, query, limit))


def list_articles(
    db: Connection, index: FullTextIndex, ids: Iterable[str] | None, phrases: Iterable[str] | None, limit: int
) -> list[Article]:
    """Return the articles of the first `limit` ids, else the newest with one of `phrases`, else the newest."""
    if ids is not None:
        chunks = queries.split_ids(list(ids)[:limit])
        return [article for chunk in chunks for article in read_articles_by_id(db, chunk)]
    if phrases is not None:
        return search_articles(db, index, ArticleFilter(any_of=tuple(phrases)), limit)
    return to_articles(db.execute(queries.select_newest_articles(limit)))


def search_article_ids(db: Connection, index: FullTextIndex, article_filter: ArticleFilter, limit: int) -> list[str]:
    """Return the ids of the newest articles that match a filter."""
    query = build_article_query(article_filter)
    if query is None:
        return []
    if not query.phrase_groups:
        return list(db.execute(queries.select_newest_ids(query.numbers, limit)).scalars())
    numbers = index.search_articles(db, query, limit)
    return list(db.execute(queries.select_ids_by_number(numbers)).scalars()) if numbers else []


def select_days(
    db: Connection,
    index: FullTextIndex,
    days: Days,
    limit: int,
    outlets: Sequence[str] | None = None,
    *,
    by_day: bool = False,
) -> tuple[list[str], int]:
    """Return the ids of the newest articles of some days, all or those of some outlets, and the count of all of them.

    With `by_day`, each day has the same share of the ids, as far as it has articles. They are in no order.
    """
    numbers = get_number_range(*days)
    count: int = db.execute(queries.select_outlet_count(numbers, outlets)).scalar_one()
    if sources := get_left_out(index):
        count -= count_left_out(db, sources, numbers, outlets)[0]
        allowed_numbers = _spread_allowed(db, sources, numbers, limit, outlets, by_day=by_day and count > limit)
        return list(db.execute(queries.select_ids_by_number(allowed_numbers)).scalars()), count
    query = queries.select_spread_ids(numbers, limit, outlets, by_day=by_day and count > limit)
    return list(db.execute(query).scalars()), count


def _spread_allowed(
    db: Connection,
    sources: SourceFilter,
    numbers: tuple[int, int],
    limit: int,
    outlets: Sequence[str] | None,
    *,
    by_day: bool,
) -> list[int]:
    """Return numbers of the newest articles that are not of `sources`; with `by_day`, the same share of each day."""

    def select_numbers(size: int) -> list[int]:
        return list(db.execute(queries.select_newest_numbers(numbers, size, outlets)).scalars())

    if not by_day:
        return take_allowed(db, sources, limit, select_numbers)
    allowed_numbers = take_allowed(db, sources, MAX_ROWS, select_numbers)
    counts = Counter[date | None]()
    places: list[tuple[int, int]] = []
    for number in allowed_numbers:
        day = get_day(number)
        counts[day] += 1
        places.append((counts[day], number))
    return [number for _, number in sorted(places)[:limit]]


def count_articles(db: Connection, index: FullTextIndex, article_filter: ArticleFilter) -> int:
    """Return the count of articles that match a filter."""
    query = build_article_query(article_filter)
    if query is None:
        return 0
    if query.phrase_groups:
        return index.count_articles(db, query)[0]
    number: int = db.execute(queries.select_count_between(query.numbers)).scalar_one()
    return number


def get_counts(db: Connection, index: FullTextIndex, phrases: Iterable[str] | None) -> SearchTotals:
    """Return the counts and days of all articles, or of those with one of `phrases`."""
    if phrases is None:
        return read_totals(db)
    query = build_article_query(ArticleFilter(any_of=tuple(phrases)))
    if query is None:
        return SearchTotals(0, 0)
    number, quotes, newest, oldest = index.count_articles(db, query)
    since, until = (None if end is None else get_day(end) for end in (oldest, newest))
    return SearchTotals(number, quotes, since, until)


def get_change_token(db: Connection) -> str:
    """Return a token made of the totals, the time of the last addition and the count of older versions."""
    totals = read_totals(db)
    return "|".join(map(str, (totals.articles, totals.quotes, *db.execute(queries.select_change_token()).one())))


def get_overview(db: Connection, index: FullTextIndex, latest: int) -> Overview:
    """Return the totals, the outlets, and the `latest` articles added or updated."""
    latest_articles = [
        AddedArticle(source, row.added_at)
        for row, source in to_sources(db.execute(queries.select_latest_articles(latest)))
    ]
    outlets = [(name, count) for name, count in db.execute(queries.select_outlet_counts())]
    return Overview(get_counts(db, index, None), tuple(outlets), tuple(latest_articles))
