"""The window of an offer closes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.calls.models import Call
from app.calls.reasons import Reason
from app.calls.rules import CallStatus
from app.calls.service import lock_live_calls
from app.core.locks import lock_wait
from app.flows.after import NOTHING, After
from app.flows.call_me import end_call
from app.flows.stalled import tell_admins
from app.notify.service import drop_queued
from app.offers.models import Offer
from app.offers.rules import OfferStatus, ends_for
from app.offers.service import lock_offers
from app.referrals.rules import ReferralStatus
from app.referrals.service import lock_referral


def expire_offers(session: Session, *, referral_id: UUID, at: datetime) -> After:
    """Ends the offers of a referral whose time is over, cancels their calls, and tells the admins after the last.

    Whoever is in the menu may finish, for 90 seconds at most; their offer waits for them.
    Raises LockTimeout.
    """
    with lock_wait(session):
        referral = lock_referral(session, referral_id)
        offers = lock_offers(session, referral_id=referral_id)
        due = [o for o in offers if o.status is OfferStatus.SENT and o.expires_at <= at]
        calls = lock_live_calls(session, offer_ids=[o.id for o in due])
    ended = [o for o in due if not _in_menu(o, calls, at)]
    if not ended or referral is None:
        return NOTHING
    after = NOTHING
    for offer in ended:
        offer.status, offer.ended_at = OfferStatus.EXPIRED, at
        for call in calls:
            if call.offer_id == offer.id:
                after += end_call(call, at=at, reason=Reason.EXPIRED)
    drop_queued(session, offer_ids=[o.id for o in ended], at=at)
    session.flush()
    nobody_left = all(o.status is not OfferStatus.SENT for o in offers)
    if nobody_left and referral.status is ReferralStatus.OPEN:
        after += After(notifications=tuple(tell_admins(session, referral_id=referral_id, at=at)))
    return after


def _in_menu(offer: Offer, calls: list[Call], at: datetime) -> bool:
    return any(
        call.offer_id == offer.id
        and call.status is CallStatus.ANSWERED
        and at < ends_for(offer.expires_at, call.answered_at)
        for call in calls
    )
