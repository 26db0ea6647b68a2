"""An empty database between two tests."""

from typing import Any

import psycopg
from psycopg.rows import tuple_row

KEPT = ("alembic_version", "heartbeat")
"""The migration's own, and what running workers write."""
TABLES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL (%s)"


def delete_rows(connection: psycopg.Connection[Any], *, but: tuple[str, ...] = ()) -> None:
    """Deletes all rows, but those of these tables. Raises DeadlockDetected when the product wants them otherwise.

    Deleting a few rows takes a millisecond. TRUNCATE makes new files for every table, and has every statement planned
    anew.
    """
    with connection.cursor(row_factory=tuple_row) as cursor, connection.transaction():
        names = [name for (name,) in cursor.execute(TABLES, ([*KEPT, *but],)).fetchall()]
        cursor.execute("SET LOCAL session_replication_role = replica")  # foreign keys need not be looked at
        cursor.execute(f"LOCK TABLE {', '.join(names)} IN EXCLUSIVE MODE".encode())
        cursor.execute("; ".join(f"DELETE FROM {name}" for name in names).encode())
