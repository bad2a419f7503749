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

from briefings.model import Article, Quote, Searched
from briefings.quotes.story import Known
from briefings.record import closeness, copies, queries, search, values
from briefings.record.checks import are_storable, check, check_storable
from briefings.record.engine import reading, writing
from briefings.record.faults import place_of, told, was_raced
from briefings.record.index import Index
from briefings.record.loading import load
from briefings.record.naming import read_names
from briefings.record.opening import at_head, index_of
from briefings.record.rows import to_article, to_quote, to_version
from briefings.record.schema import articles
from briefings.record.speakers import speakers
from briefings.record.storied import put
from briefings.record.taking import Arrival, retake, standing, take
from briefings.record.totals import totals
from briefings.record.values import ALL, ANYWHERE, Copy, Found, Person, Standing, Story, Version, Wanted, Within

#: the most articles, quotes or people that one call gives
MAX_ARTICLES = 10_000
MAX_QUOTES = 1_000
MAX_VERSIONS = 1_000
MAX_PEOPLE = 500
#: ids in one statement; SQLite and PostgreSQL both take over 30,000 parameters
_CHUNK = 500
#: articles that `load` adds in one transaction
BATCH = 2_000
#: the index is put in order when one of so many articles is new
_SETTLED = 10
#: how often a transaction is tried again that another writer was in the way of
_RETRIES = 3

_T = TypeVar("_T")


def open_record(address: str, clock: Callable[[], datetime]) -> "Record":
    """The record at an SQLAlchemy address, made or migrated to the newest revision first.

    `clock` gives the present moment with its zone. Raises RecordUnavailable when the record cannot be opened, or is
    newer than the program.
    """
    return Record(at_head(address), clock)


class Record:
    """Articles and quotes in one database. Whatever the database refuses is raised as RecordUnavailable."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._writer = writing(engine)
        self._reader = reading(engine)
        self._clock = clock
        self._place = place_of(engine.url)
        self._index = index_of(engine)

    def add(
        self,
        article: Article,
        found: Sequence[Quote],
        *,
        names: Sequence[Known] | None = None,
        engine: str | None = None,
    ) -> Standing:
        """Adds an article with the quotes found in it, whole or not at all; gives how it stood to what was held.

        An article that is held already, told the same in every field, changes nothing, whatever `found` holds. One
        whose text or particulars differ takes the place of the older one, quotes included, and the older one is kept
        for `versions`. An older version that comes again changes nothing, and neither does an empty text where another
        is held. `names` is whom the article names in full, None when nobody has looked; `engine` is the version of
        what found them. Raises BadInput when the article holds characters that cannot be stored, or over 65,536 quotes.
        """
        came = Arrival(article, found, names, engine)
        check(came)
        return self._writing(lambda db: take(db, self._index, came, self._clock()))

    def load(
        self, pairs: Iterable[tuple[Article, Sequence[Quote]]], batch: int = BATCH, *, engine: str | None = None
    ) -> int:
        """Adds many articles as `add` does, `batch` in a transaction; gives how many were new or changed.

        Of what is refused (BadInput), the batches before it are kept.
        """
        came, number = iter(pairs), 0
        while some := [Arrival(article, found, engine=engine) for article, found in islice(came, max(1, batch))]:
            number += sum(stood in (Standing.NEW, Standing.CHANGED) for stood in self.add_all(some))
        self.settle(number)
        return number

    def add_all(self, came: Sequence[Arrival]) -> list[Standing]:
        """Adds articles as `add` does, all in one transaction; gives how each stood, in their order.

        Raises BadInput, and adds none, when one of them is refused.
        """
        for arrival in came:
            check(arrival)
        return self._writing(lambda db: load(db, self._index, came, self._clock()))

    def settle(self, came: int) -> None:
        """Lets the index put itself in order after so many new articles, when that is worth it.

        Whoever searches has no need of it, and whoever adds meanwhile waits only for a moment.
        """
        if came * _SETTLED < self.counts().articles:
            return
        steps = count()
        while self._writing(lambda db: self._index.settle(db, next(steps))):
            pass

    def stale(self, engine: str, limit: int = MAX_ARTICLES) -> tuple[str, ...]:
        """Ids of articles, at most `limit`, whose quotes this version of the engine did not find."""
        with self._reading() as db:
            return tuple(db.execute(queries.stale(engine, _bounded(limit, MAX_ARTICLES))).scalars())

    def replace_quotes(
        self, article: Article, found: Sequence[Quote], *, names: Sequence[Known] | None, engine: str | None
    ) -> bool:
        """Puts what an engine found in `article` now into the place of what was found before, in one transaction.

        False, and nothing changes, when the article is not held or has another text by now.
        """
        came = Arrival(article, found, names, engine)
        check(came)
        return self._writing(lambda db: retake(db, self._index, came))

    def has(self, article_id: str) -> bool:
        """Whether an article of this id is held."""
        if not are_storable(article_id):
            return False
        with self._reading() as db:
            return db.execute(select(articles.c.id).where(articles.c.id == article_id)).first() is not None

    def standing(self, article: Article) -> Standing:
        """How `article` stands to what is held: what adding it would give now. Raises BadInput as `add` does."""
        check_storable(article)
        with self._reading() as db:
            return standing(db, article)

    def standings(self, came: Sequence[Article]) -> list[Standing]:
        """How each article stands to what is held, of one moment. Raises BadInput as `add` does."""
        for article in came:
            check_storable(article)
        with self._reading() as db:
            return [standing(db, article) for article in came]

    def copies_of(self, ids: Iterable[str]) -> tuple[Copy, ...]:
        """Every two articles that tell the same text, of which one at least is among `ids`; by their ids."""
        with self._reading() as db:
            found = {copy for chunk in _chunks(ids) for copy in copies.among(db, chunk)}
        return tuple(sorted(found, key=lambda copy: (copy.article, copy.of)))

    def changes_of(self, ids: Iterable[str]) -> dict[str, datetime]:
        """When each article last took the place of another text of its own, in UTC; those that never did left out."""
        with self._reading() as db:
            rows = [row for chunk in _chunks(ids) for row in db.execute(queries.changes(chunk))]
        return {row.article: row.changed for row in rows}

    def versions(self, article_id: str, limit: int = MAX_VERSIONS) -> tuple[Version, ...]:
        """What an article was before, oldest first; the newest `limit` of them. What it is now is not among them."""
        if not are_storable(article_id):
            return ()
        with self._reading() as db:
            rows = db.execute(queries.versions_of(article_id, _bounded(limit, MAX_VERSIONS))).all()
        return tuple(to_version(row) for row in reversed(rows))

    def ids(self, wanted: Wanted = ALL, limit: int = MAX_ARTICLES) -> tuple[str, ...]:
        """Ids of the articles that are wanted, newest first, undated ones last; at most `limit`.

        Raises BadQuestion for over 200 phrases, or 64 words in one.
        """
        with self._reading() as db:
            return tuple(search.ids_of(db, self._index, wanted, _bounded(limit, MAX_ARTICLES)))

    def number_of(self, wanted: Wanted) -> int:
        """How many articles are wanted. Raises BadQuestion as `ids` does."""
        with self._reading() as db:
            return search.number_of(db, self._index, wanted)

    def articles(
        self, ids: Iterable[str] | None = None, *, phrases: Iterable[str] | None = None, limit: int = MAX_ARTICLES
    ) -> tuple[Article, ...]:
        """Articles by day and then id, undated ones last: those of `ids`, or those on `phrases`, or all.

        An article is on a phrase when its text or title holds it as whole words in order, in any case, hyphens and
        quotation marks aside. At most `limit`, the newest; ids that are not held are left out. Raises BadQuestion for
        over 200 phrases, or 64 words in one.
        """
        most = _bounded(limit, MAX_ARTICLES)
        with self._reading() as db:
            if ids is not None:
                found = _articles_of(db, ids, most)
            elif phrases is not None:
                found = search.articles_on(db, self._index, Wanted(any_of=tuple(phrases)), most)
            else:
                found = [to_article(row) for row in db.execute(queries.newest_articles(most))]
        return tuple(sorted(found, key=lambda a: (a.published is None, a.published or date.max, a.id)))

    def find_articles_with(self, words: str, limit: int = 100) -> tuple[Article, ...]:
        """The newest `limit` articles whose text holds `words` as whole words in order, newest first.

        The place within the text is for the caller to find; `search_key.holds` says of a sentence what this says of a
        text. Raises BadQuestion for too long words.
        """
        with self._reading() as db:
            return tuple(search.articles_saying(db, self._index, words, _bounded(limit, MAX_ARTICLES)))

    def quotes_of(self, ids: Iterable[str]) -> dict[str, tuple[Quote, ...]]:
        """The quotes of each article in `ids`, in their order in the text; () where there are none."""
        found: dict[str, list[Quote]] = {article_id: [] for article_id in ids}
        with self._reading() as db:
            for chunk in _chunks(found):
                for row in db.execute(queries.quotes_in(chunk)):
                    found[row.article].append(to_quote(row))
        return {article_id: tuple(quotes_found) for article_id, quotes_found in found.items()}

    def find_quotes(self, words: str, within: Within = ANYWHERE, limit: int = 100, skip: int = 0) -> tuple[Found, ...]:
        """The newest `limit` quotes that hold `words` as whole words in order, newest first, then as they stand.

        `skip` leaves out the first. Two words may stand there written as one, and one as two ("lynch-mob", "lynchmob").
        With a speaker in `within`, empty `words` mean all they said. A quote of several fragments is searched as if
        they stood together. Raises BadQuestion for too long words.
        """
        with self._reading() as db:
            return tuple(
                search.quotes_saying(db, self._index, words, within, _bounded(limit, MAX_QUOTES), max(0, skip))
            )

    def find_any(self, phrases: Iterable[str], limit: int = 100) -> tuple[Found, ...]:
        """The newest `limit` quotes that hold one at least of some short phrases, newest first, in one search.

        Of a phrase the first words count, as many as the index holds in a row.
        """
        with self._reading() as db:
            return tuple(search.quotes_with_any(db, self._index, phrases, _bounded(limit, MAX_QUOTES)))

    def find_close(self, words: str, within: Within = ANYWHERE, limit: int = 20) -> tuple[Found, ...]:
        """Quotes that hold `words` but for one slip of the pen, the closest first; for when `find_quotes` gives none.

        A slip is a character left out, put in, exchanged, or two swapped: in each word that no quote has, or else in
        any one word. Raises BadQuestion for too long words.
        """
        with self._reading() as db:
            return tuple(closeness.misspelt(db, self._index, words, within, _bounded(limit, MAX_QUOTES)))

    def find_nearest(self, words: str, within: Within = ANYWHERE, limit: int = 5) -> tuple[Found, ...]:
        """The closest real quotes, the closest first, of those that share a rare word or two words in a row.

        Raises BadQuestion for too long words.
        """
        with self._reading() as db:
            return tuple(closeness.nearest(db, self._index, words, within, _bounded(limit, MAX_QUOTES)))

    def names_of(self, ids: Iterable[str]) -> dict[str, tuple[Known, ...]]:
        """Whom each article names in full; articles that nobody has looked at are left out."""
        with self._reading() as db:
            return {key: names for chunk in _chunks(ids) for key, names in read_names(db, chunk).items()}

    def set_stories(self, told_by: Mapping[str, Story]) -> None:
        """Puts the articles of these ids into stories, in one transaction; ids that are not held are left out."""
        self._writing(lambda db: put(db, {key: story for key, story in told_by.items() if are_storable(key)}))

    def stories_of(self, ids: Iterable[str]) -> dict[str, Story]:
        """The story of each article that is in one."""
        with self._reading() as db:
            rows = [row for chunk in _chunks(ids) for row in db.execute(queries.stories_of(chunk))]
        return {row.article: Story(row.story, row.label) for row in rows}

    def counts(self, phrases: Iterable[str] | None = None) -> Searched:
        """How much the record holds, or holds on `phrases`: articles, their quotes, first and last day."""
        with self._reading() as db:
            return search.counts(db, self._index, phrases)

    def overview(self, latest: int = 5) -> values.Overview:
        """Counts, outlets, and the `latest` articles that came."""
        with self._reading() as db:
            return search.overview(db, self._index, _bounded(latest, MAX_ARTICLES))

    def people(self, limit: int = MAX_PEOPLE) -> tuple[Person, ...]:
        """Who is quoted by name, the most quoted first; a surname alone is the one speaker who bears it."""
        with self._reading() as db:
            return speakers(db, _bounded(limit, MAX_PEOPLE))

    def ask(self, question: Callable[[Connection, Index], _T]) -> _T:
        """What `question`, a function of this package, reads of one moment."""
        with self._reading() as db:
            return question(db, self._index)

    def changed(self) -> str:
        """Something that is another after each change that any process made.

        Only quotes that were looked for anew, and found to be as many, may leave it as it is.
        """
        with self._reading() as db:
            held = totals(db)
            return "|".join(map(str, (held.articles, held.quotes, *db.execute(queries.latest()).one())))

    def close(self) -> None:
        """Gives all connections back; for `contextlib.closing`."""
        self._engine.dispose()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """One snapshot: all that is read inside is of the same moment (on PostgreSQL, each statement's own)."""
        with told(self._place), self._reader.connect() as db:
            yield db

    def _writing(self, work: Callable[[Connection], _T]) -> _T:
        """What `work` gives, done in one transaction; again when another writer was faster, for now theirs is seen."""
        with told(self._place):
            for _ in range(_RETRIES):
                try:
                    with self._writer.begin() as db:
                        return work(db)
                except DBAPIError as error:
                    if not was_raced(error):
                        raise
            with self._writer.begin() as db:
                return work(db)


def _articles_of(db: Connection, ids: Iterable[str], limit: int) -> list[Article]:
    """The articles of at most `limit` ids, in no order."""
    return [to_article(row) for chunk in _chunks(list(ids)[:limit]) for row in db.execute(queries.some_articles(chunk))]


def _chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    """Ids that can be held at all, a few hundred at a time."""
    askable = [article_id for article_id in ids if are_storable(article_id)]
    for start in range(0, len(askable), _CHUNK):
        yield askable[start : start + _CHUNK]


def _bounded(limit: int, most: int) -> int:
    return max(0, min(limit, most))
