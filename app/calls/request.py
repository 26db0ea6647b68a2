"""The agent taps "Call me to Claim Referral", "Call me again", or "Stop calling"."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.calls.ending import end_call
from app.calls.reasons import Reason
from app.calls.rules import BEFORE_KEY, CLIENT_AGAIN_WITHIN, CallStatus
from app.calls.service import lock_calls_of_agent, lock_live_calls, request_call, rung_too_often, talked
from app.core.database.locks import lock_wait
from app.core.queue.outbox import NOTHING, Outbox
from app.offers.eligible import terms_verdict
from app.offers.rules import OfferStatus, is_open
from app.offers.service import ToRing, lock_offer, lock_to_ring


@dataclass(frozen=True)
class Calling:
    """A call is on its way, this one or one asked for before: a second tap changes nothing."""

    call_id: UUID
    outbox: Outbox


@dataclass(frozen=True)
class CannotCall:
    """The offer is over, or the phone is taken by a call for another referral; the page says which.

    `terms`: the agent lacks what the network asks for.
    """

    reason: str
    outbox: Outbox = NOTHING


def call_me(
    session: Session, *, offer_id: UUID, at: datetime, ring_seconds: int, signed_in: bool = False
) -> Calling | CannotCall:
    """Asks for a call to the offer's agent, at the number that serves this offer.

    After the claim, an agent who is `signed_in` can call their client at any time. The link alone rings only until the
    two have talked. The gate limits how often a client is called.
    A call that is past its deadline makes way: it is ended at the carrier first, and the new one is dialed once
    it has ended. One in which 1 was pressed makes way for nothing. Raises LockTimeout.
    """
    with lock_wait(session):
        offer = lock_to_ring(session, offer_id)
    if offer is None or not _may_be_called_for(session, offer, at, signed_in):
        return CannotCall("over")
    if offer.agent_paused or _lacks_something(session, offer, at):
        return CannotCall("paused" if offer.agent_paused else "terms")
    with lock_wait(session):
        live = lock_calls_of_agent(session, offer.agent_id)
    holding = next((call for call in live if call.status is not CallStatus.CANCELING), None)
    if holding is not None and holding.offer_id != offer.offer_id:
        return CannotCall("on_another_call")
    if holding is not None and (at < holding.ring_deadline_at or holding.status not in BEFORE_KEY):
        return Calling(holding.id, NOTHING)
    if rung_too_often(session, offer_id=offer.offer_id, at=at, only_lately=signed_in):
        return CannotCall("too_often")
    if holding is not None:
        end_call(holding, at=at, reason=Reason.AGAIN)
    session.flush()
    # And what was to end before: the new call waits for it, and its job may have been lost.
    ending = Outbox(calls_to_end=tuple(call.id for call in live if call.status is CallStatus.CANCELING))
    call_id = request_call(session, offer=offer, at=at, ring_seconds=ring_seconds)
    return Calling(call_id, ending + Outbox(calls_to_place=(call_id,)))


def _lacks_something(session: Session, offer: ToRing, at: datetime) -> bool:
    """Whether the network's terms keep the agent from claiming it."""
    if not offer.terms_are_set or offer.status is OfferStatus.CLAIMED:
        return False
    return bool(terms_verdict(session, offer_id=offer.offer_id, at=at).lacks)


def _may_be_called_for(session: Session, offer: ToRing, at: datetime, signed_in: bool) -> bool:
    """While it can be claimed; and afterwards, to try a client again who has not picked up."""
    if offer.status is OfferStatus.CLAIMED:
        if signed_in:
            return True
        recent = offer.ended_at is not None and at - offer.ended_at < CLIENT_AGAIN_WITHIN
        return recent and not talked(session, offer_id=offer.offer_id)
    return is_open(offer.status, offer.expires_at, offer.decline_at, at)


def stop_calling(session: Session, *, offer_id: UUID, at: datetime) -> Outbox:
    """Ends the call that is under way, unless the key 1 has been pressed. Raises LockTimeout."""
    with lock_wait(session):
        lock_offer(session, offer_id)
    ending = NOTHING
    for call in lock_live_calls(session, offer_ids=[offer_id]):
        ending += end_call(call, at=at, reason=Reason.STOPPED)
    session.flush()
    return ending
