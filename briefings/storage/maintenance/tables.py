"""Rows of a whole record, from one database into another of the same schema, whichever of the two kinds each is.

Rule: table by table in the order of their references, a few hundred rows at a time: memory stays constant.

Tables that somebody else keeps in the database of a record, with migrations of their own.

Rule: the record never looks into them; a backup takes them along, so that one file holds all that is worth keeping.
"""

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Engine, MetaData, Table, delete, func, insert, select

from briefings.storage.db.database import translate_errors
from briefings.storage.db.schema import METADATA

#: told after every few hundred rows: how many are done, and how many there are
Progress = Callable[[int, int], None]

#: rows on their way at a time
_ROWS_PER_BATCH = 200


def ignore_progress(_count: int, _total: int) -> None:
    """Progress that nobody watches."""


def count_rows(db: Connection, table: Table) -> int:
    """How many rows a table holds."""
    number: int = db.execute(select(func.count()).select_from(table)).scalar_one()
    return number


def clear_tables(db: Connection, tables: Sequence[Table]) -> None:
    """Deletes every row of some tables, each given after those it refers to, inside the caller's transaction."""
    for table in reversed(tables):
        db.execute(delete(table))


def copy_tables(
    source: Connection, target: Connection, tables: Sequence[Table], subject: str, progress: Progress = ignore_progress
) -> int:
    """Copies every row of some tables, each given after those it refers to, into the empty ones of `target`.

    Inside the callers' transactions; gives how many. Raises RecordUnavailable, its sentence beginning with `what`, when
    `target` refuses a row.
    """
    copied_count, total = 0, sum(count_rows(source, table) for table in tables)
    for table in tables:
        with closing(copy_table(source, target, table, subject)) as batch_sizes:
            for number in batch_sizes:
                copied_count += number
                progress(copied_count, total)
    return copied_count


def copy_table(source: Connection, target: Connection, table: Table, subject: str) -> Generator[int, None, None]:
    """Copies the rows of one table as it is iterated over; gives the number of rows after each few hundred."""
    columns = [column for column in table.columns if column.computed is None]
    with source.execute(select(*columns).execution_options(yield_per=_ROWS_PER_BATCH)) as rows:
        for batch in rows.mappings().partitions():
            with translate_errors(subject):
                target.execute(insert(table), [dict(row) for row in batch])
            yield len(batch)
    if target.dialect.name == "postgresql":
        # within this transaction nobody else would tell it that the table is no longer empty
        target.exec_driver_sql(f"ANALYZE {table.name}")
        if table.autoincrement_column is not None:
            _advance_sequence(target, table, table.autoincrement_column)


def _advance_sequence(target: Connection, table: Table, column: Column[int]) -> None:
    """The sequence of a column goes on after the highest number that was copied."""
    highest = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
    target.execute(select(func.setval(func.pg_get_serial_sequence(table.name, column.name), highest, False)))


@dataclass(frozen=True, slots=True)
class ExternalTables:
    """What there is to know of such tables."""

    metadata: MetaData
    #: tables that no backup holds and no restore touches: what is secret, or of this moment alone
    excluded_tables: Sequence[Table]
    #: the revision they are at; None when there are none
    get_revision: Callable[[Connection], str | None]
    #: makes or migrates them; the text is where they are, for people. Raises RecordUnavailable when they are newer.
    migrate_to_head: Callable[[Engine, str], None]

    def are_in(self, engine: Engine) -> bool:
        """Whether there are such tables in a database."""
        with engine.connect() as db:
            return self.get_revision(db) is not None

    def list_lasting_tables(self) -> list[Table]:
        """Those that a backup holds, each after those it refers to."""
        return [table for table in self.metadata.sorted_tables if table not in self.excluded_tables]


def _get_no_revision(_: Connection) -> str | None:
    return None


def _do_nothing(_engine: Engine, _location: str) -> None:
    pass


#: no such tables
NO_EXTERNAL_TABLES = ExternalTables(MetaData(), (), _get_no_revision, _do_nothing)


def list_tables_to_back_up(engine: Engine, external_tables: ExternalTables) -> list[Table]:
    """All tables of a database that a backup holds: the record's and, where they are, those beside it."""
    return [*METADATA.sorted_tables, *(external_tables.list_lasting_tables() if external_tables.are_in(engine) else ())]
