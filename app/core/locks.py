"""Row locks, always of one kind and in one order.

FOR NO KEY UPDATE, because plain FOR UPDATE blocks the foreign-key checks of other inserts and deadlocks
with them. Order everywhere: referral, offer, call, notification, agent; ids ascending. Held for
milliseconds, waited for at most LOCK_WAIT_SECONDS.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from psycopg.errors import LockNotAvailable
from sqlalchemy import Select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.core.errors import LockTimeout

LOCK_WAIT_SECONDS = 2

Query = TypeVar("Query", bound=Select[Any])


def for_update(query: Query, of: Any) -> Query:
    """`query`, locking the rows of `of` and reading them anew: a waiter must not act on what it read before."""
    return query.with_for_update(of=of, key_share=True).execution_options(populate_existing=True)


@contextmanager
def lock_wait(session: Session, seconds: float = LOCK_WAIT_SECONDS) -> Iterator[None]:
    """Bounds the wait for locks taken in this transaction.

    Raises LockTimeout when a lock was not to be had in time; the transaction is rolled back.
    """
    session.execute(text(f"SET LOCAL lock_timeout = {int(seconds * 1000)}"))
    try:
        yield
    except OperationalError as error:
        if isinstance(error.orig, LockNotAvailable):
            session.rollback()
            raise LockTimeout from error
        raise
