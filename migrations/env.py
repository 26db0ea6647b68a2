"""How migrations run: one transaction, a bounded wait for locks, and the app's own engine."""

from alembic import context
from flask import current_app
from sqlalchemy import text

LOCK_WAIT = "3s"
"""A migration that cannot have its lock fails, rather than queue the running release behind it."""


def run() -> None:
    """Runs the migrations on the app's database."""
    db = current_app.extensions["migrate"].db
    with db.engine.connect() as connection:
        connection.execute(text(f"SET lock_timeout = '{LOCK_WAIT}'"))
        connection.commit()
        context.configure(connection=connection, target_metadata=db.metadata, compare_server_default=True)
        with context.begin_transaction():
            context.run_migrations()


run()
