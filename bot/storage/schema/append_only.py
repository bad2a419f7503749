"""Triggers that let the audit log grow only: a mistake in a program cannot change or delete an entry.

Rule: they do not stop someone who may drop triggers. The seals of the entries show what such a person did.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Table, event

_REFUSAL = "entries of the audit log are never changed"
_SQLITE = tuple(
    f"CREATE TRIGGER audit_no_{verb} BEFORE {verb.upper()} ON audit BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    for verb in ("update", "delete")
)
_SQLITE_DROP = tuple(f"DROP TRIGGER IF EXISTS audit_no_{verb}" for verb in ("update", "delete"))
_POSTGRESQL_DROP = (
    "DROP TRIGGER IF EXISTS audit_append_only ON audit",
    "DROP TRIGGER IF EXISTS audit_no_truncate ON audit",
    "DROP FUNCTION IF EXISTS refuse_audit_change()",
)
_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$",
    "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit "
    "FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()",
    "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()",
)


def create_triggers(db: Connection) -> None:
    """Create the triggers of the table `audit`."""
    for statement in _POSTGRESQL if db.dialect.name == "postgresql" else _SQLITE:
        db.exec_driver_sql(statement)


def drop_triggers(db: Connection) -> None:
    """Drop the triggers, if there are any."""
    for statement in _POSTGRESQL_DROP if db.dialect.name == "postgresql" else _SQLITE_DROP:
        db.exec_driver_sql(statement)


def make_append_only(table: Table) -> None:
    """Create the triggers whenever the table is created."""

    @event.listens_for(table, "after_create")
    def _create(_table: Table, db: Connection, **_: object) -> None:
        create_triggers(db)


@contextmanager
def without_triggers(db: Connection) -> Iterator[None]:
    """Drop the triggers during the block, in its transaction, as for the copy of a backup that is restored."""
    drop_triggers(db)
    yield
    create_triggers(db)
