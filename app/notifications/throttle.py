"""The provider's rate for the number our texts come from: kept in a row, so that all workers together keep it.

What may not go yet stays queued, where it can be dropped when somebody claims; in the carrier's own queue it would be
out of our hands.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Session

from app.core.database.columns import table_of
from app.notifications.models import Throttle

BURST = timedelta(seconds=0.2)
"""How much of the rate may have been saved up and be used at once."""

ROW = table_of(Throttle)
_LOCK = select(ROW.c.next_at).where(ROW.c.sender == bindparam("who")).with_for_update(key_share=True)
_BEGIN = pg_insert(ROW).values(sender=bindparam("who"), next_at=bindparam("at")).on_conflict_do_nothing()
_USE = update(ROW).where(ROW.c.sender == bindparam("who")).values(next_at=bindparam("then", type_=ROW.c.next_at.type))


@dataclass(frozen=True)
class Allowance:
    """How many texts may go at this moment; the sender's row is ours until the transaction ends."""

    sender: str
    allows: int
    since: datetime
    each: timedelta

    def after(self, texts: int) -> datetime:
        """When the next one may go once so many have gone."""
        return self.since + texts * self.each


def lock_throttle(session: Session, *, sender: str, per_second: float, at: datetime) -> Allowance:
    """Locks the sender's row, and says how many texts it may send at `at`."""
    next_at = session.scalar(_LOCK, {"who": sender})
    if next_at is None:
        session.execute(_BEGIN, {"who": sender, "at": at - BURST})
        next_at = session.scalar(_LOCK, {"who": sender}) or at
    return allowance_at(sender, next_at=next_at, per_second=per_second, at=at)


def allowance_at(sender: str, *, next_at: datetime, per_second: float, at: datetime) -> Allowance:
    """What a sender may do at `at` that was to wait until `next_at`. Pure."""
    each = timedelta(seconds=1 / per_second)
    since = min(max(next_at, at - BURST), at + each)  # no longer, should a clock have been ahead
    allows = int((at - since) / each) + 1 if since <= at else 0
    return Allowance(sender, allows, since, each)


def spend(session: Session, pace: Allowance, *, texts: int) -> None:
    """So many texts have gone."""
    if texts:
        session.execute(_USE, {"who": pace.sender, "then": pace.after(texts)})
