"""Runs the migrations for Alembic, on the given connection and in its transaction."""

from alembic import context

from bot.storage.schema import METADATA, VERSION_TABLE
from bot.storage.team_scope import use_all_rows

connection = context.config.attributes["connection"]
use_all_rows(connection)
context.configure(connection=connection, target_metadata=METADATA, version_table=VERSION_TABLE)
context.run_migrations()
