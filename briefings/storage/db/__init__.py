"""The database: engine, schema, migrations, row mapping and full-text index."""

from briefings.storage.db.arrivals import (
    MAX_ARRIVALS,
    ArticleArrival,
    delete_arrivals,
    has_arrivals,
    list_arrivals,
    lock_arrivals,
)
from briefings.storage.db.creation.migrator import MigrationHistory, get_revision, migrate_to_head
from briefings.storage.db.database import connect, describe_location, get_writer, translate_database_errors
from briefings.storage.db.schema import METADATA
from briefings.storage.integrity.column_types import UtcDateTime

__all__ = [
    "MAX_ARRIVALS",
    "METADATA",
    "ArticleArrival",
    "MigrationHistory",
    "UtcDateTime",
    "connect",
    "delete_arrivals",
    "describe_location",
    "get_revision",
    "get_writer",
    "has_arrivals",
    "list_arrivals",
    "lock_arrivals",
    "migrate_to_head",
    "translate_database_errors",
]
