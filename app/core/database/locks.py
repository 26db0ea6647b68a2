"""Row locks, always of one kind and in one order.

FOR NO KEY UPDATE, because plain FOR UPDATE blocks the foreign-key checks of other inserts and deadlocks
with them. Order everywhere: referral, offer, client, call, deal, notification, agent, and what is an agent's, their
browsers and then their channels; ids ascending. Held for milliseconds, waited for at most LOCK_WAIT_SECONDS.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from psycopg.errors import LockNotAvailable
from sqlalchemy import Select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.core.errors import LockTimeout
from app.core.metrics import LOCKS_GIVEN_UP

LOCK_WAIT_SECONDS = 2

Query = TypeVar("Query", bound=Select[Any])


def for_update(query: Query, of: Any) -> Query:
    """`query`, locking the rows of `of` and reading them again: a waiter must not act on what it read before."""
    return query.with_for_update(of=of, key_share=True).execution_options(populate_existing=True)


@contextmanager
def lock_wait(session: Session) -> Iterator[None]:
    """Turns a lock that was not to be had into LockTimeout; the transaction is rolled back.

    How long is waited is a setting of our connections (app/core/database/connections.py): no statement is spent on it,
    unless a pooler stands before Postgres.
    """
    try:
        yield
    except OperationalError as error:
        if was_a_lock(error):
            session.rollback()
            LOCKS_GIVEN_UP.inc()
            raise LockTimeout from error
        raise


def was_a_lock(error: OperationalError) -> bool:
    """Whether a statement failed for a lock that was not to be had in time."""
    return isinstance(error.orig, LockNotAvailable)
