"""How the database is connected to: pools, how long a lock is waited for, and how a transaction that only read ends."""

import math
import re
import time
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from flask import Flask
from psycopg import Error as DatabaseError
from sqlalchemy import Connection, TextClause, event
from sqlalchemy.exc import InvalidatePoolError, SQLAlchemyError
from sqlalchemy.orm import ORMExecuteState, Session

from app.config import Settings
from app.core.clock import follow
from app.core.database import fast_query
from app.core.database.fast_query import FastQuery
from app.core.database.locks import LOCK_WAIT_SECONDS
from app.extensions import db

log = structlog.get_logger()

POOL_SIZE = 8
"""As many as a web process has threads, each with one transaction at a time."""
OVERFLOW = 4
LOCK_WAIT = f"SET LOCAL lock_timeout = '{LOCK_WAIT_SECONDS}s'"
UNBOUNDED = "0"
READS = re.compile(r"\s*SELECT\b", re.IGNORECASE)
CLOCK, CLOCK_SECONDS = "clock", 60
"""In a connection's info: when to read the clock again."""
APART = timedelta(seconds=2)
"""Worth a warning: other programs on this machine go by its own clock."""
IDLE_SINCE = "idle_since"
"""In a connection's info: when it went back to the pool, on the monotonic clock."""
PING_AFTER_SECONDS = 0.2
"""Shorter than any restart of a database."""
WROTE = "wrote"
"""In a session's info, while its transaction has written."""


class LocksWaitForever(RuntimeError):
    """Something between us and Postgres has dropped the bound of our lock waits."""

    def __init__(self) -> None:
        super().__init__("lock_timeout is 0: set DATABASE_POOLER=transaction, see docs/going-live.md")


def engine_options(settings: Settings) -> dict[str, Any]:
    """What SQLAlchemy makes its connections with.

    A pooler in transaction mode takes no startup options, and keeps no prepared statement for its client.
    """
    connect: dict[str, Any] = {"connect_timeout": 5, "application_name": "dibs"}
    if settings.is_pooled:
        connect["prepare_threshold"] = None
    else:
        connect["options"] = f"-c lock_timeout={LOCK_WAIT_SECONDS * 1000}"
    return {
        "pool_size": POOL_SIZE,
        "max_overflow": OVERFLOW,
        "pool_timeout": 5,
        "hide_parameters": True,  # errors are logged, and the parameters are people's phones and texts
        "connect_args": connect,
    }


def bind(app: Flask, settings: Settings) -> None:
    """Gives `app` its connections. Sessions that only read end in COMMIT."""
    db.init_app(app)
    app.extensions[fast_query.NAME] = FastQuery(settings.database_url, engine_options(settings))
    with app.app_context():
        engine = db.engine
    event.listen(engine, "checkin", _idle)
    event.listen(engine, "checkout", _ping_idle)
    event.listen(engine, "checkout", follow_clock)
    if settings.is_pooled:
        event.listen(engine, "begin", _bound_lock_wait)
    else:
        event.listen(engine, "connect", _check_lock_wait)
    app.teardown_appcontext(_end_reading)  # the newest goes first, so that db's own then finds nothing to roll back


def set_clock(app: Flask) -> None:
    """Reads the database's clock before the first request or job, if the database answers."""
    with app.app_context(), suppress(SQLAlchemyError), db.engine.connect():
        pass


def follow_clock(connection: Any, record: Any, _proxy: object) -> None:
    """Reads the database's clock, at most once a minute on each connection."""
    if time.monotonic() < record.info.get(CLOCK, 0):
        return
    record.info[CLOCK] = time.monotonic() + CLOCK_SECONDS
    connection.autocommit = True
    (theirs,) = connection.execute("SELECT clock_timestamp()").fetchone()
    connection.autocommit = False
    apart = follow(theirs)
    if abs(apart) >= APART:
        log.warning("clocks_differ", seconds=round(apart.total_seconds(), 1))


def _idle(_connection: Any, record: Any) -> None:
    record.info[IDLE_SINCE] = time.monotonic()


def _ping_idle(connection: Any, record: Any, _proxy: object) -> None:
    """Checks that an idle connection still works: the first request after a database restart may be somebody's tap.

    One used a moment ago is not checked, which saves a round trip per request. Raises InvalidatePoolError, which makes
    the pool open new connections.
    """
    if time.monotonic() - record.info.get(IDLE_SINCE, math.inf) < PING_AFTER_SECONDS:
        return
    try:
        connection.autocommit = True
        connection.execute("")
        connection.autocommit = False
    except DatabaseError as error:  # any error at all: an empty query cannot fail on a live connection
        raise InvalidatePoolError from error


def _bound_lock_wait(connection: Connection) -> None:
    connection.exec_driver_sql(LOCK_WAIT)


def _check_lock_wait(connection: Any, _record: object) -> None:
    """Raises LocksWaitForever: a key 1 that waits without end for a row would be worse than no connection."""
    connection.autocommit = True
    (wait,) = connection.execute("SHOW lock_timeout").fetchone()
    connection.autocommit = False
    if wait == UNBOUNDED:
        connection.close()
        raise LocksWaitForever


@event.listens_for(db.session, "after_flush")
def _wrote(session: Session, _context: object) -> None:
    session.info[WROTE] = True


@event.listens_for(db.session, "do_orm_execute")
def _executes(state: ORMExecuteState) -> None:
    reads = state.is_select or (isinstance(state.statement, TextClause) and READS.match(state.statement.text))
    if not reads:
        state.session.info[WROTE] = True


@event.listens_for(db.session, "after_transaction_end")
def _over(session: Session, transaction: Any) -> None:
    if transaction.parent is None:
        session.info.pop(WROTE, None)


def _end_reading(error: BaseException | None) -> None:
    """Commits what has only read. A rollback would make psycopg forget the connection's prepared statements.

    What was written and not committed is rolled back, as ever.
    """
    if error is not None or not db.session.registry.has():
        return
    session = db.session()
    unwritten = session.new or session.dirty or session.deleted
    if session.in_transaction() and not unwritten and WROTE not in session.info:
        session.commit()
