"""Rings agents for a new offer who want that: the same menu, the same race. A missed ring leaves them the messages."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.calls.models import Call, Direction
from app.calls.request import CannotCall, call_me
from app.calls.rules import CallStatus
from app.core.database.ids import first_id
from app.core.queue.outbox import NOTHING, Outbox
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.offers.service import lock_offer
from app.people.models import Agent

AGAIN_AFTER = timedelta(seconds=75)
"""From the first ring to the second: when the first has surely ended, and within the three minutes in which a phone
that does not disturb lets a second call of one number through. https://support.apple.com/en-us/105112"""
BUSY_FOR = timedelta(seconds=15)
"""Until the next try where the agent is on another call through us."""
MOST_RINGS = 2
MISSED = frozenset({CallStatus.NO_ANSWER, CallStatus.VOICEMAIL})
"""Nobody was there, or the phone kept still. Who picks up and hangs up, or rejects the call, has heard it."""


def due_rings(session: Session, *, at: datetime, per_second: float) -> list[UUID]:
    """Offers whose agents are to be rung now: no more than the carrier dials, fewest rings first.

    Calls that people have tapped for are placed at once, and these wait for them.
    """
    span = timedelta(seconds=max(1.0, 1 / per_second))
    lately = select(func.count()).where(
        Call.id >= first_id(at - span), Call.requested_at > at - span, Call.direction == Direction.OUTBOUND
    )
    room = max(1, int(per_second * span.total_seconds())) - (session.scalar(lately) or 0)
    if room <= 0:
        return []
    other = aliased(Offer)
    had = select(func.count()).where(other.referral_id == Offer.referral_id, other.rings > 0).scalar_subquery()
    place = func.row_number().over(partition_by=Offer.referral_id, order_by=(Offer.ring_at, Offer.id))
    waiting = (
        select(Offer.id, Offer.ring_at, (place + had).label("turn"))
        .where(Offer.status == OfferStatus.SENT, Offer.ring_at <= at, Offer.decline_at.is_(None))
        .where(Offer.expires_at > at)
        .subquery()
    )
    query = select(waiting.c.id).order_by(waiting.c.turn, waiting.c.ring_at, waiting.c.id)
    return list(session.scalars(query.limit(room)))


def ring(session: Session, *, offer_id: UUID, at: datetime, ring_seconds: int) -> Outbox:
    """Rings the agent of this offer, and plans the second ring if they want one. Raises LockTimeout."""
    offer = lock_offer(session, offer_id)
    if offer is None or offer.status is not OfferStatus.SENT or offer.ring_at is None or offer.ring_at > at:
        return NOTHING
    agent = session.get_one(Agent, offer.agent_id)
    if not agent.ring_first or (offer.rings and not _was_missed(session, offer_id)):
        offer.ring_at = None
        return NOTHING
    result = call_me(session, offer_id=offer_id, at=at, ring_seconds=ring_seconds)
    if isinstance(result, CannotCall):
        offer.ring_at = at + BUSY_FOR if result.reason == "on_another_call" else None
        return NOTHING
    offer.rings += 1
    offer.ring_at = at + AGAIN_AFTER if agent.ring_again and offer.rings < MOST_RINGS else None
    session.flush()
    return result.outbox


def _was_missed(session: Session, offer_id: UUID) -> bool:
    """Whether nobody has heard of it by the last call."""
    query = select(Call.status).where(Call.offer_id == offer_id).order_by(Call.id.desc()).limit(1)
    return session.scalar(query) in MISSED
