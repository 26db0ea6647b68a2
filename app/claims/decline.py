"""The agent does not want the referral. It takes effect after 10 seconds, in which it can be undone.

In between the offer is still `sent`, so that undoing is no step back, but it cannot be claimed or called for.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.calls.ending import end_call
from app.calls.reasons import Reason
from app.calls.rules import CallStatus
from app.calls.service import lock_live_calls, move
from app.claims.settled import Settled, settled
from app.core.database.locks import lock_wait
from app.core.queue.outbox import NOTHING, Outbox
from app.offers.messages import drop_queued, hold_queued
from app.offers.rules import UNDO_FOR, DeclineReason, OfferStatus, is_open
from app.offers.service import end_offer, lock_offer, lock_offers
from app.referrals.service import lock_referral


def ask_decline(
    session: Session,
    *,
    offer_id: UUID,
    reason: DeclineReason,
    at: datetime,
    words: str | None = None,
    on_call: UUID | None = None,
) -> Outbox:
    """Declines in 10 seconds: its calls end now, its messages wait. Declining what is over changes nothing.

    `on_call` is the call it was declined on, which ends by itself. Raises LockTimeout.
    """
    with lock_wait(session):
        offer = lock_offer(session, offer_id)
    if offer is None or not is_open(offer.status, offer.expires_at, offer.decline_at, at):
        return NOTHING
    offer.decline_at, offer.decline_reason, offer.decline_words = at + UNDO_FOR, reason, words
    hold_queued(session, offer_id=offer_id, until=offer.decline_at)
    outbox = NOTHING
    for call in lock_live_calls(session, offer_ids=[offer_id]):
        if call.id == on_call:
            move(call, CallStatus.CANCELING, at=at, reason=Reason.KEY_2)
        else:
            outbox += end_call(call, at=at, reason=Reason.DECLINED)
    session.flush()
    return outbox


def undo_decline(session: Session, *, offer_id: UUID, at: datetime) -> bool:
    """Takes a decline back while it has not taken effect. Raises LockTimeout."""
    with lock_wait(session):
        offer = lock_offer(session, offer_id)
    if offer is None or offer.status is not OfferStatus.SENT or offer.decline_at is None or at >= offer.decline_at:
        return False
    offer.decline_at = offer.decline_reason = offer.decline_words = None
    session.flush()
    return True


def settle_declines(session: Session, *, referral_id: UUID, at: datetime) -> Settled:
    """Ends the offers whose decline can no longer be undone. Raises LockTimeout."""
    with lock_wait(session):
        referral = lock_referral(session, referral_id)
        offers = lock_offers(session, referral_id=referral_id)
    due = [o for o in offers if o.status is OfferStatus.SENT and o.decline_at is not None and o.decline_at <= at]
    if not due or referral is None:
        return Settled()
    for offer in due:
        end_offer(offer, OfferStatus.DECLINED, at=at)
    drop_queued(session, offer_ids=[o.id for o in due], at=at)
    session.flush()
    return settled(referral, offers)
