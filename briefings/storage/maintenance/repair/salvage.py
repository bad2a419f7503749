"""Salvage a damaged SQLite file: copy every row that can be read into a new file, which takes its place.

Rule: the damaged file is kept under another name. Rows are read one at a time, so an unreadable page costs only its own
rows. Checksums then tell which of the rows are intact.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Table, make_url

from briefings.errors import BadInput, DatabaseUnavailable
from briefings.storage.db.database import translate_errors
from briefings.storage.db.private_files import create_private_file
from briefings.storage.db.schema import METADATA
from briefings.storage.maintenance.backup_file import to_sqlite_address
from briefings.storage.maintenance.rebuild import rebuild_all
from briefings.storage.maintenance.tables import ExternalTables
from briefings.storage.session import connect_and_migrate, run_in_transaction

#: rows written at a time
_BATCH = 200
#: a file that lost more than this is not read: its header is more likely to be wrong
_MAX_CUT = 20
_ERRORS = (sqlite3.Error, UnicodeDecodeError, OverflowError)


@dataclass(frozen=True, slots=True)
class SalvageReport:
    """Counts of rows copied and lost by table, and where the damaged file is now."""

    copied_counts: dict[str, int]
    #: rows that an index names, but that cannot be read
    lost_counts: dict[str, int]
    #: names of tables whose definitions are damaged, so that all of their rows are lost
    lost_tables: tuple[str, ...]
    kept_file: Path


def find_database_file(address: str) -> Path | None:
    """Return the file of an SQLite address; None for another database, or one in memory."""
    url = make_url(address)
    is_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    return Path(str(url.database)) if is_file else None


def has_file_damage(address: str) -> bool:
    """Tell whether the file at `address` is a damaged SQLite database. A missing file is not."""
    path = find_database_file(address)
    if path is None or not path.is_file() or not path.stat().st_size:
        return False
    try:
        with closing(sqlite3.connect(path, timeout=15)) as db:
            (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "unable to open" in str(error):
            raise DatabaseUnavailable(f"The database at {path} is in use: stop the bot, then try again.") from error
        return True
    except _ERRORS:
        return True
    return bool(verdict != "ok")


def salvage(address: str, external_tables: ExternalTables, now: datetime) -> SalvageReport:
    """Replace the damaged file at `address` by a new one with all rows that can be read.

    Raises BadInput if nothing can be read, and then changes nothing.
    """
    path = find_database_file(address)
    if path is None:
        raise BadInput("Only an SQLite file can be salvaged.")
    new_path = path.with_name(f"{path.name}.salvaged")
    _delete_file(new_path)
    try:
        copied_counts, lost_counts, lost_tables = _copy_rows(path, new_path, external_tables)
    except BaseException:
        _delete_file(new_path)
        raise
    if not copied_counts.get("articles"):
        _delete_file(new_path)
        raise BadInput(
            f"{path.name}: no article can be read from this file, so it was left as it is. Move it away and restore a "
            "backup with: ontherecord restore FILE"
        )
    kept_file = path.with_name(f"{path.name}.damaged-{now:%Y%m%d-%H%M%S}")
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.replace(kept_file.with_name(kept_file.name + suffix))
    new_path.replace(path)
    return SalvageReport(copied_counts, lost_counts, lost_tables, kept_file)


def _copy_rows(
    path: Path, new_path: Path, external_tables: ExternalTables
) -> tuple[dict[str, int], dict[str, int], tuple[str, ...]]:
    new_address = to_sqlite_address(new_path)
    engine = connect_and_migrate(new_address)
    try:
        copied_counts: dict[str, int] = {}
        lost_counts: dict[str, int] = {}
        with _open_damaged(path) as source, closing(sqlite3.connect(new_path)) as target:
            names = _list_table_names(source)
            tables = list(METADATA.sorted_tables)
            if any(table.name in names for table in external_tables.metadata.sorted_tables):
                external_tables.migrate_to_head(engine, str(new_path))
                tables += external_tables.metadata.sorted_tables
            target.execute("PRAGMA foreign_keys = OFF")
            for table in tables:
                if table.name in names:
                    copied_counts[table.name], lost_counts[table.name] = _copy_table(source, target, table)
            lost_tables = tuple(table.name for table in tables if table.name not in names)
            target.commit()
        with translate_errors(f"The salvaged file {new_path}"):
            run_in_transaction(engine, rebuild_all)
    finally:
        engine.dispose()
    with closing(sqlite3.connect(new_path)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
    return copied_counts, lost_counts, lost_tables


@contextmanager
def _open_damaged(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a damaged file for reading. Of a file that was cut off, open a copy with empty pages at its end."""
    missing_bytes = _count_missing_bytes(path)
    copy = path.with_name(f"{path.name}.padded")
    readable_path = copy if missing_bytes else path
    try:
        if missing_bytes:
            _delete_file(copy)
            for suffix in ("", "-wal"):
                if path.with_name(path.name + suffix).exists():
                    create_private_file(copy.with_name(copy.name + suffix))
                    shutil.copyfile(path.with_name(path.name + suffix), copy.with_name(copy.name + suffix))
            os.truncate(copy, copy.stat().st_size + missing_bytes)
        with closing(sqlite3.connect(f"{readable_path.resolve().as_uri()}?mode=ro", uri=True)) as source:
            source.text_factory = partial(str, encoding="utf-8", errors="replace")
            source.execute("PRAGMA writable_schema = ON")  # a damaged index does not hide the tables
            yield source
    finally:
        _delete_file(copy)


def _count_missing_bytes(path: Path) -> int:
    """Return how many bytes a file has less than its header says; 0 without a readable header."""
    with path.open("rb") as file:
        header = file.read(100)
    page_size, page_count = int.from_bytes(header[16:18]), int.from_bytes(header[28:32])
    page_size = 65_536 if page_size == 1 else page_size
    size = path.stat().st_size
    # a damaged count must not create a huge file
    is_plausible = header.startswith(b"SQLite format 3\0") and page_size.bit_count() == 1 and page_size >= 512
    expected_size = page_size * page_count
    return expected_size - size if is_plausible and size < expected_size <= _MAX_CUT * size else 0


def _delete_file(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _list_table_names(db: sqlite3.Connection) -> set[str]:
    names: set[str] = set()
    # the first statement fails while SQLite reads the definitions; then from both sides of an unreadable page
    for order in ("", "", " ORDER BY rowid DESC"):
        with suppress(*_ERRORS):
            for (name,) in db.execute(f"SELECT name FROM sqlite_master WHERE type = 'table'{order}"):  # noqa: S608 - constant
                names.add(name)
    if not names:
        raise BadInput(
            "The part of the database file that lists its tables is damaged, so nothing in it can be read. It was left "
            "as it is. Move it away and restore a backup with: ontherecord restore FILE"
        )
    return names


def _copy_table(source: sqlite3.Connection, target: sqlite3.Connection, table: Table) -> tuple[int, int]:
    """Copy the rows that can be read; return the counts of copied and lost rows."""
    columns = _list_common_columns(source, table)
    if not columns:
        return 0, 0
    names = ", ".join(f'"{name}"' for name in columns)
    statement = f'INSERT OR IGNORE INTO "{table.name}" ({names}) VALUES ({", ".join("?" * len(columns))})'  # noqa: S608 - names of the schema
    rowids, copied_count, lost_count = _collect_rowids(source, table.name), 0, 0
    rows = _read_all(source, table.name, names) if rowids is None else _read_each(source, table.name, names, rowids)
    for row in rows:
        if row is None:
            lost_count += 1
            continue
        try:
            copied_count += target.execute(statement, row).rowcount
        except _ERRORS:
            lost_count += 1
        if copied_count % _BATCH == 0:
            target.commit()
    return copied_count, lost_count


def _list_common_columns(source: sqlite3.Connection, table: Table) -> list[str]:
    with suppress(*_ERRORS):
        stored_names = {row[1] for row in source.execute(f'PRAGMA table_info("{table.name}")')}
        return [column.name for column in table.columns if column.name in stored_names]
    return []


def _collect_rowids(source: sqlite3.Connection, table: str) -> list[int] | None:
    """Return the row ids that the table or one of its indexes names; None for a table without row ids."""
    rowids: set[int] = set()
    sources = [f'"{table}" NOT INDEXED']
    with suppress(*_ERRORS):
        sources += [f'"{table}" INDEXED BY "{row[1]}"' for row in source.execute(f'PRAGMA index_list("{table}")')]
    for name in sources:
        for order in ("", " ORDER BY rowid DESC") if "NOT INDEXED" in name else ("",):
            try:
                for (rowid,) in source.execute(f"SELECT rowid FROM {name}{order}"):  # noqa: S608 - names of the schema
                    rowids.add(rowid)
            except sqlite3.OperationalError as error:
                if "no such column" in str(error):
                    return None
            except _ERRORS:
                continue  # the ids before the damage are collected
    return sorted(rowids)


def _read_each(
    source: sqlite3.Connection, table: str, names: str, rowids: list[int]
) -> Iterator[tuple[object, ...] | None]:
    """Yield each row, or None for one that cannot be read."""
    for rowid in rowids:
        try:
            row = source.execute(f'SELECT {names} FROM "{table}" WHERE rowid = ?', (rowid,)).fetchone()  # noqa: S608 - names of the schema
        except _ERRORS:
            row = None
        yield row


def _read_all(source: sqlite3.Connection, table: str, names: str) -> Iterator[tuple[object, ...]]:
    """Yield the rows up to the first that cannot be read."""
    with suppress(*_ERRORS):
        yield from source.execute(f'SELECT {names} FROM "{table}"')  # noqa: S608 - names of the schema
