"""Back up a database that is in use to one SQLite file, from SQLite or PostgreSQL.

Rule: a backup is a snapshot of one moment, complete and checked, or no file is written. Reading and writing go on
meanwhile.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine

from briefings.model import SearchTotals
from briefings.storage.db.creation.migrator import migrate_to_head
from briefings.storage.db.database import (
    connect,
    describe_location,
    get_sqlite_connection,
    get_writer,
    translate_errors,
)
from briefings.storage.maintenance.backup_file import (
    copy_pages,
    empty_tables,
    refuse_same_file,
    replace_when_complete,
    to_sqlite_address,
)
from briefings.storage.maintenance.damage_policy import REFUSE_DAMAGE, DamagePolicy, apply_policy
from briefings.storage.maintenance.rebuild import index_all
from briefings.storage.maintenance.signature import BackupKey
from briefings.storage.maintenance.tables import (
    NO_EXTERNAL_TABLES,
    ExternalTables,
    Progress,
    copy_tables,
    ignore_progress,
    list_tables_to_back_up,
)
from briefings.storage.session import open_database


def write_backup(
    address: str,
    file: Path,
    *,
    external_tables: ExternalTables = NO_EXTERNAL_TABLES,
    overwrite: bool = False,
    key: BackupKey | None = None,
    damage_policy: DamagePolicy = REFUSE_DAMAGE,
    progress: Progress = ignore_progress,
) -> SearchTotals:
    """Write the database at `address` to `file`, and return its counts of articles and quotes.

    `external_tables` are included, except those they exclude. The file is signed with `key`. Raises BadInput if an
    article is damaged (unless `damage_policy` skips it), or if `file` exists (unless `overwrite`), is the database
    itself, or cannot be written. Raises DatabaseUnavailable if a database cannot be read or written.
    """
    with open_database(address) as engine:
        refuse_same_file(engine.url, file)
        with replace_when_complete(file, overwrite=overwrite, key=key) as partial_file:
            if engine.dialect.name == "sqlite":
                _copy_file(engine, external_tables, partial_file, file, progress)
            else:
                _copy_rows(engine, external_tables, partial_file, file, progress)
            _check_rows(partial_file, file, damage_policy)
            return _count_contents(partial_file)


def _copy_file(
    engine: Engine, external_tables: ExternalTables, partial_file: Path, file: Path, progress: Progress
) -> None:
    with (
        translate_errors(f"The backup {file}"),
        engine.connect() as db,
        closing(sqlite3.connect(partial_file)) as target,
    ):
        copy_pages(get_sqlite_connection(db), target, progress)
        empty_tables(target, external_tables.excluded_tables)


def _copy_rows(
    engine: Engine, external_tables: ExternalTables, partial_file: Path, file: Path, progress: Progress
) -> None:
    subject = f"The backup {file}"
    target = connect(to_sqlite_address(partial_file))
    try:
        with translate_errors(subject):
            migrate_to_head(target, str(file))
            if external_tables.are_in(engine):
                external_tables.migrate_to_head(engine, describe_location(engine.url))
                external_tables.migrate_to_head(target, str(file))
        snapshot = engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with snapshot as source, get_writer(target).begin() as db:
            external_tables.use_all_rows(source)
            copy_tables(source, db, list_tables_to_back_up(engine, external_tables), subject, progress)
            with translate_errors(subject):
                index_all(db, progress)
    finally:
        target.dispose()


def _check_rows(partial_file: Path, file: Path, damage_policy: DamagePolicy) -> None:
    """Apply the policy to the copy, so that the database itself stays as it is."""
    copy = connect(to_sqlite_address(partial_file))
    try:
        with translate_errors(f"The backup {file}"), get_writer(copy).begin() as db:
            apply_policy(db, damage_policy, f"The backup {file} was not written")
    finally:
        copy.dispose()


def _count_contents(partial_file: Path) -> SearchTotals:
    with closing(sqlite3.connect(partial_file)) as db:
        article_count, quote_count = db.execute(
            "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM quotes)"
        ).fetchone()
    return SearchTotals(articles=article_count, quotes=quote_count)
