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
from briefings.record.backup_file import address_of, copy_of, copy_pages, refuse_itself
from briefings.record.beside import ALONE, Beside, lasting_in
from briefings.record.copying import Progress, clear, copy, number_in, quiet
from briefings.record.engine import connect, sqlite_of, writing
from briefings.record.faults import place_of, told_of
from briefings.record.opening import opened
from briefings.record.reindex import index_all
from briefings.record.revision import bring_to_head, current
from briefings.record.schema import articles, quotes


def restore(
    address: str, file: Path, *, beside: Beside = ALONE, replace: bool = False, progress: Progress = quiet
) -> Searched:
    """Fills the record at `address` with what the backup `file` holds, at the newest revision; gives how much it is.

    What the record held before is lost, which wants `replace`. Of the tables `beside` it, those that the backup holds
    are restored, and all others stay as they are. Raises BadInput when the record is not empty and not to
    be replaced, or when `file` is missing, damaged, no record or the record itself; RecordUnavailable when `file` is no
    database or was made by a newer program, or when the record cannot be written.
    """
    with opened(address) as engine:
        refuse_itself(engine.url, file)
        with _at_head(file, _room_beside(engine)) as backup:
            put = _put_file if engine.dialect.name == "sqlite" else _put_rows
            put(_Work(backup, engine, *_prepared(backup, file, engine, beside), replace, progress))
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


@dataclass(frozen=True, slots=True)
class _Work:
    """What is to be put where."""

    backup: Engine
    engine: Engine
    #: the tables that are restored, and those of the record's database that stay as they are
    lasting: Sequence[Table]
    staying: Sequence[Table]
    replace: bool
    progress: Progress


def _prepared(backup: Engine, file: Path, engine: Engine, beside: Beside) -> tuple[list[Table], list[Table]]:
    """The tables that are restored and those that stay, which all are there in both databases afterwards."""
    lasting = lasting_in(backup, beside)
    if not (beside.are_in(backup) or beside.are_in(engine)):
        return lasting, []
    beside.bring_to_head(backup, str(file))
    beside.bring_to_head(engine, place_of(engine.url))
    return lasting, [table for table in beside.metadata.sorted_tables if table not in lasting]


def _put_file(work: _Work) -> None:
    with work.engine.connect() as live, work.backup.connect() as copied:
        _match_pages(sqlite_of(copied), sqlite_of(live))
    # the last thing before: what comes into the tables that stay after this is lost
    with work.engine.connect() as live, writing(work.backup).begin() as copied:
        _check_empty(live, work.engine, work.replace)
        clear(copied, work.staying)
        copy(live, copied, work.staying, "The copy of the backup")
    with work.engine.connect() as live, work.backup.connect() as copied:
        copy_pages(sqlite_of(copied), sqlite_of(live), work.progress)


def _put_rows(work: _Work) -> None:
    with work.backup.connect() as source, work.engine.begin() as target:
        names = ", ".join(table.name for table in work.lasting)
        # nobody adds anything from here to the end, and everybody reads on
        target.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
        _check_empty(target, work.engine, work.replace)
        clear(target, work.lasting)
        copy(source, target, work.lasting, f"The record at {place_of(work.engine.url)}", work.progress)
        index_all(target, work.progress)


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
