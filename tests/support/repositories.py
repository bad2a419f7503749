"""Gives Hypothesis tests an empty repository for each example, on either database."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from hypothesis import HealthCheck, settings
from sqlalchemy import Engine

from briefings.storage.db.database import get_writer
from briefings.storage.db.schema import METADATA
from briefings.storage.repository import Repository

#: a function that empties the repository and yields it, on every call
OpenEmpty = Callable[[], AbstractContextManager[Repository]]

#: settings for tests that empty the repository for each example, which is slow
EMPTY_EACH_EXAMPLE = settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])


def delete_all_rows(engine: Engine) -> None:
    """Delete all rows of all tables. With few rows, this is much faster than TRUNCATE."""
    with get_writer(engine).begin() as db:
        for table in reversed(METADATA.sorted_tables):
            db.execute(table.delete())
        if engine.dialect.name == "postgresql":  # the vocabulary keeps the words of deleted articles
            db.exec_driver_sql("DELETE FROM words")
