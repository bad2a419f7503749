"""A repository that leaves out the articles of some sources, for readers who do not want them.

Rule: every search, count and query is as if these articles were not stored. An article that is asked for by its id is
returned, because an earlier answer may cite it. The overview and the list of people cover all sources: they are names
that can be typed.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection

from briefings.model import Article, SearchTotals
from briefings.source_filter import SourceFilter
from briefings.storage.db.counters import FIRST_UNDATED, get_day, get_number_range
from briefings.storage.db.types import ALL_ARTICLES, ArticleFilter
from briefings.storage.repository import MAX_ARTICLES, Repository
from briefings.storage.search import queries
from briefings.storage.search.left_out import ALL_NUMBERS, FilteredIndex, count_left_out, take_allowed

_DATED = (0, FIRST_UNDATED - 1)


class FilteredRepository(Repository):
    """`repository` without the articles of `sources`. It shares the connections, and does not close them."""

    def __init__(self, repository: Repository, sources: SourceFilter) -> None:
        super().__init__(*repository.connections)
        self._index = FilteredIndex(self._index, sources)
        #: what is left out
        self.sources = sources

    def find_ids(self, article_filter: ArticleFilter = ALL_ARTICLES, limit: int = MAX_ARTICLES) -> tuple[str, ...]:
        """Return the ids of up to `limit` articles that match, newest first and undated ones last."""
        if _has_phrases(article_filter):
            return super().find_ids(article_filter, limit)
        numbers = get_number_range(article_filter.since, article_filter.until)
        with self._read_snapshot() as db:
            allowed_numbers = take_allowed(
                db,
                self.sources,
                min(limit, MAX_ARTICLES),
                lambda size: list(db.execute(queries.select_newest_numbers(numbers, size)).scalars()),
            )
            return tuple(db.execute(queries.select_ids_by_number(allowed_numbers)).scalars())

    def count_articles(self, article_filter: ArticleFilter) -> int:
        """Return the count of articles that match."""
        count = super().count_articles(article_filter)
        if _has_phrases(article_filter):
            return count
        with self._read_snapshot() as db:
            return (
                count
                - count_left_out(db, self.sources, get_number_range(article_filter.since, article_filter.until))[0]
            )

    def get_articles(
        self, ids: Iterable[str] | None = None, *, phrases: Iterable[str] | None = None, limit: int = MAX_ARTICLES
    ) -> tuple[Article, ...]:
        """Return the articles of these ids, of any source, or the newest with one of `phrases` or of all."""
        if ids is None and phrases is None:
            ids = self.find_ids(limit=limit)
        return super().get_articles(ids, phrases=phrases, limit=limit)

    def get_counts(self, phrases: Iterable[str] | None = None) -> SearchTotals:
        """Return the counts and days."""
        totals = super().get_counts(phrases)
        if phrases is not None:
            return totals
        with self._read_snapshot() as db:
            article_count, quote_count = count_left_out(db, self.sources, ALL_NUMBERS)
            since, until = (self._find_end_day(db, oldest_first=oldest_first) for oldest_first in (True, False))
        return SearchTotals(totals.articles - article_count, totals.quotes - quote_count, since, until)

    def _find_end_day(self, db: Connection, *, oldest_first: bool) -> date | None:
        """Return the first or the last publication day of dated articles."""
        numbers = take_allowed(
            db,
            self.sources,
            1,
            lambda size: list(
                db.execute(queries.select_newest_numbers(_DATED, size, oldest_first=oldest_first)).scalars()
            ),
        )
        return get_day(numbers[0]) if numbers else None

    def close(self) -> None:
        """Do nothing: the connections belong to the other repository."""


def _has_phrases(article_filter: ArticleFilter) -> bool:
    return article_filter.any_of is not None or bool(article_filter.all_of)
