"""Runs the migrations on the connection that `store.migrate` hands over."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    # SQLite can take tables back too, once the transaction is begun by hand, as it is here.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
