"""A client becomes an agent's without a call: from a teammate, or by the desk."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.bookings.notices import PREPARED, TO_CLIENT
from app.claims.models import FIRST_CHECK, FIRST_LOOK, Claim, Via
from app.core.database.ids import new_id
from app.core.queue.outbox import Outbox
from app.notifications.queueing import queue_notification
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.offers.service import Window, end_offer, last_wave, send_wave
from app.people.models import Agent
from app.referrals.models import Referral
from app.referrals.rules import TRANSITIONS, ReferralStatus
from app.terms.service import Verdict


def give_to(
    session: Session, *, referral: Referral, agent: Agent, via: Via, terms: Verdict, window: Window, at: datetime
) -> Offer:
    """Writes the claim of a locked referral that nobody has; the offer by which it is theirs. Raises LockTimeout."""
    wave = last_wave(session, referral_id=referral.id) + 1
    (offer,) = send_wave(session, referral_id=referral.id, agents=[agent], window=window, at=at, wave=wave)
    end_offer(offer, OfferStatus.CLAIMED, at=at)
    if referral.status is not ReferralStatus.CLAIMED:
        TRANSITIONS.require(referral.status, ReferralStatus.CLAIMED)
        referral.status, referral.claimed_at = ReferralStatus.CLAIMED, at
    theirs = {"referral_id": referral.id, "offer_id": offer.id, "agent_id": agent.id}
    looks = {"follow_up_at": at + FIRST_LOOK, "check_at": at + FIRST_CHECK}
    agreed = {"terms_id": terms.terms_id, "fee_percent": terms.fee_percent}
    session.add(Claim(id=new_id(), **theirs, via=via, at=at, **looks, **agreed))
    session.flush()
    return offer


def tell_client(session: Session, referral: Referral, *, at: datetime) -> Outbox:
    """Tells the client who their agent is now."""
    queued = [
        queue_notification(
            session, client_id=referral.client_id, kind=PREPARED, channel=channel, at=at, referral_id=referral.id
        )
        for channel in TO_CLIENT
    ]
    return Outbox(notifications=tuple(id_ for id_ in queued if id_ is not None))
