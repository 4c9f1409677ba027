"""Alembic environment of the main database; the command hands the connection in."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transactional_ddl=True, render_as_batch=False)
with context.begin_transaction():
    context.run_migrations()
