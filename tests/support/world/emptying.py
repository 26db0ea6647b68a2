"""An empty database between two tests."""

from typing import Any

import psycopg
from psycopg.rows import tuple_row

KEPT = ("alembic_version", "heartbeat")
"""Alembic's own table, and the one that running workers write to."""
TABLES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL (%s)"


def delete_rows(connection: psycopg.Connection[Any], *, but: tuple[str, ...] = ()) -> None:
    """Deletes all rows except those of the tables in `but`. Raises DeadlockDetected if the product is in the way.

    Deleting a few rows takes a millisecond. TRUNCATE creates new files for every table, and invalidates every plan.
    """
    with connection.cursor(row_factory=tuple_row) as cursor, connection.transaction():
        names = [name for (name,) in cursor.execute(TABLES, ([*KEPT, *but],)).fetchall()]
        cursor.execute("SET LOCAL session_replication_role = replica")  # skips foreign-key checks
        cursor.execute(f"LOCK TABLE {', '.join(names)} IN EXCLUSIVE MODE".encode())
        cursor.execute("; ".join(f"DELETE FROM {name}" for name in names).encode())
