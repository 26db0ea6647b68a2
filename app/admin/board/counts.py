"""How many referrals each of the board's filters has, and since when the oldest has waited."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.admin.board.views import IS_OPEN, IS_SENT, RINGING, View, claimed_today, held, stands
from app.offers.models import Offer
from app.referrals.models import Referral


@dataclass(frozen=True)
class Count:
    """How many there are of a view, and since when the oldest has waited, where that matters."""

    number: int
    oldest: datetime | None


def counts(session: Session, *, at: datetime) -> dict[View, Count]:
    """The counts of the filters. What nobody has is worked out from the others: those rows are too many to visit."""
    ringing = set(session.scalars(RINGING))
    standing = _standing_counts(session, ringing, at)
    open_ = session.scalar(select(func.count()).select_from(Referral).where(IS_OPEN)) or 0
    without = session.scalar(select(func.count()).where(Referral.id.in_(ringing), IS_OPEN, ~stands(at))) or 0
    nobody = open_ - standing.offered - without
    found = {
        View.NOBODY: Count(nobody, _came(session, _first_of_nobody(session, ringing, at) if nobody else None)),
        View.RINGING: Count(len(ringing), _came(session, min(ringing, default=None))),
        View.WAITING: Count(standing.waiting, _came(session, standing.oldest)),
    }
    for view, condition in ((View.CLAIMED, claimed_today(at)), (View.HELD, held())):
        found[view] = Count(session.scalar(select(func.count()).select_from(Referral).where(condition)) or 0, None)
    return found


@dataclass(frozen=True)
class _Standing:
    """Open referrals with an offer that can still be claimed; `waiting` of them have nobody on the phone."""

    offered: int
    waiting: int
    oldest: UUID | None


def _standing_counts(session: Session, ringing: set[UUID], at: datetime) -> _Standing:
    of = Offer.referral_id
    waits = of.not_in(ringing)
    offered = select(of).where(IS_SENT, Offer.expires_at > at).group_by(of)
    both = [offered.subquery(), offered.where(waits).subquery()]
    all_of_them, waiting = (session.scalar(select(func.count()).select_from(one)) or 0 for one in both)
    oldest = select(of).where(IS_SENT, Offer.expires_at > at, waits).order_by(of).limit(1)
    return _Standing(all_of_them, waiting, session.scalar(oldest) if waiting else None)


def _first_of_nobody(session: Session, ringing: set[UUID], at: datetime) -> UUID | None:
    query = select(Referral.id).where(IS_OPEN, ~stands(at), Referral.id.not_in(ringing))
    return session.scalar(query.order_by(Referral.id).limit(1))


def _came(session: Session, referral_id: UUID | None) -> datetime | None:
    return session.scalar(select(Referral.created_at).where(Referral.id == referral_id)) if referral_id else None
