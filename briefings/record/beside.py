"""Tables that somebody else keeps in the database of a record, with migrations of their own.

Rule: the record never looks into them; a backup takes them along, so that one file holds all that is worth keeping.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, MetaData, Table

from briefings.record.schema import METADATA


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
