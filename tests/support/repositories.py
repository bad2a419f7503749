"""What tests of a record share: an empty one for each example of a property, on either database."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from hypothesis import HealthCheck, settings
from sqlalchemy import Engine

from briefings.storage.db.database import get_writer
from briefings.storage.db.schema import METADATA
from briefings.storage.repository import Repository

#: gives an empty record as often as it is called, one at a time
OpenEmpty = Callable[[], AbstractContextManager[Repository]]

#: for properties that ask the fixture `emptied` for a record with each example, which takes its time
EMPTY_EACH_EXAMPLE = settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])


def delete_all_rows(engine: Engine) -> None:
    """Deletes all that a record holds, row by row: of a few rows that is far faster than to truncate tables."""
    with get_writer(engine).begin() as db:
        for table in reversed(METADATA.sorted_tables):
            db.execute(table.delete())
        if engine.dialect.name == "postgresql":  # whose vocabulary keeps the words of what is gone
            db.exec_driver_sql("DELETE FROM words")
