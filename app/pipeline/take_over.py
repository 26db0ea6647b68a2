"""A teammate accepts a client: the claim moves to them, and everything that hangs on it follows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.bookings.models import open_booking
from app.bookings.service import book, cancel_booking
from app.calls.client_details import send_details
from app.claims.accept import Lacking
from app.claims.ending import end_claim
from app.claims.models import ClaimEnd, Via
from app.core.queue.outbox import Outbox
from app.notifications.reach.tell import tell_agent
from app.offers.eligible import verdict_on
from app.offers.service import Window
from app.people.models import Agent
from app.pipeline.deals import keep_for_next
from app.pipeline.give import give_to, tell_client
from app.pipeline.handover import accept_asked, lock_handover
from app.pipeline.handover_notices import HANDOVER_ANSWERED
from app.pipeline.models import Handover
from app.pipeline.release import Held, OnTheLine, lock_claim
from app.referrals.models import Referral


def take_over(
    session: Session, *, handover_id: UUID, agent: Agent, window: Window, at: datetime
) -> Outbox | OnTheLine | Lacking | None:
    """Accepts a client from a teammate; None: the question does not stand any more. Raises LockTimeout.

    Where the network has terms, the teammate has to meet them as for a claim.
    """
    asked = session.get(Handover, handover_id)
    if asked is None or asked.to_agent_id != agent.id:
        return None
    terms = verdict_on(session, referral=session.get_one(Referral, asked.referral_id), agent_id=agent.id, at=at)
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
    offer = give_to(session, referral=held.referral, agent=agent, via=Via.HANDOVER, terms=terms, window=window, at=at)
    if booked is not None:
        book(session, offer_id=offer.id, due_at=booked[0], asked_by=booked[1], at=at)
    keep_for_next(session, referral_id=held.referral.id)
    giver = session.get_one(Agent, locked.from_agent_id)
    told = tell_agent(session, giver, kind=HANDOVER_ANSWERED, referral_id=held.referral.id, at=at)
    return (
        held.outbox
        + told
        + send_details(session, offer_id=offer.id, at=at)
        + tell_client(session, held.referral, at=at)
    )
