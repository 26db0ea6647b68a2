"""The claim: the first key 1 wins, under the referral's row lock.

A partial unique index on offers, and another on claims, make a mistake here loud instead of double.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.claims.models import Claim, LateClaim, Via
from app.core.ids import new_id
from app.notify.service import drop_queued, tell_lost
from app.offers.models import Offer
from app.offers.rules import OfferStatus, ends_for
from app.offers.service import lock_offers
from app.referrals.rules import ReferralStatus
from app.referrals.service import lock_referral


@dataclass(frozen=True)
class Claimed:
    """This offer has the referral. `fresh` is False when it already had: a second press, a repeated callback."""

    fresh: bool
    lost_offer_ids: tuple[UUID, ...] = ()
    notification_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class AlreadyClaimed:
    """Another offer was first, by `behind`."""

    by_agent_id: UUID
    behind: timedelta


@dataclass(frozen=True)
class NotOpen:
    """The offer has ended in another way, or its time is over."""

    status: OfferStatus


ClaimResult = Claimed | AlreadyClaimed | NotOpen


def claim(
    session: Session,
    *,
    offer_id: UUID,
    referral_id: UUID,
    via: Via,
    at: datetime,
    on_line_since: datetime | None = None,
) -> ClaimResult:
    """Decides whether this offer's agent has the referral. The same question gets the same answer.

    Whoever was in the menu, `on_line_since` before the window closed, may finish.
    Raises LockTimeout through `lock_wait`, which the caller has around it.
    """
    referral = lock_referral(session, referral_id)
    offers = lock_offers(session, referral_id=referral_id)
    offer = next(o for o in offers if o.id == offer_id)
    assert referral is not None
    if offer.status is OfferStatus.CLAIMED:
        return Claimed(fresh=False)
    winner = next((o for o in offers if o.status is OfferStatus.CLAIMED), None)
    if winner is not None:
        return _too_late(session, offer_id=offer_id, winner=winner, at=at)
    if offer.status is not OfferStatus.SENT or referral.status is not ReferralStatus.OPEN:
        return NotOpen(offer.status if offer.status is not OfferStatus.SENT else OfferStatus.WITHDRAWN)
    if offer.decline_at is not None:
        return NotOpen(OfferStatus.DECLINED)
    if at >= ends_for(offer.expires_at, on_line_since):
        return NotOpen(OfferStatus.EXPIRED)

    referral.status, referral.claimed_at = ReferralStatus.CLAIMED, at
    offer.status, offer.ended_at = OfferStatus.CLAIMED, at
    session.add(Claim(referral_id=referral.id, offer_id=offer.id, agent_id=offer.agent_id, via=via, at=at))
    lost = [o for o in offers if o.status is OfferStatus.SENT]
    for other in lost:
        other.status, other.ended_at = OfferStatus.LOST, at
    session.flush()
    told = _tell(session, offer_id=offer.id, lost=lost, at=at)  # whoever has just declined wants to hear no more
    return Claimed(fresh=True, lost_offer_ids=tuple(o.id for o in lost), notification_ids=told)


def _tell(session: Session, *, offer_id: UUID, lost: Sequence[Offer], at: datetime) -> tuple[UUID, ...]:
    lost_ids = [o.id for o in lost]
    drop_queued(session, offer_ids=[offer_id, *lost_ids], at=at)
    to_tell = [o.id for o in lost if o.decline_at is None]
    return tuple(tell_lost(session, offer_ids=to_tell, at=at)) if to_tell else ()


def _too_late(session: Session, *, offer_id: UUID, winner: Offer, at: datetime) -> AlreadyClaimed:
    """Keeps by how much; the first press counts when there are several."""
    assert winner.ended_at is not None
    behind = max(at - winner.ended_at, timedelta(0))
    row = {"id": new_id(), "offer_id": offer_id, "at": at, "behind_ms": int(behind.total_seconds() * 1000)}
    session.execute(insert(LateClaim).values(row).on_conflict_do_nothing())
    first = session.scalar(select(LateClaim.behind_ms).where(LateClaim.offer_id == offer_id))
    assert first is not None
    return AlreadyClaimed(by_agent_id=winner.agent_id, behind=timedelta(milliseconds=first))
