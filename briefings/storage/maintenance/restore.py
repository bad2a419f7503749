"""Puts a backup in the place of a record, on whichever database that is.

Rule: the record holds all that it held before, or all of the backup; who reads meanwhile sees one or the other.
"""

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, inspect, text

from briefings.errors import BadInput
from briefings.model import Searched
from briefings.storage.db.database import (
    connect,
    describe_location,
    get_sqlite_connection,
    get_writer,
    translate_errors,
)
from briefings.storage.db.migrator import get_revision, migrate_to_head
from briefings.storage.db.schema import articles, quotes
from briefings.storage.maintenance.backup_file import copy_backup, copy_pages, refuse_same_file, to_sqlite_address
from briefings.storage.maintenance.rebuild import index_all
from briefings.storage.maintenance.tables import (
    NO_EXTERNAL_TABLES,
    ExternalTables,
    Progress,
    clear_tables,
    copy_tables,
    count_rows,
    ignore_progress,
    list_tables_to_back_up,
)
from briefings.storage.session import open_database


def restore_backup(
    address: str,
    file: Path,
    *,
    external_tables: ExternalTables = NO_EXTERNAL_TABLES,
    replace: bool = False,
    progress: Progress = ignore_progress,
) -> Searched:
    """Fills the record at `address` with what the backup `file` holds, at the newest revision; gives how much it is.

    What the record held before is lost, which wants `replace`. Of the tables `beside` it, those that the backup holds
    are restored, and all others stay as they are. Raises BadInput when the record is not empty and not to
    be replaced, or when `file` is missing, damaged, no record or the record itself; RecordUnavailable when `file` is no
    database or was made by a newer program, or when the record cannot be written.
    """
    with open_database(address) as engine:
        refuse_same_file(engine.url, file)
        with _open_migrated_copy(file, _choose_copy_folder(engine)) as backup:
            restore_contents = _restore_file if engine.dialect.name == "sqlite" else _restore_rows
            restore_contents(
                _RestoreJob(backup, engine, *_prepare_tables(backup, file, engine, external_tables), replace, progress)
            )
            with backup.connect() as db:
                return Searched(count_rows(db, articles), count_rows(db, quotes))


@contextmanager
def _open_migrated_copy(file: Path, folder: Path) -> Iterator[Engine]:
    """A copy of the backup at the newest revision."""
    with copy_backup(file, folder) as path:
        engine = connect(to_sqlite_address(path))
        try:
            with translate_errors(f"The backup {file}"):
                with engine.connect() as db:
                    if get_revision(db) is None or not inspect(db).has_table(articles.name):
                        raise BadInput(f"{file} is no backup of a record: name a file that `ontherecord backup` wrote.")
                migrate_to_head(engine, str(file))
            yield engine
        finally:
            engine.dispose()


@dataclass(frozen=True, slots=True)
class _RestoreJob:
    """What is to be put where."""

    backup: Engine
    engine: Engine
    #: the tables that are restored, and those of the record's database that stay as they are
    restored_tables: Sequence[Table]
    untouched_tables: Sequence[Table]
    replace: bool
    progress: Progress


def _prepare_tables(
    backup: Engine, file: Path, engine: Engine, external_tables: ExternalTables
) -> tuple[list[Table], list[Table]]:
    """The tables that are restored and those that stay, which all are there in both databases afterwards."""
    restored_tables = list_tables_to_back_up(backup, external_tables)
    if not (external_tables.are_in(backup) or external_tables.are_in(engine)):
        return restored_tables, []
    external_tables.migrate_to_head(backup, str(file))
    external_tables.migrate_to_head(engine, describe_location(engine.url))
    return restored_tables, [table for table in external_tables.metadata.sorted_tables if table not in restored_tables]


def _restore_file(job: _RestoreJob) -> None:
    with job.engine.connect() as live_db, job.backup.connect() as backup_db:
        _match_pages(get_sqlite_connection(backup_db), get_sqlite_connection(live_db))
    # the last thing before: what comes into the tables that stay after this is lost
    with job.engine.connect() as live_db, get_writer(job.backup).begin() as backup_db:
        _check_empty(live_db, job.engine, job.replace)
        clear_tables(backup_db, job.untouched_tables)
        copy_tables(live_db, backup_db, job.untouched_tables, "The copy of the backup")
    with job.engine.connect() as live_db, job.backup.connect() as backup_db:
        copy_pages(get_sqlite_connection(backup_db), get_sqlite_connection(live_db), job.progress)


def _restore_rows(job: _RestoreJob) -> None:
    with job.backup.connect() as source, job.engine.begin() as target:
        names = ", ".join(table.name for table in job.restored_tables)
        # nobody adds anything from here to the end, and everybody reads on
        target.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
        _check_empty(target, job.engine, job.replace)
        clear_tables(target, job.restored_tables)
        copy_tables(
            source, target, job.restored_tables, f"The record at {describe_location(job.engine.url)}", job.progress
        )
        index_all(target, job.progress)


def _check_empty(db: Connection, engine: Engine, replace: bool) -> None:
    # not even counted when it is to be replaced: what is held may be damaged
    if not replace and (number := count_rows(db, articles)):
        raise BadInput(
            f"The record at {describe_location(engine.url)} holds {number} article{'' if number == 1 else 's'}, "
            "which would be lost: back it up, then restore with --force."
        )


def _match_pages(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Gives `source` pages of the size that `target` has, which cannot change while it is in use."""
    (target_size,), (source_size,) = (db.execute("PRAGMA page_size").fetchone() for db in (target, source))
    if target_size != source_size:
        source.execute("PRAGMA journal_mode = DELETE")
        source.execute(f"PRAGMA page_size = {target_size:d}")
        source.execute("VACUUM")


def _choose_copy_folder(engine: Engine) -> Path:
    """Where a copy of a backup has room: beside an SQLite file, or where temporary files are."""
    path = Path(engine.url.database or "")
    return path.parent if engine.dialect.name == "sqlite" and path.is_file() else Path(tempfile.gettempdir())
