"""How migrations run: each in a transaction of its own, with a bounded wait for locks and a bounded time to run.

Without a database (`flask db upgrade --sql`) it writes the SQL, which `make lint` reads.
"""

from alembic import context
from flask import current_app
from sqlalchemy import text

BOUNDS = ("SET lock_timeout = '3s'", "SET statement_timeout = '60s'")
"""A migration that cannot have its lock, or takes too long with it, fails, rather than queue the running release behind
it. What has to take longer is no migration but a job."""


def run() -> None:
    """Runs the migrations on the app's database."""
    db = current_app.extensions["migrate"].db
    with db.engine.connect() as connection:
        for bound in BOUNDS:
            connection.execute(text(bound))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            compare_server_default=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


def write() -> None:
    """Writes their SQL to standard output."""
    context.configure(dialect_name="postgresql", literal_binds=True, transaction_per_migration=True)
    for bound in BOUNDS:
        context.execute(bound)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    write()
else:
    run()
