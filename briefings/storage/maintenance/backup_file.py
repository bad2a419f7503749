"""Write backup files atomically, and read them through a copy.

Rule: a backup is an ordinary SQLite database in one file. Reading it never writes to it, so a read-only disk will do.
"""

import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Table

from briefings.errors import BadInput
from briefings.storage.db.database import translate_errors
from briefings.storage.maintenance.signature import BackupKey, check_signature, sign_file
from briefings.storage.maintenance.tables import Progress, ignore_progress

#: pages copied between two progress reports: 4 MB
_PAGES_PER_STEP = 1_000


@contextmanager
def replace_when_complete(file: Path, *, overwrite: bool, key: BackupKey | None = None) -> Iterator[Path]:
    """Yield the path of an empty temporary file; at the end it is signed with `key` and replaces `file`.

    If the block raises, nothing is written.

    Raises BadInput if `file` exists (unless `overwrite`) or cannot be written. Raises DatabaseUnavailable if the
    database in the temporary file cannot be written.
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
        sign_file(partial_file, key)
        _check_free(file, overwrite=overwrite)
        _sync(partial_file)
        partial_file.replace(file)
        _sync(file.parent)


@contextmanager
def copy_backup(
    file: Path, folder: Path, *, key: BackupKey | None = None, accept_unsigned: bool = False
) -> Iterator[Path]:
    """Yield the path of a checked, writable copy of the backup `file` in `folder`; delete it afterwards.

    Raises BadInput if `file` is missing, unreadable, damaged or not signed (unless `accept_unsigned`). Raises
    DatabaseUnavailable if it is not a database.
    """
    if not file.is_file():
        raise BadInput(f"No backup file {file}: name a file written by `ontherecord backup`.")
    subject = f"The backup {file}"
    with (
        _translate_file_errors(subject),
        tempfile.TemporaryDirectory(prefix=".restore.", dir=folder) as temporary_folder,
    ):
        check_signature(file, key, accept_unsigned=accept_unsigned)
        path = Path(temporary_folder) / "copy.db"
        with translate_errors(subject), closing(_connect_read_only(file)) as source:
            source.execute("SELECT count(*) FROM sqlite_master")
            with translate_errors(f"The copy of the backup in {folder}"), closing(sqlite3.connect(path)) as target:
                copy_pages(source, target)
        with translate_errors(subject):
            check_integrity(path, file)
        yield path


def copy_pages(source: sqlite3.Connection, target: sqlite3.Connection, progress: Progress = ignore_progress) -> None:
    """Replace the contents of `target` with a snapshot of `source`, completely or not at all; both may be in use.

    Writers of `source` and readers of `target` are not blocked. Raises sqlite3.Error.
    """

    def report_step(status: int, remaining: int, pages: int) -> None:
        if status == sqlite3.SQLITE_BUSY:  # the timeout of `target` is over; Python would retry for ever
            raise sqlite3.OperationalError("database is locked")
        progress(pages - remaining, pages)

    in_transaction = source.in_transaction
    if not in_transaction:
        source.execute("BEGIN")
    # holds a read snapshot until the end: otherwise every write to `source` would restart the copy
    source.execute("SELECT count(*) FROM sqlite_master").fetchone()
    try:
        source.backup(target, pages=_PAGES_PER_STEP, progress=report_step)
    finally:
        if not in_transaction:
            source.execute("ROLLBACK")


def empty_tables(db: sqlite3.Connection, tables: Sequence[Table]) -> None:
    """Empty those of `tables` that exist, and erase their data from the file. Raises sqlite3.Error."""
    existing_tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    names_to_empty = [table.name for table in tables if table.name in existing_tables]
    for name in names_to_empty:
        db.execute(f'DELETE FROM "{name}"')  # noqa: S608 - a table name of the schema
    db.commit()
    if names_to_empty:
        db.execute("VACUUM")


def to_sqlite_address(path: Path) -> str:
    """Return the SQLAlchemy URL of an SQLite file; any file name works."""
    return URL.create("sqlite", database=str(path.resolve())).render_as_string()


def check_integrity(path: Path, name: Path) -> None:
    """Raise BadInput, naming the backup `name`, if the SQLite file is damaged; sqlite3.Error if it is not SQLite."""
    with closing(sqlite3.connect(path)) as db:
        (verdict,) = db.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        raise BadInput(f"The backup {name} is damaged: use another backup.")


def refuse_same_file(database_url: URL, file: Path) -> None:
    """Raise BadInput if `file` is the database itself."""
    path = Path(database_url.database or "")
    if database_url.get_backend_name() == "sqlite" and path.is_file() and file.is_file() and path.samefile(file):
        raise BadInput(f"{file} is the database itself: name another file.")


def _connect_read_only(file: Path) -> sqlite3.Connection:
    # A write-ahead log means that the file is in use. Without one it is not, and the immutable option keeps SQLite from
    # creating a log to read it.
    is_unused = not file.with_name(f"{file.name}-wal").exists()
    connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro{'&immutable=1' if is_unused else ''}", uri=True)
    connection.isolation_level = None
    return connection


def _merge_write_ahead_log(path: Path) -> None:
    """Merge the write-ahead log into the file and stop using a log."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = DELETE")


def _check_free(file: Path, *, overwrite: bool) -> None:
    if file.is_dir():
        raise BadInput(f"{file} is a folder: name a file to write the backup to.")
    if file.exists() and not overwrite:
        raise BadInput(f"{file} already exists: name another file, or replace it with --force.")


def _sync(path: Path) -> None:
    """Wait until a file, or the entries of a folder, are on disk. Windows can't open a folder, and needs no wait."""
    if sys.platform == "win32" and path.is_dir():
        return
    # Windows syncs only files that are open for writing
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
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
