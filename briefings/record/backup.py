"""Writes a backup of a record that is in use: always one SQLite file, whichever database the record is in.

Rule: a backup is of one moment, complete and checked, or it is not there at all; nobody is kept from reading or adding
meanwhile.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine

from briefings.record.backup_file import address_of, copy_pages, forget, put_in_place, refuse_itself, sqlite_of
from briefings.record.copying import Progress, copy, quiet
from briefings.record.engine import connect, writing
from briefings.record.faults import place_of, told
from briefings.record.revision import bring_to_head


def backup(address: str, file: Path, *, overwrite: bool = False, progress: Progress = quiet) -> int:
    """Writes all that the record at `address` holds into `file`; gives the size of the file in bytes.

    Raises BadInput when `file` is there already (unless `overwrite`), is the record itself, or cannot be written;
    RecordUnavailable when the record cannot be read or the database in `file` cannot be written.
    """
    engine = connect(address)
    place = place_of(engine.url)
    try:
        refuse_itself(engine.url, file)
        with put_in_place(file, overwrite=overwrite) as part, told(place):
            bring_to_head(engine, place)
            if engine.dialect.name == "sqlite":
                _copy_file(engine, part, progress)
            else:
                _copy_rows(engine, part, progress)
        return file.stat().st_size
    finally:
        engine.dispose()


def _copy_file(engine: Engine, part: Path, progress: Progress) -> None:
    with engine.connect() as db, closing(sqlite3.connect(part)) as target:
        copy_pages(sqlite_of(db), target, progress)
        forget(target)


def _copy_rows(engine: Engine, part: Path, progress: Progress) -> None:
    target = connect(address_of(part))
    try:
        bring_to_head(target, str(part))
        snapshot = engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with snapshot as source, writing(target).begin() as db:
            copy(source, db, progress)
    finally:
        target.dispose()
