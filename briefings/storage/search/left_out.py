"""A view of a full-text index that leaves out the articles of some sources, and the counts of what is left out.

Rule: a search gives the same rows as if those articles were not stored, newest first and up to its limit. The index is
asked for more rows until enough are left.
"""

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import Connection, func, or_, select

from briefings.source_filter import NO_SOURCES, SourceFilter
from briefings.storage.db.counters import FIRST_UNDATED, get_number_range, to_article_number
from briefings.storage.db.full_text import ArticleQuery, ArticleWords, FullTextIndex, QuoteQuery, QuoteWords
from briefings.storage.db.schema import articles

#: rows that one search reads at most to find enough that are not left out
MAX_ROWS = 100_000
#: numbers in one statement
_CHUNK_SIZE = 500
#: how much further each search of a series reads
_GROWTH = 4


class FilteredIndex:
    """The rows of `index` without the articles of `sources`."""

    def __init__(self, index: FullTextIndex, sources: SourceFilter) -> None:
        self._index = index
        #: what is left out
        self.sources = sources

    def add(self, db: Connection, new_articles: Sequence[ArticleWords], quotes: Iterable[QuoteWords]) -> None:
        """Index new articles and quotes."""
        self._index.add(db, new_articles, quotes)

    def optimize(self, db: Connection, step: int) -> bool:
        """Run one step of maintenance."""
        return self._index.optimize(db, step)

    def drop_article(self, db: Connection, number: int) -> None:
        """Remove an article's text and title from the index."""
        self._index.drop_article(db, number)

    def search_quotes(self, db: Connection, query: QuoteQuery, limit: int) -> list[int]:
        """Return up to `limit` quote ids: newest first."""
        return take_allowed(
            db, self.sources, limit, lambda size: self._index.search_quotes(db, query, size), to_article_number
        )

    def search_articles(self, db: Connection, query: ArticleQuery, limit: int) -> list[int]:
        """Return up to `limit` article numbers: newest first."""
        return take_allowed(db, self.sources, limit, lambda size: self._index.search_articles(db, query, size))

    def count_articles(self, db: Connection, query: ArticleQuery) -> tuple[int, int, int | None, int | None]:
        """Return the count of articles, the count of their quotes, and the lowest and highest dated number."""
        numbers = self.search_articles(db, query, MAX_ROWS)
        quote_count = 0
        for chunk in _split(numbers):
            statement = select(func.coalesce(func.sum(articles.c.quotes), 0)).where(articles.c.number.in_(chunk))
            quote_count += int(db.execute(statement).scalar_one())
        dated_numbers = [number for number in numbers if number < FIRST_UNDATED]
        first, last = (dated_numbers[0], dated_numbers[-1]) if dated_numbers else (None, None)
        return len(numbers), quote_count, first, last

    def find_known_words(self, db: Connection, words: Iterable[str]) -> set[str]:
        """Return the words that occur in quotes of any source."""
        return self._index.find_known_words(db, words)

    def count_words(self, db: Connection, words: Iterable[str]) -> dict[str, int]:
        """Return roughly how often each word occurs in quotes of any source."""
        return self._index.count_words(db, words)


def get_left_out(index: FullTextIndex) -> SourceFilter:
    """Return the sources that an index leaves out, for queries that read rows without it."""
    return index.sources if isinstance(index, FilteredIndex) else NO_SOURCES


def take_allowed(
    db: Connection,
    sources: SourceFilter,
    limit: int,
    search: Callable[[int], list[int]],
    to_number: Callable[[int], int] = lambda row_id: row_id,
) -> list[int]:
    """Return the first `limit` row ids of `search` whose articles are not of `sources`.

    `search` returns up to so many ids, and the same ones again when it is asked for more. `to_number` returns the
    number of an id's article.
    """
    if limit <= 0:
        return []
    if not sources:
        return search(limit)
    size, checked_count = limit, 0
    allowed_ids: list[int] = []
    while True:
        row_ids = search(size)
        allowed_ids += drop_left_out(db, sources, row_ids[checked_count:], to_number)
        if len(allowed_ids) >= limit or len(row_ids) < size or size >= MAX_ROWS:
            return allowed_ids[:limit]
        checked_count, size = len(row_ids), min(size * _GROWTH, max(MAX_ROWS, limit))


def count_left_out(
    db: Connection, sources: SourceFilter, numbers: tuple[int, int], outlets: Sequence[str] | None = None
) -> tuple[int, int]:
    """Return the counts of articles and quotes of `sources` in an inclusive range of article numbers.

    With `outlets`, only those of outlets with these names are counted.
    """
    all_outlets = db.execute(select(articles.c.outlet).where(articles.c.outlet.is_not(None)).distinct()).scalars()
    outlet_names = [name for name in all_outlets if sources.matches(name, None)]
    # a host that is stored as Unicode does not match in ASCII: such an address is compared below
    conditions = [articles.c.url.ilike(f"%{_escape(host)}%", escape="\\") for host in sources.hosts]
    if any(host.startswith("xn--") or ".xn--" in host for host in sources.hosts):
        conditions.append(articles.c.url.is_not(None))
    statement = select(articles.c.outlet, articles.c.url, articles.c.quotes)
    statement = statement.where(
        articles.c.number.between(*numbers), or_(articles.c.outlet.in_(outlet_names), *conditions)
    )
    if outlets is not None:
        statement = statement.where(articles.c.outlet.in_(outlets))
    quote_counts = [row.quotes for row in db.execute(statement) if sources.matches(row.outlet, row.url)]
    return len(quote_counts), sum(quote_counts)


#: every article, dated or not
ALL_NUMBERS = get_number_range(None, None)


def drop_left_out(
    db: Connection,
    sources: SourceFilter,
    row_ids: Sequence[int],
    to_number: Callable[[int], int] = lambda row_id: row_id,
) -> list[int]:
    """Return the row ids whose articles are not of `sources`, in the same order."""
    if not sources:
        return list(row_ids)
    left_out: set[int] = set()
    for chunk in _split(sorted({to_number(row_id) for row_id in row_ids})):
        statement = select(articles.c.number, articles.c.outlet, articles.c.url).where(articles.c.number.in_(chunk))
        left_out.update(row.number for row in db.execute(statement) if sources.matches(row.outlet, row.url))
    return [row_id for row_id in row_ids if to_number(row_id) not in left_out]


def _split(numbers: Sequence[int]) -> Iterable[list[int]]:
    return (list(numbers[start : start + _CHUNK_SIZE]) for start in range(0, len(numbers), _CHUNK_SIZE))


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
