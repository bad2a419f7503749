"""Puts a backup in the place of a record, on whichever database that is.

Rule: the record holds all that it held before, or all of the backup; who reads meanwhile sees one or the other.
"""

import sqlite3
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from briefings.errors import BadInput
from briefings.model import Searched
from briefings.record.backup_file import address_of, copy_of, copy_pages, refuse_itself, sqlite_of
from briefings.record.copying import Progress, clear, copied_tables, copy, copy_table, kept_out, number_in, quiet
from briefings.record.engine import connect, writing
from briefings.record.faults import place_of, told_of
from briefings.record.opening import opened
from briefings.record.reindex import index_all
from briefings.record.revision import bring_to_head, current
from briefings.record.schema import articles, quotes


def restore(address: str, file: Path, *, replace: bool = False, progress: Progress = quiet) -> Searched:
    """Fills the record at `address` with what the backup `file` holds, at the newest revision; gives how much it is.

    What the record held before is lost, which wants `replace`. Raises BadInput when the record is not empty and not to
    be replaced, or when `file` is missing, damaged, no record or the record itself; RecordUnavailable when `file` is no
    database or was made by a newer program, or when the record cannot be written.
    """
    with opened(address) as engine:
        refuse_itself(engine.url, file)
        with _at_head(file, _room_beside(engine)) as backup:
            put = _put_file if engine.dialect.name == "sqlite" else _put_rows
            put(backup, engine, replace, progress)
            with backup.connect() as db:
                return Searched(number_in(db, articles), number_in(db, quotes))


@contextmanager
def _at_head(file: Path, folder: Path) -> Iterator[Engine]:
    """A copy of the backup at the newest revision."""
    with copy_of(file, folder) as path:
        engine = connect(address_of(path))
        try:
            with told_of(f"The backup {file}"):
                with engine.connect() as db:
                    if current(db) is None or not inspect(db).has_table(articles.name):
                        raise BadInput(f"{file} is no backup of a record: name a file that `ontherecord backup` wrote.")
                bring_to_head(engine, str(file))
            yield engine
        finally:
            engine.dispose()


def _put_file(backup: Engine, engine: Engine, replace: bool, progress: Progress) -> None:
    with engine.connect() as live, writing(backup).connect() as copied:
        _check_empty(live, engine, replace)
        for table in kept_out():
            copied.execute(table.delete())
            deque(copy_table(live, copied, table, "The copy of the backup"), maxlen=0)
        copied.commit()
        live.rollback()
        source, target = sqlite_of(copied), sqlite_of(live)
        _match_pages(source, target)
        copy_pages(source, target, progress)


def _put_rows(backup: Engine, engine: Engine, replace: bool, progress: Progress) -> None:
    with backup.connect() as source, engine.begin() as target:
        names = ", ".join(table.name for table in copied_tables())
        # nobody adds anything from here to the end, and everybody reads on
        target.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
        _check_empty(target, engine, replace)
        clear(target)
        copy(source, target, f"The record at {place_of(engine.url)}", progress)
        index_all(target, progress)


def _check_empty(db: Connection, engine: Engine, replace: bool) -> None:
    # not even counted when it is to be replaced: what is held may be damaged
    if not replace and (number := number_in(db, articles)):
        raise BadInput(
            f"The record at {place_of(engine.url)} holds {number} article{'' if number == 1 else 's'}, "
            "which would be lost: back it up, then restore with --force."
        )


def _match_pages(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Gives `source` pages of the size that `target` has, which cannot change while it is in use."""
    (wanted,), (given,) = (db.execute("PRAGMA page_size").fetchone() for db in (target, source))
    if wanted != given:
        source.execute("PRAGMA journal_mode = DELETE")
        source.execute(f"PRAGMA page_size = {wanted:d}")
        source.execute("VACUUM")


def _room_beside(engine: Engine) -> Path:
    """Where a copy of a backup has room: beside an SQLite file, or where temporary files are."""
    path = Path(engine.url.database or "")
    return path.parent if engine.dialect.name == "sqlite" and path.is_file() else Path(tempfile.gettempdir())
