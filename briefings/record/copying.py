"""Rows of a whole record, from one database into another of the same schema, whichever of the two kinds each is.

Rule: table by table in the order of their references, a few hundred rows at a time: memory stays constant.
"""

from collections.abc import Callable, Generator, Sequence
from contextlib import closing

from sqlalchemy import Column, Connection, Table, delete, func, insert, select

from briefings.record.faults import told_of

#: told after every few hundred rows: how many are done, and how many there are
Progress = Callable[[int, int], None]

#: rows on their way at a time
_ROWS = 200


def quiet(_done: int, _all: int) -> None:
    """Progress that nobody watches."""


def number_in(db: Connection, table: Table) -> int:
    """How many rows a table holds."""
    number: int = db.execute(select(func.count()).select_from(table)).scalar_one()
    return number


def clear(db: Connection, tables: Sequence[Table]) -> None:
    """Deletes every row of some tables, each given after those it refers to, inside the caller's transaction."""
    for table in reversed(tables):
        db.execute(delete(table))


def copy(source: Connection, target: Connection, tables: Sequence[Table], what: str, progress: Progress = quiet) -> int:
    """Copies every row of some tables, each given after those it refers to, into the empty ones of `target`.

    Inside the callers' transactions; gives how many. Raises RecordUnavailable, its sentence beginning with `what`, when
    `target` refuses a row.
    """
    done, total = 0, sum(number_in(source, table) for table in tables)
    for table in tables:
        with closing(copy_table(source, target, table, what)) as numbers:
            for number in numbers:
                done += number
                progress(done, total)
    return done


def copy_table(source: Connection, target: Connection, table: Table, what: str) -> Generator[int, None, None]:
    """Copies the rows of one table as it is iterated over; gives the number of rows after each few hundred."""
    columns = [column for column in table.columns if column.computed is None]
    with source.execute(select(*columns).execution_options(yield_per=_ROWS)) as found:
        for part in found.mappings().partitions():
            with told_of(what):
                target.execute(insert(table), [dict(row) for row in part])
            yield len(part)
    if target.dialect.name == "postgresql":
        # within this transaction nobody else would tell it that the table is no longer empty
        target.exec_driver_sql(f"ANALYZE {table.name}")
        if table.autoincrement_column is not None:
            _count_on(target, table, table.autoincrement_column)


def _count_on(target: Connection, table: Table, column: Column[int]) -> None:
    """The sequence of a column goes on after the highest number that was copied."""
    highest = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
    target.execute(select(func.setval(func.pg_get_serial_sequence(table.name, column.name), highest, False)))
