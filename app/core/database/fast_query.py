"""One small query, past the ORM and without a transaction around it: for what every open page asks every second."""

import weakref
from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app
from psycopg import OperationalError
from sqlalchemy import create_engine

NAME = "fast_query"


class FastQuery:
    """Connections in autocommit: no BEGIN, and nothing to undo when they go back to the pool."""

    def __init__(self, url: str, options: Mapping[str, Any]) -> None:
        # No ping before a query: a failed one is tried again instead.
        quick: dict[str, Any] = {"isolation_level": "AUTOCOMMIT", "pool_reset_on_return": None, "pool_pre_ping": False}
        self._engine = create_engine(url, **{**options, **quick})
        weakref.finalize(self, self._engine.dispose)

    def rows(self, query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """The rows `query` finds. `query` is psycopg's: `%s` stands for each value."""
        try:
            return self._ask(query, values)
        except OperationalError:  # every connection was of a database that has restarted meanwhile
            return self._ask(query, values)

    def _ask(self, query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        connection = self._engine.raw_connection()
        try:
            driver = connection.driver_connection
            assert driver is not None
            found: list[tuple[Any, ...]] = driver.execute(query, values).fetchall()
            return found
        except OperationalError:  # the database went away: none of our connections is any good
            connection.invalidate()
            self._engine.dispose()
            raise
        finally:
            connection.close()


def rows(query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """`FastQuery.rows` of the app being served."""
    found = current_app.extensions[NAME]
    assert isinstance(found, FastQuery)
    return found.rows(query, values)
