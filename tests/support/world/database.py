"""Past the product: the rows themselves, a clock that can be put forward, and a lock that somebody else holds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from tests.support.world.waiting import eventually

ORDER = ("referral", "offer", "call", "notification", "agent")
"""As the product locks."""


class Database:
    """The product's database."""

    def __init__(self, url: str, told_everything: Callable[[], bool]) -> None:
        self._url = url.replace("postgresql+psycopg", "postgresql")
        self._told_everything = told_everything
        self.moved: list[tuple[datetime, timedelta]] = []
        """When everything was put back, and by how much; since the test began."""

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self._url, autocommit=True) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def pin(self) -> str:
        """The one PIN there is, whether the page shows it yet or not."""
        ((digits,),) = self.rows("SELECT digits FROM pin")
        return str(digits)

    def time_passes(self, **how_long: float) -> None:
        """Everything that is written down happened so much earlier, and every deadline is so much nearer."""
        eventually(self._told_everything, "an end of callbacks on their way: they belong to the time before")
        eventually(lambda: self._moved(timedelta(**how_long)), "a moment in which time can pass")

    def _moved(self, by: timedelta) -> bool:
        """All tables at once, or nobody could say what the time is. What the product writes meanwhile comes first."""
        try:
            with psycopg.connect(self._url) as connection:
                for table, columns in self._moments(connection):
                    put_back = ", ".join(f"{column} = {column} - %(by)s" for column in columns)
                    connection.execute(f"UPDATE {table} SET {put_back}".encode(), {"by": by})
            self.moved.append((datetime.now(UTC), by))
        except (psycopg.errors.DeadlockDetected, psycopg.errors.LockNotAvailable):
            return False
        return True

    def _moments(self, connection: psycopg.Connection[Any]) -> list[tuple[str, list[str]]]:
        found = connection.execute(
            "SELECT quote_ident(table_name), array_agg(quote_ident(column_name)::text)"
            " FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type = 'timestamp with time zone' AND table_name NOT IN ('heartbeat', 'api_key') GROUP BY 1"
        ).fetchall()
        return sorted(found, key=lambda row: (row[0] not in ORDER, ORDER.index(row[0]) if row[0] in ORDER else 0))

    @contextmanager
    def somebody_holds(self, referral_id: str) -> Iterator[None]:
        """The referral's row is locked, as by a claim that takes its time."""
        with psycopg.connect(self._url) as connection:
            connection.execute("SELECT 1 FROM referral WHERE id = %s FOR NO KEY UPDATE", (referral_id,))
            yield
