"""The database: engine, schema, migrations, row mapping and full-text index."""

from briefings.storage.db.database import connect, describe_location, get_writer, translate_database_errors
from briefings.storage.db.migrator import MigrationHistory, get_revision, migrate_to_head
from briefings.storage.db.schema import METADATA, UtcDateTime

__all__ = [
    "METADATA",
    "MigrationHistory",
    "UtcDateTime",
    "connect",
    "describe_location",
    "get_revision",
    "get_writer",
    "migrate_to_head",
    "translate_database_errors",
]
