"""One small query, past the ORM and without a transaction around it: for what every open page asks every second."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from flask import current_app
from psycopg import OperationalError
from sqlalchemy import Engine, create_engine

from app.extensions import db


def first_row(query: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
    """The first row `query` finds, if any. `query` is psycopg's: `%s` stands for each value."""
    try:
        return _ask(query, values)
    except OperationalError:  # every connection was of a database that has restarted meanwhile
        return _ask(query, values)


def _ask(query: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
    engine = _engine(db.engine)
    connection = engine.raw_connection()
    try:
        driver = connection.driver_connection
        assert driver is not None
        row: tuple[Any, ...] | None = driver.execute(query, values).fetchone()
        return row
    except OperationalError:  # the database went away: none of our connections is any good
        connection.invalidate()
        engine.dispose()
        raise
    finally:
        connection.close()


@cache
def _engine(main: Engine) -> Engine:
    """Connections that need no BEGIN, and nothing to be undone when they come back."""
    options = current_app.config["SQLALCHEMY_ENGINE_OPTIONS"]
    options = {**options, "pool_pre_ping": False}  # asked again instead: this is what each open page asks every second
    return create_engine(main.url, isolation_level="AUTOCOMMIT", pool_reset_on_return=None, **options)
