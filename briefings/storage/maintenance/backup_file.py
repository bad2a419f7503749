"""The file of a backup: written beside its place and moved there when it is whole; read from a copy.

Rule: a backup is an ordinary SQLite record in one file, which nobody writes to, so that one on a disk that may only be
read will do.
"""

import os
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Table

from briefings.errors import BadInput
from briefings.storage.db.database import translate_errors
from briefings.storage.maintenance.tables import Progress, ignore_progress

#: pages copied between two tellings of the progress, 4 MB
_PAGES_PER_STEP = 1_000


@contextmanager
def replace_when_complete(file: Path, *, overwrite: bool) -> Iterator[Path]:
    """Gives the path of an empty file beside `file`, which takes its place at the end unless something is raised.

    Raises BadInput when `file` is there and may not be replaced, or cannot be written; RecordUnavailable when the
    database that is written there cannot.
    """
    subject = f"The backup {file}"
    _check_free(file, overwrite=overwrite)
    with _translate_file_errors(subject), tempfile.TemporaryDirectory(prefix=".backup.", dir=file.parent) as folder:
        partial_file = Path(folder) / "part.db"
        partial_file.touch(mode=0o600)
        yield partial_file
        with translate_errors(subject):
            _merge_write_ahead_log(partial_file)
            check_integrity(partial_file, file)
        _check_free(file, overwrite=overwrite)
        _sync(partial_file)
        partial_file.replace(file)
        _sync(file.parent)


@contextmanager
def copy_backup(file: Path, folder: Path) -> Iterator[Path]:
    """Gives the path of a sound copy of the backup `file` that may be changed, in `folder`; it is gone afterwards.

    Raises BadInput when `file` is missing, cannot be read, or is damaged; RecordUnavailable when it is no database.
    """
    if not file.is_file():
        raise BadInput(f"There is no backup {file}: name a file that `ontherecord backup` wrote.")
    subject = f"The backup {file}"
    with (
        _translate_file_errors(subject),
        tempfile.TemporaryDirectory(prefix=".restore.", dir=folder) as temporary_folder,
    ):
        path = Path(temporary_folder) / "copy.db"
        with translate_errors(subject), closing(_connect_read_only(file)) as source:
            source.execute("SELECT count(*) FROM sqlite_master")
            with translate_errors(f"The copy of the backup in {folder}"), closing(sqlite3.connect(path)) as target:
                copy_pages(source, target)
        with translate_errors(subject):
            check_integrity(path, file)
        yield path


def copy_pages(source: sqlite3.Connection, target: sqlite3.Connection, progress: Progress = ignore_progress) -> None:
    """Makes the database of `target` that of `source` as it is now, whole or not at all; both may be in use.

    Writers of `source` go on, and so do readers of `target`. Raises sqlite3.Error.
    """

    def report_step(status: int, remaining: int, pages: int) -> None:
        if status == sqlite3.SQLITE_BUSY:  # after all the patience that `target` has, Python would try for ever
            raise sqlite3.OperationalError("database is locked")
        progress(pages - remaining, pages)

    in_transaction = source.in_transaction
    if not in_transaction:
        source.execute("BEGIN")
    # what is read now is held until the end: without that, every writer would make the copy begin again
    source.execute("SELECT count(*) FROM sqlite_master").fetchone()
    try:
        source.backup(target, pages=_PAGES_PER_STEP, progress=report_step)
    finally:
        if not in_transaction:
            source.execute("ROLLBACK")


def empty_tables(db: sqlite3.Connection, tables: Sequence[Table]) -> None:
    """Empties those of `tables` that are there, leaving no trace of what was in them. Raises sqlite3.Error."""
    existing_tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    names_to_empty = [table.name for table in tables if table.name in existing_tables]
    for name in names_to_empty:
        db.execute(f'DELETE FROM "{name}"')  # noqa: S608 - a name of a schema
    db.commit()
    if names_to_empty:
        db.execute("VACUUM")


def to_sqlite_address(path: Path) -> str:
    """The SQLAlchemy address of an SQLite file, whatever its name."""
    return URL.create("sqlite", database=str(path.resolve())).render_as_string()


def check_integrity(path: Path, name: Path) -> None:
    """Raises BadInput when the SQLite file at `path` is damaged, calling it `name`; sqlite3.Error when it is none."""
    with closing(sqlite3.connect(path)) as db:
        (verdict,) = db.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        raise BadInput(f"The backup {name} is damaged: use another one.")


def refuse_same_file(record_url: URL, file: Path) -> None:
    """Raises BadInput when `file` is where the `record` is."""
    path = Path(record_url.database or "")
    if record_url.get_backend_name() == "sqlite" and path.is_file() and file.is_file() and path.samefile(file):
        raise BadInput(f"{file} is the record itself: name another file.")


def _connect_read_only(file: Path) -> sqlite3.Connection:
    # A write-ahead log beside it means that somebody is at work there. Without one nobody is, and SQLite, which would
    # have to make one to read, must be told so.
    is_unused = not file.with_name(f"{file.name}-wal").exists()
    connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro{'&immutable=1' if is_unused else ''}", uri=True)
    connection.isolation_level = None
    return connection


def _merge_write_ahead_log(path: Path) -> None:
    """Takes what is in the write-ahead log into the file, which needs none from then on."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = DELETE")


def _check_free(file: Path, *, overwrite: bool) -> None:
    if file.is_dir():
        raise BadInput(f"{file} is a folder: name the file that the backup is to be.")
    if file.exists() and not overwrite:
        raise BadInput(f"{file} is there already: name another file, or replace it with --force.")


def _sync(path: Path) -> None:
    """Waits until a file, or what a folder says is in it, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _translate_file_errors(subject: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = (error.strerror or "no reason given").lower()
        raise BadInput(f"{subject} cannot be read or written: {reason}.") from error
