"""Check a database for damage: the file, references, indexes, and the consistency of each article.

Rule: checks never repair anything; each finding is one sentence that says what to do. Checks have a time limit, and
report if it was too short.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, ForeignKey, func, select, text
from sqlalchemy.exc import DBAPIError

from briefings.storage.db.database import get_sqlite_connection, is_damage
from briefings.storage.db.derived_tables import DERIVED
from briefings.storage.db.schema import METADATA, articles
from briefings.storage.integrity.damage import REPAIR
from briefings.storage.maintenance.scan import scan_articles, scan_versions
from briefings.storage.session import open_database
from briefings.storage.writes.loading import has_pending

#: SQLite virtual machine steps between two looks at the clock: a few milliseconds
_STEPS_PER_CHECK = 100_000
#: parts of the error messages of statements that were stopped after the time limit
_TIMEOUT_MESSAGES = ("interrupted", "statement timeout")
_REINDEX = "rebuild it with: ontherecord reindex"
_RESTORE = f"mend it with: {REPAIR}"
_MEND_ONE, _MEND_ALL = f"it is not shown; mend it with: {REPAIR}", f"they are not shown; mend them with: {REPAIR}"
_DAMAGED_FILE = f"cannot be read, because the database is damaged: {REPAIR}"
#: ids listed in one finding, at most
_MAX_NAMED_ARTICLES, _MAX_ID_CHARACTERS = 3, 100


#: full-text indexes with their tables and keys
_INDEXES = (("article_words", "articles", "number"), ("quote_words", "quotes", "id"))


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
            except DBAPIError as error:
                if not is_damage(error):
                    raise
                findings.append(Finding(f"{subject} {_DAMAGED_FILE}"))
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
    # what is computed from missing rows is never shown, and goes when the article is mended
    for table in (table for table in METADATA.sorted_tables if table.name not in DERIVED):
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
            if number := _count_orphans(db, key):
                yield f"{number} rows of {table.name} refer to missing {key.column.table.name}: {_RESTORE}"


def _count_orphans(db: Connection, key: ForeignKey) -> int:
    has_target = select(key.column).where(key.column == key.parent).exists()
    orphan_count = select(func.count()).select_from(key.parent.table).where(key.parent.is_not(None), ~has_target)
    return int(db.execute(orphan_count).scalar_one())


def _check_indexes(db: Connection, _deadline: _Deadline) -> Iterator[str]:
    for index, table, key in _INDEXES:
        if db.dialect.name == "sqlite" and _is_damaged(db, index):
            yield f"the index of {table} is damaged: {_REINDEX}"
        elif missing_count := _count_missing(db, index, table, key):
            yield f"{missing_count} {table} cannot be found because they are not in the index: {_REINDEX}"


def has_index_damage(db: Connection) -> bool:
    """Tell whether a full-text index is damaged or incomplete. The caller rolls back."""
    on_sqlite = db.dialect.name == "sqlite"
    try:
        return any(
            (on_sqlite and _is_damaged(db, index)) or _count_missing(db, index, table, key)
            for index, table, key in _INDEXES
        )
    except DBAPIError as error:
        if is_damage(error):
            return True
        raise


def _count_missing(db: Connection, index: str, table: str, key: str) -> int:
    index_key = "rowid" if db.dialect.name == "sqlite" else key
    index_row = f"SELECT 1 FROM {index} WHERE {index}.{index_key} = {table}.{key}"  # noqa: S608 - constant names
    return int(db.execute(text(f"SELECT count(*) FROM {table} WHERE NOT EXISTS ({index_row})")).scalar_one())  # noqa: S608 - constant names


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
    """Check each article against its hash, checksums and quotes, until the time is over."""
    ids_by_problem: dict[str, list[str]] = {}
    is_over = False
    for page in scan_articles(db):
        for article in page:
            for problem in article.problems:
                ids_by_problem.setdefault(problem, []).append(article.id)
        if is_over := deadline.is_over():
            break
    for problem, ids in ids_by_problem.items():
        number = "one article" if len(ids) == 1 else f"{len(ids)} articles"
        yield f"in {number} ({_list_ids(ids)}), {problem}: {_MEND_ONE if len(ids) == 1 else _MEND_ALL}"
    if is_over:
        raise _TimeLimitExceeded


def _check_versions(db: Connection, deadline: _Deadline) -> Iterator[str]:
    ids: list[str] = []
    for version in scan_versions(db):
        if not version.is_quarantined:
            ids.append(version.article)
        if deadline.is_over():
            raise _TimeLimitExceeded
    if ids:
        number = "one older version is" if len(ids) == 1 else f"{len(ids)} older versions are"
        yield f"{number} damaged (of {_list_ids(sorted(set(ids)))}): {_MEND_ALL if len(ids) > 1 else _MEND_ONE}"


def _list_ids(ids: Sequence[str]) -> str:
    shown_ids = ", ".join(article_id[:_MAX_ID_CHARACTERS] for article_id in ids[:_MAX_NAMED_ARTICLES])
    return shown_ids + (", ..." if len(ids) > _MAX_NAMED_ARTICLES else "")


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


def _check_links(db: Connection, _deadline: _Deadline) -> Iterator[str]:
    if has_pending(db):
        yield "a load has not linked its articles yet: unless it is still running, run ontherecord reindex"


_CHECKS: tuple[tuple[str, _Check], ...] = (
    ("the file", _check_file),
    ("the references", _check_references),
    ("the indexes", _check_indexes),
    ("the articles", _check_articles),
    ("the older versions", _check_versions),
    ("the links", _check_links),
)
