"""The window of an offer closes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.calls.ending import end_call
from app.calls.models import Call
from app.calls.reasons import Reason
from app.calls.rules import CallStatus
from app.calls.service import lock_live_calls
from app.claims.settled import Settled, settled
from app.core.database.locks import lock_wait
from app.core.queue.outbox import NOTHING
from app.offers.messages import drop_queued
from app.offers.models import Offer
from app.offers.rules import OfferStatus, ends_for
from app.offers.service import end_offer, lock_offers
from app.referrals.service import lock_referral


def expire_offers(session: Session, *, referral_id: UUID, at: datetime) -> Settled:
    """Ends the offers of a referral whose time is over, and cancels their calls.

    An agent in the menu may finish, for 90 seconds at most; their offer waits for them.
    Raises LockTimeout.
    """
    with lock_wait(session):
        referral = lock_referral(session, referral_id)
        offers = lock_offers(session, referral_id=referral_id)
        due = [o for o in offers if o.status is OfferStatus.SENT and o.expires_at <= at]
        calls = lock_live_calls(session, offer_ids=[o.id for o in due])
    ended = [o for o in due if not _in_menu(o, calls, at)]
    if not ended or referral is None:
        return Settled()
    outbox = NOTHING
    for offer in ended:
        end_offer(offer, OfferStatus.EXPIRED, at=at)
        for call in calls:
            if call.offer_id == offer.id:
                outbox += end_call(call, at=at, reason=Reason.EXPIRED)
    drop_queued(session, offer_ids=[o.id for o in ended], at=at)
    session.flush()
    return settled(referral, offers, outbox)


def _in_menu(offer: Offer, calls: list[Call], at: datetime) -> bool:
    return any(
        call.offer_id == offer.id
        and call.status is CallStatus.ANSWERED
        and at < ends_for(offer.expires_at, call.answered_at)
        for call in calls
    )
