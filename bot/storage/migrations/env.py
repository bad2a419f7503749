"""What Alembic runs to migrate: on the connection it is given, inside that connection's transaction."""

from alembic import context

from bot.storage.schema import METADATA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"], target_metadata=METADATA, version_table=VERSION_TABLE
)
context.run_migrations()
