"""What Alembic runs to migrate: on the connection it is given, inside that connection's transaction."""

from alembic import context

from briefings.storage.db.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
