"""Agents are rung while the client waits; the first key 1 claims, by the same lock as ever, and joins them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.calls.request import Calling, call_me
from app.core.database.locks import lock_wait
from app.core.queue.outbox import NOTHING, Outbox
from app.offers.announce import is_rung_at
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.offers.service import Window
from app.referrals.models import Referral
from app.referrals.rules import ReferralStatus
from app.referrals.service import lock_referral
from app.routing.going_on import ask_now, go_on_unless_asked
from app.transfers.models import Transfer
from app.transfers.rules import HANDFUL, RING_FOR, End, TransferStatus
from app.transfers.service import end_transfer, live_transfer, move

S = TransferStatus


@dataclass(frozen=True)
class Rung:
    """How many phones ring; none where no agent who has agreed to be rung fits and is free."""

    agents: int
    outbox: Outbox = NOTHING


def ring_agents(session: Session, *, transfer_id: UUID, window: Window, at: datetime, ring_seconds: int) -> Rung:
    """Rings a handful of agents at once: those who have the offer, and as many of the next as it takes.

    Only agents who have agreed to be rung, in their hours. They are sent the offer as well. Raises LockTimeout.
    """
    found = session.get_one(Transfer, transfer_id, populate_existing=True)
    if found.status is S.RINGING:
        return Rung(found.rung)
    with lock_wait(session):
        referral = lock_referral(session, found.referral_id)
    if referral is None or referral.status is not ReferralStatus.OPEN or found.status not in (S.CLIENT, S.MISSED):
        return Rung(0)
    standing = _who_can_be_rung(session, referral, at)
    outbox = NOTHING
    if len(standing) < HANDFUL:
        outbox += ask_now(session, referral=referral, window=window, at=at, most=HANDFUL - len(standing))
        standing = _who_can_be_rung(session, referral, at)
    rung = 0
    for offer in standing[:HANDFUL]:
        called = call_me(session, offer_id=offer.id, at=at, ring_seconds=ring_seconds)
        if isinstance(called, Calling):
            rung, outbox = rung + 1, outbox + called.outbox
            offer.rings, offer.ring_at = offer.rings + 1, None
    session.flush()
    if rung:
        move(session, transfer_id, S.RINGING, rung=rung, ring_until=at + RING_FOR, told_at=None)
        return Rung(rung, outbox)
    move(session, transfer_id, S.MISSED, rung=0, told_at=at)
    return Rung(0, outbox + go_on_unless_asked(session, referral=referral, window=window, at=at))


def missed(session: Session, *, at: datetime) -> list[UUID]:
    """Transfers whose agents have had their minute."""
    query = select(Transfer.id).where(Transfer.status == S.RINGING, Transfer.ring_until <= at)
    return list(session.scalars(query.order_by(Transfer.ring_until)))


def miss(session: Session, *, transfer_id: UUID, window: Window, at: datetime) -> Outbox:
    """No agent pressed 1 in time: the adviser is told, and the referral goes the usual way. Raises LockTimeout.

    A client whom the adviser has left alone is told so, and the call ends.
    """
    found = session.get_one(Transfer, transfer_id, populate_existing=True)
    with lock_wait(session):
        referral = lock_referral(session, found.referral_id)
    if not move(session, transfer_id, S.MISSED):
        return NOTHING
    if found.adviser_left_at is not None:
        end_transfer(session, transfer_id, End.NOBODY, at=at)
    outbox = Outbox(transfers=(transfer_id,))
    if referral is None:
        return outbox
    return outbox + go_on_unless_asked(session, referral=referral, window=window, at=at)


def take(session: Session, *, referral_id: UUID, call_id: UUID, at: datetime) -> Transfer | None:
    """Joins the agent of this call, who has just claimed, to the client; None: the client has hung up meanwhile."""
    found = live_transfer(session, referral_id=referral_id)
    if found is None or found.call_id == call_id:
        return found
    taken = move(session, found.id, S.CLAIMED, call_id=call_id, claimed_at=at)
    return found if taken else None


def _who_can_be_rung(session: Session, referral: Referral, at: datetime) -> list[Offer]:
    query = (
        select(Offer)
        .options(joinedload(Offer.agent))
        .where(Offer.referral_id == referral.id, Offer.status == OfferStatus.SENT, Offer.decline_at.is_(None))
        .where(Offer.expires_at > at)
        .order_by(Offer.id)
    )
    return [offer for offer in session.scalars(query) if is_rung_at(offer.agent, at)]
