"""Create all tables of an empty database at once.

Rule: the result is the same as after all migrations, for which Alembic would be imported; a test compares the two.
"""

from sqlalchemy import Connection, text

from briefings.storage.db import counters
from briefings.storage.db.creation import full_text_tables
from briefings.storage.db.schema import METADATA


def create_tables(db: Connection) -> None:
    """Create the tables, their full-text indexes and triggers. Fails if one of them exists."""
    METADATA.create_all(db, checkfirst=False)
    on_sqlite = db.dialect.name == "sqlite"
    for statement in (
        *(full_text_tables.SQLITE if on_sqlite else full_text_tables.POSTGRESQL),
        *(counters.SQLITE if on_sqlite else counters.POSTGRESQL),
    ):
        db.execute(text(statement))
