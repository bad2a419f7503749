"""Alembic environment: run migrations on the given connection, inside its transaction."""

from alembic import context

from briefings.storage.db.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
