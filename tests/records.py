"""What tests of a record share: an empty one for each example of a property, on either database."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import psycopg
from hypothesis import HealthCheck, settings
from psycopg import sql

from briefings.record.store import Record

#: gives an empty record as often as it is called, one at a time
Emptied = Callable[[], AbstractContextManager[Record]]

#: for properties that ask the fixture `emptied` for a record with each example, which takes its time
EACH_EMPTIED = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

_TABLES = "SELECT relname FROM pg_stat_user_tables WHERE relname NOT LIKE 'alembic_version%'"


def empty(db: psycopg.Connection[tuple[Any, ...]]) -> None:
    """Deletes all that the record of this database holds."""
    names = [sql.Identifier(name) for (name,) in db.execute(_TABLES)]
    db.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(sql.SQL(", ").join(names)))
