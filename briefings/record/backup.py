"""Writes a backup of a record that is in use: always one SQLite file, whichever database the record is in.

Rule: a backup is of one moment, complete and checked, or it is not there at all; nobody is kept from reading or adding
meanwhile.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine

from briefings.model import Searched
from briefings.record.backup_file import address_of, copy_pages, forget, put_in_place, refuse_itself
from briefings.record.beside import ALONE, Beside, lasting_in
from briefings.record.copying import Progress, copy, quiet
from briefings.record.engine import connect, sqlite_of, writing
from briefings.record.faults import place_of, told_of
from briefings.record.opening import opened
from briefings.record.reindex import index_all
from briefings.record.revision import bring_to_head


def backup(
    address: str, file: Path, *, beside: Beside = ALONE, overwrite: bool = False, progress: Progress = quiet
) -> Searched:
    """Writes all that the record at `address` holds into `file`; gives how much it is, days aside.

    What lasts of the tables `beside` it is written there too.

    Raises BadInput when `file` is there already (unless `overwrite`), is the record itself, or cannot be written;
    RecordUnavailable when the record cannot be read or the database in `file` cannot be written.
    """
    with opened(address) as engine:
        refuse_itself(engine.url, file)
        with put_in_place(file, overwrite=overwrite) as part:
            if engine.dialect.name == "sqlite":
                _copy_file(engine, beside, part, file, progress)
            else:
                _copy_rows(engine, beside, part, file, progress)
            return _held(part)


def _copy_file(engine: Engine, beside: Beside, part: Path, file: Path, progress: Progress) -> None:
    with told_of(f"The backup {file}"), engine.connect() as db, closing(sqlite3.connect(part)) as target:
        copy_pages(sqlite_of(db), target, progress)
        forget(target, beside.kept_out)


def _copy_rows(engine: Engine, beside: Beside, part: Path, file: Path, progress: Progress) -> None:
    what = f"The backup {file}"
    target = connect(address_of(part))
    try:
        with told_of(what):
            bring_to_head(target, str(file))
            if beside.are_in(engine):
                beside.bring_to_head(engine, place_of(engine.url))
                beside.bring_to_head(target, str(file))
        snapshot = engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with snapshot as source, writing(target).begin() as db:
            copy(source, db, lasting_in(engine, beside), what, progress)
            with told_of(what):
                index_all(db, progress)
    finally:
        target.dispose()


def _held(part: Path) -> Searched:
    with closing(sqlite3.connect(part)) as db:
        number, said = db.execute("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM quotes)").fetchone()
    return Searched(articles=number, quotes=said)
