"""Runs the migrations for Alembic, on the given connection and in its transaction."""

from alembic import context

from bot.storage.schema import METADATA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"], target_metadata=METADATA, version_table=VERSION_TABLE
)
context.run_migrations()
