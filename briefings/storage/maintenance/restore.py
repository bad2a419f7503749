"""Restore a backup into a database, on SQLite or PostgreSQL.

Rule: the database contains either all of its old contents or all of the backup; readers never see a mixture.
"""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, inspect, text

from briefings.errors import BadInput
from briefings.model import SearchTotals
from briefings.storage.db.creation.migrator import get_revision, migrate_to_head
from briefings.storage.db.database import (
    connect,
    describe_location,
    get_sqlite_connection,
    get_writer,
    translate_errors,
)
from briefings.storage.db.schema import articles, quotes
from briefings.storage.maintenance.backup_file import copy_backup, copy_pages, refuse_same_file, to_sqlite_address
from briefings.storage.maintenance.damage_policy import REFUSE_DAMAGE, DamagePolicy, apply_policy
from briefings.storage.maintenance.rebuild import index_all
from briefings.storage.maintenance.signature import BackupKey
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
    only_articles: bool = False,
    key: BackupKey | None = None,
    accept_unsigned: bool = False,
    damage_policy: DamagePolicy = REFUSE_DAMAGE,
    progress: Progress = ignore_progress,
) -> SearchTotals:
    """Replace the contents of the database at `address` with the backup `file`, migrated to the newest revision.

    Return the counts of articles and quotes. External tables in the backup are restored; all others stay as they are.
    With `only_articles`, external tables in the backup are left out, and the database gets none. The signature and all
    hashes are checked before anything is replaced.

    Raises BadInput if the database has articles (unless `replace`), if `file` is missing, damaged, not signed with
    `key` (unless `accept_unsigned`), not a backup, or the database itself, or if an article in it is damaged (unless
    `damage_policy` skips it). Raises DatabaseUnavailable if `file` is not a database or comes from a newer program, or
    if the database cannot be written.
    """
    with open_database(address) as engine:
        refuse_same_file(engine.url, file)
        copied_file = copy_backup(file, _choose_copy_folder(engine), key=key, accept_unsigned=accept_unsigned)
        with _open_migrated_copy(file, copied_file) as backup:
            with translate_errors(f"The backup {file}"), get_writer(backup).begin() as db:
                apply_policy(db, damage_policy, f"Nothing was restored from {file}")
            if only_articles:
                _drop_external_tables(backup, external_tables)
                external_tables = NO_EXTERNAL_TABLES
            restore_contents = _restore_file if engine.dialect.name == "sqlite" else _restore_rows
            restore_contents(
                _RestoreJob(
                    backup,
                    engine,
                    *_prepare_tables(backup, file, engine, external_tables),
                    replace,
                    progress,
                    external_tables.use_all_rows,
                    external_tables.unlock_rows,
                )
            )
            with backup.connect() as db:
                return SearchTotals(count_rows(db, articles), count_rows(db, quotes))


@contextmanager
def open_backup(file: Path, *, key: BackupKey | None = None, accept_unsigned: bool = False) -> Iterator[str]:
    """Yield the address of a checked copy of a backup at the newest revision; delete it afterwards. Raises BadInput."""
    copied_file = copy_backup(file, Path(tempfile.gettempdir()), key=key, accept_unsigned=accept_unsigned)
    with _open_migrated_copy(file, copied_file) as engine:
        yield engine.url.render_as_string()


@dataclass(frozen=True, slots=True)
class _RestoreJob:
    """Source, target and options of one restore."""

    backup: Engine
    engine: Engine
    #: tables that are restored, and tables of the target that stay as they are
    restored_tables: Sequence[Table]
    untouched_tables: Sequence[Table]
    replace: bool
    progress: Progress
    #: lets a transaction of the target see all rows of the external tables
    use_all_rows: Callable[[Connection], None]
    #: lets the block delete rows of the copy that a trigger protects
    unlock_rows: Callable[[Connection], AbstractContextManager[None]]


@contextmanager
def _open_migrated_copy(file: Path, copied_file: AbstractContextManager[Path]) -> Iterator[Engine]:
    """Yield an engine for a copy of the backup at the newest revision."""
    with copied_file as path:
        engine = connect(to_sqlite_address(path))
        try:
            with translate_errors(f"The backup {file}"):
                with engine.connect() as db:
                    if get_revision(db) is None or not inspect(db).has_table(articles.name):
                        raise BadInput(f"{file} is not a backup: name a file written by `ontherecord backup`.")
                migrate_to_head(engine, str(file))
            yield engine
        finally:
            engine.dispose()


def _drop_external_tables(backup: Engine, external_tables: ExternalTables) -> None:
    """Remove external tables from the copy of a backup, also from the pages that they leave free."""
    external_tables.drop_from(backup)
    with backup.connect() as db:
        db.rollback()
        get_sqlite_connection(db).execute("VACUUM")


def _prepare_tables(
    backup: Engine, file: Path, engine: Engine, external_tables: ExternalTables
) -> tuple[list[Table], list[Table]]:
    """Create missing external tables in both databases; return the tables to restore and the tables to keep."""
    restored_tables = list_tables_to_back_up(backup, external_tables)
    if not (external_tables.are_in(backup) or external_tables.are_in(engine)):
        return restored_tables, []
    external_tables.migrate_to_head(backup, str(file))
    external_tables.migrate_to_head(engine, describe_location(engine.url))
    with engine.connect() as db:
        external_tables.use_all_rows(db)
        kept_tables = external_tables.list_kept_tables(db)
    restored_tables = [table for table in restored_tables if table not in kept_tables]
    return restored_tables, [table for table in external_tables.metadata.sorted_tables if table not in restored_tables]


def _restore_file(job: _RestoreJob) -> None:
    with job.engine.connect() as live_db, job.backup.connect() as backup_db:
        _match_pages(get_sqlite_connection(backup_db), get_sqlite_connection(live_db))
    # done last: rows added to the kept tables after this are lost
    with job.engine.connect() as live_db, get_writer(job.backup).begin() as backup_db:
        _check_empty(live_db, job.engine, job.replace)
        with job.unlock_rows(backup_db):
            clear_tables(backup_db, job.untouched_tables)
        copy_tables(live_db, backup_db, job.untouched_tables, "The copy of the backup")
    with job.engine.connect() as live_db, job.backup.connect() as backup_db:
        copy_pages(get_sqlite_connection(backup_db), get_sqlite_connection(live_db), job.progress)


def _restore_rows(job: _RestoreJob) -> None:
    with job.backup.connect() as source, job.engine.begin() as target:
        job.use_all_rows(target)
        names = ", ".join(table.name for table in job.restored_tables)
        # blocks writers until the end, but not readers
        target.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
        _check_empty(target, job.engine, job.replace)
        clear_tables(target, job.restored_tables)
        copy_tables(
            source, target, job.restored_tables, f"The database at {describe_location(job.engine.url)}", job.progress
        )
        index_all(target, job.progress)


def _check_empty(db: Connection, engine: Engine, replace: bool) -> None:
    # rows are not counted if they will be replaced, since a damaged table cannot be counted
    if not replace and (number := count_rows(db, articles)):
        raise BadInput(
            f"The database at {describe_location(engine.url)} has {number} article{'' if number == 1 else 's'} "
            "that would be lost: back it up, then restore with --force."
        )


def _match_pages(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Change the page size of `source` to that of `target`, which cannot change while it is in use."""
    (target_size,), (source_size,) = (db.execute("PRAGMA page_size").fetchone() for db in (target, source))
    if target_size != source_size:
        source.execute("PRAGMA journal_mode = DELETE")
        source.execute(f"PRAGMA page_size = {target_size:d}")
        source.execute("VACUUM")


def _choose_copy_folder(engine: Engine) -> Path:
    """Return the folder for the copy: next to an SQLite database, else the folder for temporary files."""
    path = Path(engine.url.database or "")
    return path.parent if engine.dialect.name == "sqlite" and path.is_file() else Path(tempfile.gettempdir())
