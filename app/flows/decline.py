"""The agent does not want the referral."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.calls.rules import CallStatus
from app.calls.service import lock_live_calls, move
from app.core.locks import lock_wait
from app.flows.after import NOTHING, After
from app.flows.call_me import end_call
from app.flows.stalled import tell_admins
from app.notify.service import drop_queued
from app.offers.rules import OfferStatus
from app.offers.service import lock_offers
from app.referrals.rules import ReferralStatus
from app.referrals.service import lock_referral

BY_KEY = "key 2"


def decline(
    session: Session,
    *,
    referral_id: UUID,
    offer_id: UUID,
    reason: str,
    at: datetime,
    on_call: UUID | None = None,
) -> After:
    """Ends the offer for its agent on every channel; when it was the last one, the admins are told.

    Declining what is over changes nothing. `on_call` is the call it was declined on, which ends by itself.
    Raises LockTimeout.
    """
    with lock_wait(session):
        referral = lock_referral(session, referral_id)
        offers = lock_offers(session, referral_id=referral_id)
    offer = next((o for o in offers if o.id == offer_id), None)
    if referral is None or offer is None or offer.status is not OfferStatus.SENT:
        return NOTHING
    offer.status, offer.ended_at, offer.decline_reason = OfferStatus.DECLINED, at, reason
    drop_queued(session, offer_ids=[offer_id], at=at)
    after = NOTHING
    for call in lock_live_calls(session, offer_ids=[offer_id]):
        if call.id == on_call:
            move(call, CallStatus.DECLINED, at=at)
        else:
            after += end_call(call, at=at, reason="declined")
    session.flush()
    nobody_left = all(o.status is not OfferStatus.SENT for o in offers)
    if nobody_left and referral.status is ReferralStatus.OPEN:
        after += After(notifications=tuple(tell_admins(session, referral_id=referral_id, at=at)))
    return after
