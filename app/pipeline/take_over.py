"""A teammate accepts a client: the claim moves to them, and everything that hangs on it follows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.bookings.models import open_booking
from app.bookings.notices import PREPARED, TO_CLIENT
from app.bookings.service import book, cancel_booking
from app.calls.client_details import send_details
from app.claims.accept import Lacking
from app.claims.ending import end_claim
from app.claims.models import FIRST_CHECK, FIRST_LOOK, Claim, ClaimEnd, Via
from app.core.database.ids import new_id
from app.core.queue.outbox import Outbox
from app.notifications.queueing import queue_notification
from app.notifications.reach.tell import tell_agent
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.offers.service import Window, end_offer, send_wave
from app.people.models import Agent
from app.pipeline.deals import keep_for_next
from app.pipeline.handover import accept_asked, lock_handover
from app.pipeline.handover_notices import HANDOVER_ANSWERED
from app.pipeline.models import Handover
from app.pipeline.release import Held, OnTheLine, lock_claim
from app.referrals.models import Referral
from app.referrals.rules import middle_price
from app.terms.service import Verdict, may_claim


def take_over(
    session: Session, *, handover_id: UUID, agent: Agent, window: Window, at: datetime
) -> Outbox | OnTheLine | Lacking | None:
    """Accepts a client from a teammate; None: the question does not stand any more. Raises LockTimeout.

    Where the network has terms, the teammate has to meet them as for a claim.
    """
    asked = session.get(Handover, handover_id)
    if asked is None or asked.to_agent_id != agent.id:
        return None
    terms = _terms(session, asked, agent, at)
    if terms.lacks:
        return Lacking(terms.lacks)
    held = lock_claim(session, referral_id=asked.referral_id, agent_id=asked.from_agent_id, at=at)
    if not isinstance(held, Held):
        return held
    locked = lock_handover(session, handover_id=handover_id, agent_id=agent.id)
    if locked is None:
        return None
    accept_asked(locked, at=at)
    booking = open_booking(session, offer_id=held.offer.id)
    booked = (booking.due_at, booking.asked_by) if booking is not None else None
    cancel_booking(session, offer_id=held.offer.id, at=at)
    end_claim(session, claim=held.claim, offer=held.offer, how=ClaimEnd.HANDED_OVER, words=locked.words, at=at)
    offer = _claimed_by(session, held, agent, terms, window, at)
    if booked is not None:
        book(session, offer_id=offer.id, due_at=booked[0], asked_by=booked[1], at=at)
    keep_for_next(session, referral_id=held.referral.id)
    giver = session.get_one(Agent, locked.from_agent_id)
    told = tell_agent(session, giver, kind=HANDOVER_ANSWERED, referral_id=held.referral.id, at=at)
    return held.outbox + told + send_details(session, offer_id=offer.id, at=at) + _tell_client(session, held, at)


def _terms(session: Session, asked: Handover, agent: Agent, at: datetime) -> Verdict:
    referral = session.get_one(Referral, asked.referral_id)
    price = middle_price(referral.price_min, referral.price_max)
    return may_claim(session, agent_id=agent.id, state=referral.state, price=price, time_zone=referral.time_zone, at=at)


def _claimed_by(  # noqa: PLR0917
    session: Session, held: Held, agent: Agent, terms: Verdict, window: Window, at: datetime
) -> Offer:
    wave = max(offer.wave for offer in (held.offer, *held.others)) + 1
    (offer,) = send_wave(session, referral_id=held.referral.id, agents=[agent], window=window, at=at, wave=wave)
    end_offer(offer, OfferStatus.CLAIMED, at=at)
    theirs = {"referral_id": held.referral.id, "offer_id": offer.id, "agent_id": agent.id}
    looks = {"follow_up_at": at + FIRST_LOOK, "check_at": at + FIRST_CHECK}
    agreed = {"terms_id": terms.terms_id, "fee_percent": terms.fee_percent}
    session.add(Claim(id=new_id(), **theirs, via=Via.HANDOVER, at=at, **looks, **agreed))
    session.flush()
    return offer


def _tell_client(session: Session, held: Held, at: datetime) -> Outbox:
    """Who their agent is now."""
    queued = [
        queue_notification(
            session,
            client_id=held.referral.client_id,
            kind=PREPARED,
            channel=channel,
            at=at,
            referral_id=held.referral.id,
        )
        for channel in TO_CLIENT
    ]
    return Outbox(notifications=tuple(id_ for id_ in queued if id_ is not None))
