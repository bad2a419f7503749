"""Tables that somebody else keeps in the database of a record, with migrations of their own.

Rule: the record never looks into them; a backup takes them along, so that one file holds all that is worth keeping.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, MetaData, Table

from briefings.record.schema import METADATA


@dataclass(frozen=True, slots=True)
class Beside:
    """What there is to know of such tables."""

    metadata: MetaData
    #: tables that no backup holds and no restore touches: what is secret, or of this moment alone
    kept_out: Sequence[Table]
    #: the revision they are at; None when there are none
    current: Callable[[Connection], str | None]
    #: makes or migrates them; the text is where they are, for people. Raises RecordUnavailable when they are newer.
    bring_to_head: Callable[[Engine, str], None]

    def are_in(self, engine: Engine) -> bool:
        """Whether there are such tables in a database."""
        with engine.connect() as db:
            return self.current(db) is not None

    def lasting(self) -> list[Table]:
        """Those that a backup holds, each after those it refers to."""
        return [table for table in self.metadata.sorted_tables if table not in self.kept_out]


def _nowhere(_: Connection) -> str | None:
    return None


def _do_nothing(_engine: Engine, _place: str) -> None:
    pass


#: no such tables
ALONE = Beside(MetaData(), (), _nowhere, _do_nothing)


def lasting_in(engine: Engine, beside: Beside) -> list[Table]:
    """All tables of a database that a backup holds: the record's and, where they are, those beside it."""
    return [*METADATA.sorted_tables, *(beside.lasting() if beside.are_in(engine) else ())]
