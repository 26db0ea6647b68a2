"""An agent has a client no more, by their own wish or not: the referral goes on to the team, or to the admins."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.bookings.service import cancel_booking
from app.calls.ending import end_call
from app.calls.reasons import Reason
from app.calls.rules import WITH_CLIENT
from app.calls.service import lock_live_calls
from app.claims.ending import end_claim, standing_claim
from app.claims.models import Claim, ClaimEnd
from app.core.database.locks import lock_wait
from app.core.queue.outbox import NOTHING, Outbox
from app.notifications.reach.tell import tell_admins
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.offers.service import Window, lock_offers
from app.offers.waves import Offered, offer_on
from app.pipeline.deals import begin_anew
from app.pipeline.handover import withdraw_handover
from app.pipeline.notices import RELEASED
from app.referrals.models import Referral
from app.referrals.service import lock_referral, reopen


@dataclass(frozen=True)
class OnTheLine:
    """Agent and client are talking, or are about to: nobody gives a client back meanwhile."""


@dataclass(frozen=True)
class Held:
    """A claim that may end now: everything of it is locked."""

    referral: Referral
    claim: Claim
    offer: Offer
    others: list[Offer]
    outbox: Outbox
    """Calls of the agent that end with it."""


def lock_claim(
    session: Session, *, referral_id: UUID, agent_id: UUID, at: datetime, end_calls: bool = True
) -> Held | OnTheLine | None:
    """Locks a claim, and ends its calls that have not reached the client, since it is to end; None: it is not theirs.

    Raises LockTimeout.
    """
    with lock_wait(session):
        referral = lock_referral(session, referral_id)
        offers = lock_offers(session, referral_id=referral_id)
    claim = standing_claim(session, referral_id=referral_id, agent_id=agent_id)
    if referral is None or claim is None:
        return None
    offer = next(one for one in offers if one.id == claim.offer_id)
    with lock_wait(session):
        calls = lock_live_calls(session, offer_ids=[offer.id])
    if any(call.status in WITH_CLIENT for call in calls):
        return OnTheLine()
    ending = NOTHING
    for call in calls if end_calls else ():
        ending += end_call(call, at=at, reason=Reason.RELEASED)
    session.flush()
    return Held(referral, claim, offer, [one for one in offers if one is not offer], ending)


def release(
    session: Session, *, referral_id: UUID, agent_id: UUID, reason: str, window: Window, at: datetime
) -> Outbox | OnTheLine | None:
    """Gives the referral back and offers it to the others; the admins hear of it, and why. None: it is not theirs.

    Raises LockTimeout.
    """
    held = lock_claim(session, referral_id=referral_id, agent_id=agent_id, at=at)
    if not isinstance(held, Held):
        return held
    on = take_away(session, held=held, how=ClaimEnd.RELEASED, words=reason, window=window, at=at)
    return on.outbox + tell_admins(session, kind=RELEASED, referral_id=referral_id, at=at)


def take_away(
    session: Session, *, held: Held, how: ClaimEnd, words: str | None, window: Window, at: datetime
) -> Offered:
    """Ends the claim, opens the referral, and offers it to the others of its team. Raises LockTimeout."""
    referral = held.referral
    end_held(session, held=held, how=how, words=words, at=at)
    reopen(referral)
    session.flush()
    gone = {held.claim.agent_id} | {offer.agent_id for offer in held.others if offer.status is OfferStatus.DECLINED}
    on = offer_on(session, referral=referral, but=gone, window=window, at=at)
    return replace(on, outbox=held.outbox + on.outbox)


def end_held(session: Session, *, held: Held, how: ClaimEnd, words: str | None, at: datetime) -> None:
    """Ends the claim, its booking and its handover. The caller reopens the referral or gives it to another agent.

    Raises LockTimeout.
    """
    cancel_booking(session, offer_id=held.offer.id, at=at)
    withdraw_handover(session, referral_id=held.referral.id, at=at)
    end_claim(session, claim=held.claim, offer=held.offer, how=how, words=words, at=at)
    begin_anew(session, referral_id=held.referral.id)
    session.flush()
