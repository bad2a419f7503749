"""Copy tables between databases, including external tables that other packages store in the same database.

Rule: tables are copied in the order of their references, in small batches, so memory use is constant.
Rule: this package never reads external tables; a backup includes them, so that one file has everything.
"""

from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Engine, MetaData, Table, delete, func, insert, select

from briefings.storage.db.bulk_insert import insert_mappings
from briefings.storage.db.database import translate_errors
from briefings.storage.db.schema import METADATA

#: progress callback, called after each batch with the counts of finished and of all items
Progress = Callable[[int, int], None]

#: rows copied at a time
_ROWS_PER_BATCH = 1_000


def ignore_progress(_count: int, _total: int) -> None:
    """Ignore a progress report."""


def count_rows(db: Connection, table: Table) -> int:
    """Return the count of rows of a table."""
    number: int = db.execute(select(func.count()).select_from(table)).scalar_one()
    return number


def clear_tables(db: Connection, tables: Sequence[Table]) -> None:
    """Delete all rows of tables in the caller's transaction. Each table must come after those it refers to."""
    for table in reversed(tables):
        db.execute(delete(table))


def copy_tables(
    source: Connection, target: Connection, tables: Sequence[Table], subject: str, progress: Progress = ignore_progress
) -> int:
    """Copy all rows of tables into the empty tables of `target`, and return how many.

    Runs in the callers' transactions. Each table must come after those it refers to. Raises DatabaseUnavailable, with
    `subject` as the start of its message, if `target` rejects a row.
    """
    copied_count, total = 0, sum(count_rows(source, table) for table in tables)
    for table in tables:
        with closing(copy_table(source, target, table, subject)) as batch_sizes:
            for number in batch_sizes:
                copied_count += number
                progress(copied_count, total)
    return copied_count


def copy_table(source: Connection, target: Connection, table: Table, subject: str) -> Generator[int, None, None]:
    """Copy the rows of one table; yield the count of rows after each batch."""
    columns = [column for column in table.columns if column.computed is None]
    with source.execute(select(*columns).execution_options(yield_per=_ROWS_PER_BATCH)) as rows:
        for batch in rows.mappings().partitions():
            with translate_errors(subject):
                if table.metadata is METADATA:
                    insert_mappings(target, table, (dict(row) for row in batch))
                else:  # PostgreSQL refuses COPY into tables with row security, which the record does not have
                    target.execute(insert(table), [dict(row) for row in batch])
            yield len(batch)
    if target.dialect.name == "postgresql":
        # autovacuum cannot see rows of this transaction, so the statistics are updated here
        target.exec_driver_sql(f"ANALYZE {table.name}")
        if table.autoincrement_column is not None:
            _advance_sequence(target, table, table.autoincrement_column)


def _advance_sequence(target: Connection, table: Table, column: Column[int]) -> None:
    """Make the sequence of a column continue after the highest copied number."""
    highest = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
    target.execute(select(func.setval(func.pg_get_serial_sequence(table.name, column.name), highest, False)))


@dataclass(frozen=True, slots=True)
class ExternalTables:
    """Tables of another package, with migrations of that package."""

    metadata: MetaData
    #: tables that backup and restore skip: secrets, and temporary data
    excluded_tables: Sequence[Table]
    #: returns the current revision, or None if the tables do not exist
    get_revision: Callable[[Connection], str | None]
    #: creates or migrates the tables; the text is a printable location. Raises DatabaseUnavailable if they are newer.
    migrate_to_head: Callable[[Engine, str], None]
    #: name of the table with their revision
    version_table: str = ""
    #: lets the rest of a transaction see all rows of the tables, if the database limits what it sees
    use_all_rows: Callable[[Connection], None] = lambda _: None
    #: returns the tables of a database that a restore leaves as they are, although the backup has them
    list_kept_tables: Callable[[Connection], Sequence[Table]] = lambda _: ()
    #: lets the block delete rows that a trigger protects, in a copy of a backup
    unlock_rows: Callable[[Connection], AbstractContextManager[None]] = lambda _: nullcontext()

    def drop_from(self, engine: Engine) -> None:
        """Drop the tables from a database, if it has them. A file keeps their rows in free pages until a vacuum."""
        with engine.begin() as db:
            for table in reversed(self.metadata.sorted_tables):
                table.drop(db, checkfirst=True)
            if self.version_table:
                Table(self.version_table, MetaData()).drop(db, checkfirst=True)

    def are_in(self, engine: Engine) -> bool:
        """Tell whether a database has these tables."""
        with engine.connect() as db:
            return self.get_revision(db) is not None

    def list_lasting_tables(self) -> list[Table]:
        """Return the tables that a backup includes, each after those it refers to."""
        return [table for table in self.metadata.sorted_tables if table not in self.excluded_tables]


def _get_no_revision(_: Connection) -> str | None:
    return None


def _do_nothing(_engine: Engine, _location: str) -> None:
    pass


#: the default: no external tables
NO_EXTERNAL_TABLES = ExternalTables(MetaData(), (), _get_no_revision, _do_nothing)


def list_tables_to_back_up(engine: Engine, external_tables: ExternalTables) -> list[Table]:
    """Return all tables that a backup includes: this package's, and the external ones if the database has them."""
    return [*METADATA.sorted_tables, *(external_tables.list_lasting_tables() if external_tables.are_in(engine) else ())]
