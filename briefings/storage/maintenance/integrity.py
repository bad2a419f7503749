"""Check a database for damage: the file, references, indexes, and the consistency of each article.

Rule: checks never repair anything; each finding is one sentence that says what to do. Checks have a time limit, and
report if it was too short.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, ForeignKey, Row, func, select, text
from sqlalchemy.exc import DBAPIError

from briefings.model import Span
from briefings.storage.db.database import get_sqlite_connection
from briefings.storage.db.schema import METADATA, articles, quotes
from briefings.storage.session import open_database

#: SQLite virtual machine steps between two looks at the clock: a few milliseconds
_STEPS_PER_CHECK = 100_000
#: articles checked at a time
_PAGE_SIZE = 100
#: parts of the error messages of statements that were stopped after the time limit
_TIMEOUT_MESSAGES = ("interrupted", "statement timeout")
_REINDEX = "rebuild it with: ontherecord reindex"
_RESTORE = "restore a backup with: ontherecord restore FILE --force"
_ADD_AGAIN = "remove it with `ontherecord remove ID`, then add it again"
_ADD_ALL_AGAIN = "remove them with `ontherecord remove ID...`, then add them again"
#: ids listed in one finding, at most
_MAX_NAMED_ARTICLES = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about a problem; `wrong` is false if the check only ran out of time."""

    sentence: str
    wrong: bool = True


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """Time limit of each check in seconds, or None for no limit; `now` is a monotonic clock in seconds."""

    now: Callable[[], float]
    seconds: float | None = None


_Row = Row[*tuple[Any, ...]]


class _TimeLimitExceeded(Exception):
    """A check exceeded its time limit."""


#: yields a sentence per problem; raises _TimeLimitExceeded
_Check = Callable[[Connection, "_Deadline"], Iterator[str]]


class _Deadline:
    def __init__(self, time_limit: TimeLimit) -> None:
        self.thorough = time_limit.seconds is None
        self._now = time_limit.now
        self._end = None if time_limit.seconds is None else time_limit.now() + time_limit.seconds

    def is_over(self) -> bool:
        return self._end is not None and self._now() > self._end


def check_integrity(address: str, time_limit: TimeLimit) -> list[Finding]:
    """Return the problems of the database at `address` and the checks that ran out of time; [] if all is well.

    Raises DatabaseUnavailable if the database cannot be opened or read at all.
    """
    findings: list[Finding] = []
    with open_database(address) as engine:
        for subject, check in _CHECKS:
            deadline = _Deadline(time_limit)
            try:
                with _connect_with_deadline(engine, time_limit, deadline) as db:
                    for sentence in check(db, deadline):
                        findings.append(Finding(sentence))  # noqa: PERF401 - keeps findings when the time is over
            except _TimeLimitExceeded:
                problem = f"{subject} could not be checked in {time_limit.seconds:g} seconds"
                findings.append(Finding(f"{problem}; for no limit: ontherecord doctor --thorough", wrong=False))
    return findings


def count_stale_articles(address: str, engine_name: str) -> int:
    """Return how many articles were analysed by another engine version."""
    with open_database(address) as engine, engine.connect() as db:
        stale_count = select(func.count()).select_from(articles).where(articles.c.engine.is_distinct_from(engine_name))
        return int(db.execute(stale_count).scalar_one())


def _check_file(db: Connection, deadline: _Deadline) -> Iterator[str]:
    """Check an SQLite file; PostgreSQL checks its files itself."""
    if db.dialect.name == "sqlite":
        pragma = "integrity_check" if deadline.thorough else "quick_check"
        verdict = " ".join(str(db.exec_driver_sql(f"PRAGMA {pragma}(1)").scalar_one()).split())
        if verdict != "ok":
            yield f"the file is damaged ({verdict}): {_RESTORE}"


def _check_references(db: Connection, _deadline: _Deadline) -> Iterator[str]:
    for table in METADATA.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
            if number := _count_orphans(db, key):
                yield f"{number} rows of {table.name} refer to missing {key.column.table.name}: {_RESTORE}"


def _count_orphans(db: Connection, key: ForeignKey) -> int:
    has_target = select(key.column).where(key.column == key.parent).exists()
    orphan_count = select(func.count()).select_from(key.parent.table).where(key.parent.is_not(None), ~has_target)
    return int(db.execute(orphan_count).scalar_one())


def _check_indexes(db: Connection, _deadline: _Deadline) -> Iterator[str]:
    on_sqlite = db.dialect.name == "sqlite"
    for index, table, key in (("article_words", "articles", "number"), ("quote_words", "quotes", "id")):
        if on_sqlite and _is_damaged(db, index):
            yield f"the index of {table} is damaged: {_REINDEX}"
            continue
        index_row = f"SELECT 1 FROM {index} WHERE {index}.{'rowid' if on_sqlite else key} = {table}.{key}"  # noqa: S608 - constant names
        missing_count = db.execute(text(f"SELECT count(*) FROM {table} WHERE NOT EXISTS ({index_row})")).scalar_one()  # noqa: S608 - constant names
        if missing_count:
            yield f"{missing_count} {table} cannot be found because they are not in the index: {_REINDEX}"


def _is_damaged(db: Connection, index: str) -> bool:
    """Ask FTS5 whether its table is damaged; the command has the form of an INSERT and changes nothing."""
    try:
        db.exec_driver_sql(f"INSERT INTO {index} ({index}) VALUES ('integrity-check')")  # noqa: S608 - a constant name
    except DBAPIError as error:
        if "malformed" in str(error.orig):
            return True
        raise
    return False


def _check_articles(db: Connection, deadline: _Deadline) -> Iterator[str]:
    """Check each article against its hash and quotes, until the time is over."""
    ids_by_problem: dict[str, list[str]] = {}
    is_over = False
    for page in _iterate_pages(db):
        for article_id, problem in _find_problems(db, page):
            ids_by_problem.setdefault(problem, []).append(article_id)
        if is_over := deadline.is_over():
            break
    for problem, ids in ids_by_problem.items():
        number = "one article" if len(ids) == 1 else f"{len(ids)} articles"
        id_list = ", ".join(ids[:_MAX_NAMED_ARTICLES]) + (", ..." if len(ids) > _MAX_NAMED_ARTICLES else "")
        yield f"in {number} ({id_list}), {problem}: {_ADD_AGAIN if len(ids) == 1 else _ADD_ALL_AGAIN}"
    if is_over:
        raise _TimeLimitExceeded


def _iterate_pages(db: Connection) -> Iterator[Sequence[_Row]]:
    columns = articles.c
    newest = select(columns.number, columns.id, columns.quotes, columns.content_hash, columns.text)
    newest = newest.order_by(columns.number.desc()).limit(_PAGE_SIZE)
    page: Sequence[_Row] = db.execute(newest).all()
    while page:
        yield page
        page = db.execute(newest.where(columns.number < page[-1].number)).all()


def _find_problems(db: Connection, page: Sequence[_Row]) -> Iterator[tuple[str, str]]:
    """Yield pairs of article id and problem."""
    columns = quotes.c
    ends = ((columns.source_start, columns.source_end), (columns.cue_start, columns.cue_end))
    spans_by_article: dict[str, list[list[Span]]] = {row.id: [] for row in page}
    for quote in db.execute(
        select(columns.article, columns.content, *ends[0], *ends[1]).where(columns.article.in_(spans_by_article))
    ):
        pairs = ((quote.source_start, quote.source_end), (quote.cue_start, quote.cue_end))
        spans_by_article[quote.article].append(
            [*quote.content, *(Span(start, end) for start, end in pairs if start is not None)]
        )
    for row in page:
        if sha256(row.text.encode()).hexdigest() != row.content_hash:
            yield row.id, "the text differs from the text that was added"
        if any(
            not 0 <= span.start <= span.end <= len(row.text) for spans in spans_by_article[row.id] for span in spans
        ):
            yield row.id, "quotes lie outside the text"
        if len(spans_by_article[row.id]) != row.quotes:
            yield row.id, "the number of quotes is wrong"


@contextmanager
def _connect_with_deadline(engine: Engine, time_limit: TimeLimit, deadline: _Deadline) -> Iterator[Connection]:
    """Yield a connection that stops statements after the deadline and rolls back every change."""
    with engine.connect() as db:
        stop = _stop_on_sqlite if db.dialect.name == "sqlite" else _stop_on_server
        try:
            with stop(db, time_limit, deadline):
                yield db
        except DBAPIError as error:
            if any(message in str(error.orig) for message in _TIMEOUT_MESSAGES):
                raise _TimeLimitExceeded from error
            raise
        finally:
            db.rollback()


@contextmanager
def _stop_on_sqlite(db: Connection, _time_limit: TimeLimit, deadline: _Deadline) -> Iterator[None]:
    sqlite_connection = get_sqlite_connection(db)
    sqlite_connection.set_progress_handler(deadline.is_over, _STEPS_PER_CHECK)
    try:
        yield
    finally:
        sqlite_connection.set_progress_handler(None, 0)


@contextmanager
def _stop_on_server(db: Connection, time_limit: TimeLimit, _deadline: _Deadline) -> Iterator[None]:
    if time_limit.seconds is not None:
        db.execute(text(f"SET LOCAL statement_timeout = {max(1, round(time_limit.seconds * 1000)):d}"))
    yield


_CHECKS: tuple[tuple[str, _Check], ...] = (
    ("the file", _check_file),
    ("the references", _check_references),
    ("the indexes", _check_indexes),
    ("the articles", _check_articles),
)
