"""Repository of articles and quotes: the interface to the database for the rest of the program.

Rule: each write is one transaction, and each read one snapshot. Threads may share a `Repository`: its only state is the
connection pool, and each call uses one connection.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from contextlib import AbstractContextManager
from datetime import date, datetime
from itertools import count
from typing import TypeVar

from sqlalchemy import Connection, Engine, select

from briefings.attribution.name_completion import KnownPerson
from briefings.model import Article, Quote, SearchTotals
from briefings.storage.db.database import describe_location, translate_database_errors
from briefings.storage.db.full_text import FullTextIndex
from briefings.storage.db.row_mapping import to_versions
from briefings.storage.db.schema import articles
from briefings.storage.db.types import (
    ALL_ARTICLES,
    ANYWHERE,
    ArticleFilter,
    ArticleStatus,
    ArticleVersion,
    Duplicate,
    Overview,
    QuotedPerson,
    QuoteScope,
    SearchHit,
    Story,
)
from briefings.storage.search import fuzzy, queries, results, search
from briefings.storage.search.speakers.speaker_counts import list_speakers
from briefings.storage.session import SnapshotReader, connect_and_migrate, get_index, run_in_transaction
from briefings.storage.writes import duplicates
from briefings.storage.writes.bulk_upsert import bulk_upsert
from briefings.storage.writes.load import load_articles
from briefings.storage.writes.names import read_names, save_stories
from briefings.storage.writes.upsert import (
    Arrival,
    check_arrival,
    check_storable,
    get_status,
    is_storable,
    replace_analysis,
    upsert_article,
)

#: maximum numbers of results of one call
MAX_ARTICLES = 10_000
MAX_QUOTES = 1_000
MAX_VERSIONS = 1_000
MAX_PEOPLE = 500
#: articles per transaction of `bulk_upsert`
BATCH_SIZE = 2_000
#: the index is optimised if at least one in this many articles is new
_OPTIMIZE_RATIO = 10
#: retries of a transaction after conflicts with other writers
_MAX_RETRIES = 3

_T = TypeVar("_T")


def open_repository(address: str, clock: Callable[[], datetime]) -> "Repository":
    """Open the database at an SQLAlchemy URL, after creating it or migrating it to the newest revision.

    `clock` returns the current time with a time zone. Raises DatabaseUnavailable if the database cannot be opened or is
    newer than the program.
    """
    return Repository(connect_and_migrate(address), clock)


class Repository:
    """Articles and quotes in one database. Every method raises DatabaseUnavailable for errors of the database."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock
        self._location = describe_location(engine.url)
        self._index = get_index(engine)
        self._snapshots = SnapshotReader(engine)

    @property
    def connections(self) -> tuple[Engine, Callable[[], datetime]]:
        """The engine and the clock, for another repository of the same database."""
        return self._engine, self._clock

    def upsert(
        self,
        article: Article,
        quotes: Sequence[Quote],
        *,
        names: Sequence[KnownPerson] | None = None,
        engine: str | None = None,
    ) -> ArticleStatus:
        """Add or update an article with its quotes, completely or not at all; return its status before the write.

        Different text or metadata replaces the stored article with its quotes, and archives it (`list_versions`). An
        equal article, an archived version, or an empty text for a stored one changes nothing. `names` are the full
        names in the article, None if not extracted; `engine` is the version that found them. Raises BadInput for
        characters that cannot be stored, or over 65,536 quotes.
        """
        arrival = Arrival(article, quotes, names, engine)
        check_arrival(arrival)
        return self._run_in_transaction(lambda db: upsert_article(db, self._index, arrival, self._clock()))

    def bulk_upsert(
        self,
        articles_with_quotes: Iterable[tuple[Article, Sequence[Quote]]],
        batch_size: int = BATCH_SIZE,
        *,
        engine: str | None = None,
    ) -> int:
        """Upsert articles without names, as `load` does."""
        return self.load((Arrival(*pair, engine=engine) for pair in articles_with_quotes), batch_size)

    def load(self, arrivals: Iterable[Arrival], batch_size: int = BATCH_SIZE) -> int:
        """Upsert articles in transactions of `batch_size`, link them at the end; return how many were new or updated.

        Raises BadInput for an article that `upsert` rejects; earlier batches stay stored.
        """
        write_count = load_articles(self._run_in_transaction, self._index, arrivals, batch_size, self._clock)
        self.optimize_index(write_count)
        return write_count

    def upsert_all(self, arrivals: Sequence[Arrival]) -> list[ArticleStatus]:
        """Upsert articles in one transaction, and return their statuses in order.

        Raises BadInput, and stores none, if `upsert` would reject one of them.
        """
        for arrival in arrivals:
            check_arrival(arrival)
        return self._run_in_transaction(lambda db: bulk_upsert(db, self._index, arrivals, self._clock()))

    def optimize_index(self, new_articles: int) -> None:
        """Optimise the full-text index after `new_articles` additions, if they are at least a tenth of all articles.

        Searches work without it. It runs in short transactions, so other writers wait only briefly.
        """
        if new_articles * _OPTIMIZE_RATIO < self.get_counts().articles:
            return
        steps = count()
        while self._run_in_transaction(lambda db: self._index.optimize(db, next(steps))):
            pass

    def list_stale_ids(self, engine: str, limit: int = MAX_ARTICLES) -> tuple[str, ...]:
        """Return the ids of up to `limit` articles that were analysed by another engine version."""
        with self._read_snapshot() as db:
            return tuple(db.execute(queries.select_stale_ids(engine, _clamp(limit, MAX_ARTICLES))).scalars())

    def replace_quotes(
        self, article: Article, quotes: Sequence[Quote], *, names: Sequence[KnownPerson] | None, engine: str | None
    ) -> bool:
        """Replace the quotes and names of `article` by a new analysis, in one transaction.

        Return False, and change nothing, if the article is not stored or now has another text.
        """
        arrival = Arrival(article, quotes, names, engine)
        check_arrival(arrival)
        return self._run_in_transaction(lambda db: replace_analysis(db, self._index, arrival))

    def has_article(self, article_id: str) -> bool:
        """Tell whether an article with this id is stored."""
        if not is_storable(article_id):
            return False
        with self._read_snapshot() as db:
            return db.execute(select(articles.c.id).where(articles.c.id == article_id)).first() is not None

    def get_status(self, article: Article) -> ArticleStatus:
        """Return the status that `upsert` would return now. Raises BadInput as `upsert` does."""
        return self.get_statuses([article])[0]

    def get_statuses(self, incoming_articles: Sequence[Article]) -> list[ArticleStatus]:
        """Return the statuses that `upsert` would return, from one snapshot. Raises BadInput as `upsert` does."""
        for article in incoming_articles:
            check_storable(article)
        with self._read_snapshot() as db:
            return [get_status(db, article) for article in incoming_articles]

    def find_duplicates(self, ids: Iterable[str]) -> tuple[Duplicate, ...]:
        """Return the pairs of duplicates with at least one article among `ids`, sorted by their ids."""
        with self._read_snapshot() as db:
            duplicate_pairs = {pair for chunk in queries.split_ids(ids) for pair in duplicates.find_links(db, chunk)}
        return tuple(sorted(duplicate_pairs, key=lambda pair: (pair.article, pair.original)))

    def get_change_times(self, ids: Iterable[str]) -> dict[str, datetime]:
        """Return when the text of each article last changed, in UTC; articles that never changed are omitted."""
        with self._read_snapshot() as db:
            rows = [row for chunk in queries.split_ids(ids) for row in db.execute(queries.select_changes(chunk))]
        return {row.article: row.changed_at for row in rows}

    def list_versions(self, article_id: str, limit: int = MAX_VERSIONS) -> tuple[ArticleVersion, ...]:
        """Return the newest `limit` older versions of an article, oldest first, without the current one."""
        if not is_storable(article_id):
            return ()
        with self._read_snapshot() as db:
            rows = db.execute(queries.select_versions(article_id, _clamp(limit, MAX_VERSIONS))).all()
        return tuple(to_versions(reversed(rows)))

    def find_ids(self, article_filter: ArticleFilter = ALL_ARTICLES, limit: int = MAX_ARTICLES) -> tuple[str, ...]:
        """Return the ids of up to `limit` articles that match, newest first and undated ones last.

        Raises BadQuestion for over 200 phrases, or over 64 words in one.
        """
        with self._read_snapshot() as db:
            return tuple(search.search_article_ids(db, self._index, article_filter, _clamp(limit, MAX_ARTICLES)))

    def count_articles(self, article_filter: ArticleFilter) -> int:
        """Return the count of articles that match. Raises BadQuestion as `find_ids` does."""
        with self._read_snapshot() as db:
            return search.count_articles(db, self._index, article_filter)

    def get_articles(
        self, ids: Iterable[str] | None = None, *, phrases: Iterable[str] | None = None, limit: int = MAX_ARTICLES
    ) -> tuple[Article, ...]:
        """Return the articles of the first `limit` ids, or the newest with one of `phrases`, or the newest of all.

        The result is sorted by day and id, with undated articles last; unknown ids are omitted. A phrase matches the
        text or title as in `ArticleFilter`. Raises BadQuestion for over 200 phrases, or over 64 words in one.
        """
        with self._read_snapshot() as db:
            matching_articles = search.list_articles(db, self._index, ids, phrases, _clamp(limit, MAX_ARTICLES))
        return tuple(sorted(matching_articles, key=lambda a: (a.published is None, a.published or date.max, a.id)))

    def find_articles_with(
        self, words: str, limit: int = 100, known_ids: Set[str] = frozenset()
    ) -> tuple[Article, ...]:
        """Return the newest `limit` articles whose text has `words` as whole words in order, newest first.

        Those of them with `known_ids` are left out, because the caller has read them.
        The caller finds the position in the text, for example with `contains_phrase` per sentence. Raises BadQuestion
        for over 10,000 characters.
        """
        with self._read_snapshot() as db:
            return tuple(search.search_articles_by_text(db, self._index, words, _clamp(limit, MAX_ARTICLES), known_ids))

    def get_quotes(self, ids: Iterable[str]) -> dict[str, tuple[Quote, ...]]:
        """Return the quotes of each article in `ids`, in text order; () if there are none."""
        article_ids = list(dict.fromkeys(ids))
        quotes: dict[str, list[Quote]] = {}
        with self._read_snapshot() as db:
            for chunk in queries.split_ids(article_ids):
                quotes |= results.read_article_quotes(db, chunk)
        return {article_id: tuple(quotes.get(article_id, ())) for article_id in article_ids}

    def find_quotes(
        self, words: str, scope: QuoteScope = ANYWHERE, limit: int = 100, skip: int = 0
    ) -> tuple[SearchHit, ...]:
        """Return the newest `limit` quotes with `words` as whole words in order, newest first, then in text order.

        The first `skip` are omitted. Compounds match split or joined ("lynch-mob", "lynchmob"). With a speaker in
        `scope`, empty `words` match all their quotes. The fragments of a quote are searched as continuous text. Raises
        BadQuestion for over 10,000 characters.
        """
        with self._read_snapshot() as db:
            return tuple(search.search_quotes(db, self._index, words, scope, _clamp(limit, MAX_QUOTES), max(0, skip)))

    def find_any(self, phrases: Iterable[str], limit: int = 100) -> tuple[SearchHit, ...]:
        """Return the newest `limit` quotes with at least one of the phrases, newest first, in one search.

        Only the first 64 words of a phrase count.
        """
        with self._read_snapshot() as db:
            return tuple(search.search_quotes_with_any(db, self._index, phrases, _clamp(limit, MAX_QUOTES)))

    def find_close(self, words: str, scope: QuoteScope = ANYWHERE, limit: int = 20) -> tuple[SearchHit, ...]:
        """Return quotes that match `words` except for typos, the closest first; use it if `find_quotes` finds none.

        It allows one typo (a character missing, added, replaced, or two swapped) in each word that no quote has, or
        else in any one word. Raises BadQuestion for over 10,000 characters.
        """
        with self._read_snapshot() as db:
            return tuple(fuzzy.find_misspelt_quotes(db, self._index, words, scope, _clamp(limit, MAX_QUOTES)))

    def find_nearest(self, words: str, scope: QuoteScope = ANYWHERE, limit: int = 5) -> tuple[SearchHit, ...]:
        """Return the quotes most similar to `words` that share a rare word or two adjacent words, the closest first.

        Raises BadQuestion for over 10,000 characters.
        """
        with self._read_snapshot() as db:
            return tuple(fuzzy.find_nearest_quotes(db, self._index, words, scope, _clamp(limit, MAX_QUOTES)))

    def get_names(
        self, ids: Iterable[str], surnames: Iterable[str] | None = None
    ) -> dict[str, tuple[KnownPerson, ...]]:
        """Return the full names in each article, as `read_names` does for a few of them."""
        with self._read_snapshot() as db:
            return dict(item for ids in queries.split_ids(ids) for item in read_names(db, ids, surnames).items())

    def set_stories(self, stories_by_article: Mapping[str, Story]) -> None:
        """Assign stories to articles by id, in one transaction; unknown ids are ignored."""
        storable_stories = {key: story for key, story in stories_by_article.items() if is_storable(key)}
        self._run_in_transaction(lambda db: save_stories(db, storable_stories))

    def get_stories(self, ids: Iterable[str]) -> dict[str, Story]:
        """Return the story of each article that has one."""
        with self._read_snapshot() as db:
            rows = [row for chunk in queries.split_ids(ids) for row in db.execute(queries.select_stories(chunk))]
        return {row.article: Story(row.story, row.label) for row in rows}

    def get_counts(self, phrases: Iterable[str] | None = None) -> SearchTotals:
        """Return counts of articles and quotes, and first and last day: of all articles, or those with `phrases`."""
        with self._read_snapshot() as db:
            return search.get_counts(db, self._index, phrases)

    def get_overview(self, latest: int = 5) -> Overview:
        """Return counts, outlets, and the `latest` articles added or updated."""
        with self._read_snapshot() as db:
            return search.get_overview(db, self._index, _clamp(latest, MAX_ARTICLES))

    def list_people(self, limit: int = MAX_PEOPLE) -> tuple[QuotedPerson, ...]:
        """Return named speakers, the most quoted first; a bare surname counts for the only speaker with it."""
        with self._read_snapshot() as db:
            return list_speakers(db, _clamp(limit, MAX_PEOPLE))

    def run_query(self, query: Callable[[Connection, FullTextIndex], _T]) -> _T:
        """Return the result of `query`, a function of this package, on one snapshot."""
        with self._read_snapshot() as db:
            return query(db, self._index)

    def get_change_token(self) -> str:
        """Return a token that differs after each change by any process.

        One exception: re-analysis that finds the same number of quotes may leave it unchanged. While the thread holds a
        connection, it is the token of the first call.
        """
        return self._snapshots.read_once(search.get_change_token)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def hold_connection(self) -> AbstractContextManager[None]:
        """Use one connection for all reads of this thread in the block, and on SQLite one snapshot."""
        return self._snapshots.hold()

    def _read_snapshot(self) -> AbstractContextManager[Connection]:
        """Yield a connection for reading one snapshot (on PostgreSQL, one per statement)."""
        return self._snapshots.read()

    def _run_in_transaction(self, work: Callable[[Connection], _T]) -> _T:
        """Run `work` in one transaction and return its result; retry after conflicts with other writers."""
        with translate_database_errors(self._location):
            return run_in_transaction(self._engine, work, _MAX_RETRIES)


def _clamp(limit: int, maximum: int) -> int:
    return max(0, min(limit, maximum))
