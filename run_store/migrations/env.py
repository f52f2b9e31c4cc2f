"""Runs migrations on the connection that `run_store.migrate` brings."""

from alembic import context

from run_store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
