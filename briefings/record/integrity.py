"""Looks whether a record is sound: the file, its references, its indexes, and each article against itself.

Rule: nothing is mended here; each finding is one sentence that says what to do. A look has a time it may take, and says
when that was too short.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, ForeignKey, Row, func, select, text
from sqlalchemy.exc import DBAPIError

from briefings.model import Span
from briefings.record.engine import sqlite_of
from briefings.record.opening import opened
from briefings.record.schema import METADATA, articles, quotes

#: steps of SQLite's machine between two looks at the clock: some milliseconds
_STEPS = 100_000
#: articles that are looked at together
_PAGE = 100
#: what a database says that was stopped for want of time
_STOPPED = ("interrupted", "statement timeout")
_REINDEX = "build it anew with: ontherecord reindex"
_RESTORE = "restore a backup with: ontherecord restore FILE --force"
_AGAIN = "remove and add again, with: ontherecord remove ID"
#: articles that are named in a finding
_TOLD = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence on what was found; `wrong` when something has to be done about it."""

    sentence: str
    wrong: bool = True


@dataclass(frozen=True, slots=True)
class Time:
    """How long each check may take; `now` gives seconds that only grow, `seconds` None is as long as it takes."""

    now: Callable[[], float]
    seconds: float | None = None


_Row = Row[*tuple[Any, ...]]


class _TooLong(Exception):
    """A check was not finished in time."""


#: a connection, and whether there is time to be thorough; raises _TooLong when asked after the time is over
_Check = Callable[[Connection, "_Limit"], Iterator[str]]


class _Limit:
    def __init__(self, time: Time) -> None:
        self.thorough = time.seconds is None
        self._now = time.now
        self._until = None if time.seconds is None else time.now() + time.seconds

    def over(self) -> bool:
        return self._until is not None and self._now() > self._until


def look(address: str, time: Time) -> list[Finding]:
    """What is wrong with the record at `address`, or was not looked at for want of time; [] when all is well.

    Raises RecordUnavailable when it cannot be opened or read at all.
    """
    found: list[Finding] = []
    with opened(address) as engine:
        for what, check in _CHECKS:
            limit = _Limit(time)
            try:
                with _limited(engine, time, limit) as db:
                    for sentence in check(db, limit):
                        found.append(Finding(sentence))  # noqa: PERF401 - what was found stays found when time is over
            except _TooLong:
                sentence = f"{what} could not be looked through in {time.seconds:g} seconds"
                found.append(Finding(f"{sentence}; without a limit: ontherecord doctor --thorough", wrong=False))
    return found


def number_stale(address: str, engine_name: str) -> int:
    """How many articles were read by another engine than this one."""
    with opened(address) as engine, engine.connect() as db:
        others = select(func.count()).select_from(articles).where(articles.c.engine.is_distinct_from(engine_name))
        return int(db.execute(others).scalar_one())


def _file(db: Connection, limit: _Limit) -> Iterator[str]:
    """The file itself; PostgreSQL looks after its own."""
    if db.dialect.name == "sqlite":
        pragma = "integrity_check" if limit.thorough else "quick_check"
        verdict = " ".join(str(db.exec_driver_sql(f"PRAGMA {pragma}(1)").scalar_one()).split())
        if verdict != "ok":
            yield f"the file is damaged ({verdict}): {_RESTORE}"


def _references(db: Connection, _limit: _Limit) -> Iterator[str]:
    for table in METADATA.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
            if number := _orphans(db, key):
                yield f"{number} rows of {table.name} refer to {key.column.table.name} that are not there: {_RESTORE}"


def _orphans(db: Connection, key: ForeignKey) -> int:
    there = select(key.column).where(key.column == key.parent).exists()
    lost = select(func.count()).select_from(key.parent.table).where(key.parent.is_not(None), ~there)
    return int(db.execute(lost).scalar_one())


def _indexes(db: Connection, _limit: _Limit) -> Iterator[str]:
    on_sqlite = db.dialect.name == "sqlite"
    for index, table, key in (("article_words", "articles", "number"), ("quote_words", "quotes", "id")):
        if on_sqlite and _is_damaged(db, index):
            yield f"the index of {table} is damaged: {_REINDEX}"
            continue
        found = f"SELECT 1 FROM {index} WHERE {index}.{'rowid' if on_sqlite else key} = {table}.{key}"  # noqa: S608 - names
        lost = db.execute(text(f"SELECT count(*) FROM {table} WHERE NOT EXISTS ({found})")).scalar_one()  # noqa: S608 - names
        if lost:
            yield f"{lost} {table} cannot be found, for they are not in the index: {_REINDEX}"


def _is_damaged(db: Connection, index: str) -> bool:
    """What FTS5 says of its own table: it is told in the form of a row to insert, and changes nothing."""
    try:
        db.exec_driver_sql(f"INSERT INTO {index} ({index}) VALUES ('integrity-check')")  # noqa: S608 - a name
    except DBAPIError as error:
        if "malformed" in str(error.orig):
            return True
        raise
    return False


def _articles(db: Connection, limit: _Limit) -> Iterator[str]:
    """Each article against itself: newest first, as far as the time reaches."""
    found: dict[str, list[str]] = {}
    late = False
    for page in _pages(db):
        for article_id, wrong in _wrong_in(db, page):
            found.setdefault(wrong, []).append(article_id)
        if late := limit.over():
            break
    for wrong, ids in found.items():
        number = "one article" if len(ids) == 1 else f"{len(ids)} articles"
        yield f"in {number} ({', '.join(ids[:_TOLD])}{', ...' if len(ids) > _TOLD else ''}), {wrong}: {_AGAIN}"
    if late:
        raise _TooLong


def _pages(db: Connection) -> Iterator[Sequence[_Row]]:
    columns = articles.c
    newest = select(columns.number, columns.id, columns.quotes, columns.content_hash, columns.text)
    newest = newest.order_by(columns.number.desc()).limit(_PAGE)
    page: Sequence[_Row] = db.execute(newest).all()
    while page:
        yield page
        page = db.execute(newest.where(columns.number < page[-1].number)).all()


def _wrong_in(db: Connection, page: Sequence[_Row]) -> Iterator[tuple[str, str]]:
    """Ids of articles, each with what is wrong with it."""
    columns = quotes.c
    ends = ((columns.source_start, columns.source_end), (columns.cue_start, columns.cue_end))
    said: dict[str, list[list[Span]]] = {row.id: [] for row in page}
    for quote in db.execute(
        select(columns.article, columns.content, *ends[0], *ends[1]).where(columns.article.in_(said))
    ):
        pairs = ((quote.source_start, quote.source_end), (quote.cue_start, quote.cue_end))
        said[quote.article].append([*quote.content, *(Span(start, end) for start, end in pairs if start is not None)])
    for row in page:
        if sha256(row.text.encode()).hexdigest() != row.content_hash:
            yield row.id, "the text is not what was added"
        if any(not 0 <= span.start <= span.end <= len(row.text) for spans in said[row.id] for span in spans):
            yield row.id, "quotes lie outside the text"
        if len(said[row.id]) != row.quotes:
            yield row.id, "quotes are missing, or there are too many"


@contextmanager
def _limited(engine: Engine, time: Time, limit: _Limit) -> Iterator[Connection]:
    """A connection on which a statement is stopped when the time is over, and on which nothing is ever changed."""
    with engine.connect() as db:
        stop = _stop_on_sqlite if db.dialect.name == "sqlite" else _stop_on_server
        try:
            with stop(db, time, limit):
                yield db
        except DBAPIError as error:
            if any(sign in str(error.orig) for sign in _STOPPED):
                raise _TooLong from error
            raise
        finally:
            db.rollback()


@contextmanager
def _stop_on_sqlite(db: Connection, _time: Time, limit: _Limit) -> Iterator[None]:
    raw = sqlite_of(db)
    raw.set_progress_handler(limit.over, _STEPS)
    try:
        yield
    finally:
        raw.set_progress_handler(None, 0)


@contextmanager
def _stop_on_server(db: Connection, time: Time, _limit: _Limit) -> Iterator[None]:
    if time.seconds is not None:
        db.execute(text(f"SET LOCAL statement_timeout = {max(1, round(time.seconds * 1000)):d}"))
    yield


_CHECKS: tuple[tuple[str, _Check], ...] = (
    ("the file", _file),
    ("the references", _references),
    ("the indexes", _indexes),
    ("the articles", _articles),
)
