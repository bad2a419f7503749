"""The record: articles and their quotes, kept in a database and found again.

Rule: one transaction an article, or one snapshot a question. A `Record` may be shared by threads: it keeps no state but
the pool of connections, and each call takes one and gives it back.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import count, islice
from typing import TypeVar

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DBAPIError

from briefings.attribution.name_completion import KnownPerson
from briefings.model import Article, Quote, Searched
from briefings.storage.db import types
from briefings.storage.db.counters import read_totals
from briefings.storage.db.database import (
    describe_location,
    get_reader,
    get_writer,
    is_write_conflict,
    translate_record_errors,
)
from briefings.storage.db.full_text import FullTextIndex
from briefings.storage.db.row_mapping import to_article, to_quote, to_version
from briefings.storage.db.schema import articles
from briefings.storage.db.types import (
    ALL_ARTICLES,
    ANYWHERE,
    ArticleFilter,
    ArticleStatus,
    ArticleVersion,
    Duplicate,
    QuotedPerson,
    QuoteScope,
    SearchHit,
    Story,
)
from briefings.storage.search import fuzzy, queries, search
from briefings.storage.search.speaker_counts import list_speakers
from briefings.storage.session import connect_and_migrate, get_index
from briefings.storage.writes import duplicates
from briefings.storage.writes.analysis_pool import are_storable, check_arrival, check_storable
from briefings.storage.writes.bulk_upsert import bulk_upsert
from briefings.storage.writes.names import read_names, save_stories
from briefings.storage.writes.upsert import Arrival, get_status, replace_analysis, upsert_article

#: the most articles, quotes or people that one call gives
MAX_ARTICLES = 10_000
MAX_QUOTES = 1_000
MAX_VERSIONS = 1_000
MAX_PEOPLE = 500
#: ids in one statement; SQLite and PostgreSQL both take over 30,000 parameters
_CHUNK_SIZE = 500
#: articles that `load` adds in one transaction
BATCH_SIZE = 2_000
#: the index is put in order when one of so many articles is new
_OPTIMIZE_RATIO = 10
#: how often a transaction is tried again that another writer was in the way of
_MAX_RETRIES = 3

_T = TypeVar("_T")


def open_repository(address: str, clock: Callable[[], datetime]) -> "Repository":
    """The record at an SQLAlchemy address, made or migrated to the newest revision first.

    `clock` gives the present moment with its zone. Raises RecordUnavailable when the record cannot be opened, or is
    newer than the program.
    """
    return Repository(connect_and_migrate(address), clock)


class Repository:
    """Articles and quotes in one database. Whatever the database refuses is raised as RecordUnavailable."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._writer = get_writer(engine)
        self._reader = get_reader(engine)
        self._clock = clock
        self._location = describe_location(engine.url)
        self._index = get_index(engine)

    def upsert(
        self,
        article: Article,
        quotes: Sequence[Quote],
        *,
        names: Sequence[KnownPerson] | None = None,
        engine: str | None = None,
    ) -> ArticleStatus:
        """Adds an article with the quotes found in it, whole or not at all; gives how it stood to what was held.

        An article that is held already, told the same in every field, changes nothing, whatever `found` holds. One
        whose text or particulars differ takes the place of the older one, quotes included, and the older one is kept
        for `versions`. An older version that comes again changes nothing, and neither does an empty text where another
        is held. `names` is whom the article names in full, None when nobody has looked; `engine` is the version of
        what found them. Raises BadInput when the article holds characters that cannot be stored, or over 65,536 quotes.
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
        """Adds many articles as `add` does, `batch` in a transaction; gives how many were new or changed.

        Of what is refused (BadInput), the batches before it are kept.
        """
        remaining, changed_count = iter(articles_with_quotes), 0
        while arrivals := [
            Arrival(article, quotes, engine=engine) for article, quotes in islice(remaining, max(1, batch_size))
        ]:
            changed_count += sum(
                status in (ArticleStatus.NEW, ArticleStatus.CHANGED) for status in self.upsert_all(arrivals)
            )
        self.optimize_index(changed_count)
        return changed_count

    def upsert_all(self, arrivals: Sequence[Arrival]) -> list[ArticleStatus]:
        """Adds articles as `add` does, all in one transaction; gives how each stood, in their order.

        Raises BadInput, and adds none, when one of them is refused.
        """
        for arrival in arrivals:
            check_arrival(arrival)
        return self._run_in_transaction(lambda db: bulk_upsert(db, self._index, arrivals, self._clock()))

    def optimize_index(self, new_articles: int) -> None:
        """Lets the index put itself in order after so many new articles, when that is worth it.

        Whoever searches has no need of it, and whoever adds meanwhile waits only for a moment.
        """
        if new_articles * _OPTIMIZE_RATIO < self.get_counts().articles:
            return
        steps = count()
        while self._run_in_transaction(lambda db: self._index.optimize(db, next(steps))):
            pass

    def list_stale_ids(self, engine: str, limit: int = MAX_ARTICLES) -> tuple[str, ...]:
        """Ids of articles, at most `limit`, whose quotes this version of the engine did not find."""
        with self._read_snapshot() as db:
            return tuple(db.execute(queries.select_stale_ids(engine, _clamp(limit, MAX_ARTICLES))).scalars())

    def replace_quotes(
        self, article: Article, quotes: Sequence[Quote], *, names: Sequence[KnownPerson] | None, engine: str | None
    ) -> bool:
        """Puts what an engine found in `article` now into the place of what was found before, in one transaction.

        False, and nothing changes, when the article is not held or has another text by now.
        """
        arrival = Arrival(article, quotes, names, engine)
        check_arrival(arrival)
        return self._run_in_transaction(lambda db: replace_analysis(db, self._index, arrival))

    def has_article(self, article_id: str) -> bool:
        """Whether an article of this id is held."""
        if not are_storable(article_id):
            return False
        with self._read_snapshot() as db:
            return db.execute(select(articles.c.id).where(articles.c.id == article_id)).first() is not None

    def get_status(self, article: Article) -> ArticleStatus:
        """How `article` stands to what is held: what adding it would give now. Raises BadInput as `add` does."""
        check_storable(article)
        with self._read_snapshot() as db:
            return get_status(db, article)

    def get_statuses(self, incoming_articles: Sequence[Article]) -> list[ArticleStatus]:
        """How each article stands to what is held, of one moment. Raises BadInput as `add` does."""
        for article in incoming_articles:
            check_storable(article)
        with self._read_snapshot() as db:
            return [get_status(db, article) for article in incoming_articles]

    def find_duplicates(self, ids: Iterable[str]) -> tuple[Duplicate, ...]:
        """Every two articles that tell the same text, of which one at least is among `ids`; by their ids."""
        with self._read_snapshot() as db:
            duplicate_pairs = {pair for chunk in _split_into_chunks(ids) for pair in duplicates.find_links(db, chunk)}
        return tuple(sorted(duplicate_pairs, key=lambda pair: (pair.article, pair.original)))

    def get_change_times(self, ids: Iterable[str]) -> dict[str, datetime]:
        """When each article last took the place of another text of its own, in UTC; those that never did left out."""
        with self._read_snapshot() as db:
            rows = [row for chunk in _split_into_chunks(ids) for row in db.execute(queries.select_changes(chunk))]
        return {row.article: row.changed for row in rows}

    def list_versions(self, article_id: str, limit: int = MAX_VERSIONS) -> tuple[ArticleVersion, ...]:
        """What an article was before, oldest first; the newest `limit` of them. What it is now is not among them."""
        if not are_storable(article_id):
            return ()
        with self._read_snapshot() as db:
            rows = db.execute(queries.select_versions(article_id, _clamp(limit, MAX_VERSIONS))).all()
        return tuple(to_version(row) for row in reversed(rows))

    def find_ids(self, article_filter: ArticleFilter = ALL_ARTICLES, limit: int = MAX_ARTICLES) -> tuple[str, ...]:
        """Ids of the articles that are wanted, newest first, undated ones last; at most `limit`.

        Raises BadQuestion for over 200 phrases, or 64 words in one.
        """
        with self._read_snapshot() as db:
            return tuple(search.search_article_ids(db, self._index, article_filter, _clamp(limit, MAX_ARTICLES)))

    def count_articles(self, article_filter: ArticleFilter) -> int:
        """How many articles are wanted. Raises BadQuestion as `ids` does."""
        with self._read_snapshot() as db:
            return search.count_articles(db, self._index, article_filter)

    def get_articles(
        self, ids: Iterable[str] | None = None, *, phrases: Iterable[str] | None = None, limit: int = MAX_ARTICLES
    ) -> tuple[Article, ...]:
        """Articles by day and then id, undated ones last: those of `ids`, or those on `phrases`, or all.

        An article is on a phrase when its text or title holds it as whole words in order, in any case, hyphens and
        quotation marks aside. At most `limit`, the newest; ids that are not held are left out. Raises BadQuestion for
        over 200 phrases, or 64 words in one.
        """
        max_articles = _clamp(limit, MAX_ARTICLES)
        with self._read_snapshot() as db:
            if ids is not None:
                matching_articles = _load_articles(db, ids, max_articles)
            elif phrases is not None:
                matching_articles = search.search_articles(
                    db, self._index, ArticleFilter(any_of=tuple(phrases)), max_articles
                )
            else:
                matching_articles = [
                    to_article(row) for row in db.execute(queries.select_newest_articles(max_articles))
                ]
        return tuple(sorted(matching_articles, key=lambda a: (a.published is None, a.published or date.max, a.id)))

    def find_articles_with(self, words: str, limit: int = 100) -> tuple[Article, ...]:
        """The newest `limit` articles whose text holds `words` as whole words in order, newest first.

        The place within the text is for the caller to find; `search_key.holds` says of a sentence what this says of a
        text. Raises BadQuestion for too long words.
        """
        with self._read_snapshot() as db:
            return tuple(search.search_articles_by_text(db, self._index, words, _clamp(limit, MAX_ARTICLES)))

    def get_quotes(self, ids: Iterable[str]) -> dict[str, tuple[Quote, ...]]:
        """The quotes of each article in `ids`, in their order in the text; () where there are none."""
        quotes_by_article: dict[str, list[Quote]] = {article_id: [] for article_id in ids}
        with self._read_snapshot() as db:
            for chunk in _split_into_chunks(quotes_by_article):
                for row in db.execute(queries.select_quotes(chunk)):
                    quotes_by_article[row.article].append(to_quote(row))
        return {article_id: tuple(quotes) for article_id, quotes in quotes_by_article.items()}

    def find_quotes(
        self, words: str, scope: QuoteScope = ANYWHERE, limit: int = 100, skip: int = 0
    ) -> tuple[SearchHit, ...]:
        """The newest `limit` quotes that hold `words` as whole words in order, newest first, then as they stand.

        `skip` leaves out the first. Two words may stand there written as one, and one as two ("lynch-mob", "lynchmob").
        With a speaker in `within`, empty `words` mean all they said. A quote of several fragments is searched as if
        they stood together. Raises BadQuestion for too long words.
        """
        with self._read_snapshot() as db:
            return tuple(search.search_quotes(db, self._index, words, scope, _clamp(limit, MAX_QUOTES), max(0, skip)))

    def find_any(self, phrases: Iterable[str], limit: int = 100) -> tuple[SearchHit, ...]:
        """The newest `limit` quotes that hold one at least of some short phrases, newest first, in one search.

        Of a phrase the first words count, as many as the index holds in a row.
        """
        with self._read_snapshot() as db:
            return tuple(search.search_quotes_with_any(db, self._index, phrases, _clamp(limit, MAX_QUOTES)))

    def find_close(self, words: str, scope: QuoteScope = ANYWHERE, limit: int = 20) -> tuple[SearchHit, ...]:
        """Quotes that hold `words` but for one slip of the pen, the closest first; for when `find_quotes` gives none.

        A slip is a character left out, put in, exchanged, or two swapped: in each word that no quote has, or else in
        any one word. Raises BadQuestion for too long words.
        """
        with self._read_snapshot() as db:
            return tuple(fuzzy.find_misspelt_quotes(db, self._index, words, scope, _clamp(limit, MAX_QUOTES)))

    def find_nearest(self, words: str, scope: QuoteScope = ANYWHERE, limit: int = 5) -> tuple[SearchHit, ...]:
        """The closest real quotes, the closest first, of those that share a rare word or two words in a row.

        Raises BadQuestion for too long words.
        """
        with self._read_snapshot() as db:
            return tuple(fuzzy.find_nearest_quotes(db, self._index, words, scope, _clamp(limit, MAX_QUOTES)))

    def get_names(self, ids: Iterable[str]) -> dict[str, tuple[KnownPerson, ...]]:
        """Whom each article names in full; articles that nobody has looked at are left out."""
        with self._read_snapshot() as db:
            return {key: names for chunk in _split_into_chunks(ids) for key, names in read_names(db, chunk).items()}

    def set_stories(self, stories_by_article: Mapping[str, Story]) -> None:
        """Puts the articles of these ids into stories, in one transaction; ids that are not held are left out."""
        self._run_in_transaction(
            lambda db: save_stories(db, {key: story for key, story in stories_by_article.items() if are_storable(key)})
        )

    def get_stories(self, ids: Iterable[str]) -> dict[str, Story]:
        """The story of each article that is in one."""
        with self._read_snapshot() as db:
            rows = [row for chunk in _split_into_chunks(ids) for row in db.execute(queries.select_stories(chunk))]
        return {row.article: Story(row.story, row.label) for row in rows}

    def get_counts(self, phrases: Iterable[str] | None = None) -> Searched:
        """How much the record holds, or holds on `phrases`: articles, their quotes, first and last day."""
        with self._read_snapshot() as db:
            return search.get_counts(db, self._index, phrases)

    def get_overview(self, latest: int = 5) -> types.Overview:
        """Counts, outlets, and the `latest` articles that came."""
        with self._read_snapshot() as db:
            return search.get_overview(db, self._index, _clamp(latest, MAX_ARTICLES))

    def list_people(self, limit: int = MAX_PEOPLE) -> tuple[QuotedPerson, ...]:
        """Who is quoted by name, the most quoted first; a surname alone is the one speaker who bears it."""
        with self._read_snapshot() as db:
            return list_speakers(db, _clamp(limit, MAX_PEOPLE))

    def run_query(self, query: Callable[[Connection, FullTextIndex], _T]) -> _T:
        """What `question`, a function of this package, reads of one moment."""
        with self._read_snapshot() as db:
            return query(db, self._index)

    def get_change_token(self) -> str:
        """Something that is another after each change that any process made.

        Only quotes that were looked for anew, and found to be as many, may leave it as it is.
        """
        with self._read_snapshot() as db:
            record_totals = read_totals(db)
            return "|".join(
                map(
                    str,
                    (record_totals.articles, record_totals.quotes, *db.execute(queries.select_change_token()).one()),
                )
            )

    def close(self) -> None:
        """Gives all connections back; for `contextlib.closing`."""
        self._engine.dispose()

    @contextmanager
    def _read_snapshot(self) -> Iterator[Connection]:
        """One snapshot: all that is read inside is of the same moment (on PostgreSQL, each statement's own)."""
        with translate_record_errors(self._location), self._reader.connect() as db:
            yield db

    def _run_in_transaction(self, work: Callable[[Connection], _T]) -> _T:
        """What `work` gives, done in one transaction; again when another writer was faster, for now theirs is seen."""
        with translate_record_errors(self._location):
            for _ in range(_MAX_RETRIES):
                try:
                    with self._writer.begin() as db:
                        return work(db)
                except DBAPIError as error:
                    if not is_write_conflict(error):
                        raise
            with self._writer.begin() as db:
                return work(db)


def _load_articles(db: Connection, ids: Iterable[str], limit: int) -> list[Article]:
    """The articles of at most `limit` ids, in no order."""
    return [
        to_article(row)
        for chunk in _split_into_chunks(list(ids)[:limit])
        for row in db.execute(queries.select_articles(chunk))
    ]


def _split_into_chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    """Ids that can be held at all, a few hundred at a time."""
    storable_ids = [article_id for article_id in ids if are_storable(article_id)]
    for start in range(0, len(storable_ids), _CHUNK_SIZE):
        yield storable_ids[start : start + _CHUNK_SIZE]


def _clamp(limit: int, maximum: int) -> int:
    return max(0, min(limit, maximum))
