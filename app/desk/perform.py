"""Carries out an admin's action under the same locks as a claim: if an agent claimed first, the claim stands."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.bookings.models import AskedBy
from app.bookings.service import book
from app.calls.ending import end_call
from app.calls.reasons import Reason
from app.calls.request import CannotCall, call_me
from app.calls.service import lock_live_calls
from app.claims.ending import claim_of
from app.claims.models import ClaimEnd, Via
from app.core.database.locks import lock_wait
from app.core.queue.outbox import NOTHING, Outbox
from app.desk.models import DeskAction
from app.desk.notices import ASSIGNED, TAKEN_BACK
from app.desk.rules import ACTIONS, Action, Failure
from app.notifications.reach.tell import tell_agent
from app.offers.eligible import verdict_on
from app.offers.messages import drop_queued
from app.offers.rules import OfferStatus
from app.offers.service import Window, end_offer, lock_offers
from app.offers.waves import offer_to
from app.people.models import Agent
from app.pipeline.give import give_to, tell_client
from app.pipeline.release import Held, end_held, lock_claim
from app.referrals.models import Referral
from app.referrals.service import close, lock_referral
from app.routing.going_on import go_on


@dataclass(frozen=True)
class Desk:
    """What an action needs beside its row."""

    window: Window
    ring_seconds: int
    at: datetime


Done = Outbox | Failure


def perform(session: Session, *, action_id: UUID, desk: Desk) -> Outbox:
    """Carries out the action once. If it is no longer possible, the row says why.

    Raises LockTimeout.
    """
    action = session.get_one(DeskAction, action_id, populate_existing=True)
    with lock_wait(session):
        referral = lock_referral(session, action.referral_id)
    session.refresh(action)
    if referral is None or action.done_at is not None or action.undone_at is not None:
        return NOTHING
    done: Done = Failure.MOVED_ON
    if referral.status in ACTIONS[action.action].on:
        done = DOES[action.action](session, action, referral, desk)
    action.done_at = desk.at
    if isinstance(done, Failure):
        action.failed, done = done, NOTHING
    session.flush()
    return done


def _withdraw(session: Session, _action: DeskAction, referral: Referral, desk: Desk) -> Outbox:
    """Ends every offer that stands, and the calls for it."""
    with lock_wait(session):
        offers = lock_offers(session, referral_id=referral.id)
    standing = [offer for offer in offers if offer.status is OfferStatus.SENT]
    outbox = NOTHING
    for call in lock_live_calls(session, offer_ids=[offer.id for offer in standing]):
        outbox += end_call(call, at=desk.at, reason=Reason.WITHDRAWN)
    for offer in standing:
        end_offer(offer, OfferStatus.WITHDRAWN, at=desk.at)
    drop_queued(session, offer_ids=[offer.id for offer in standing], at=desk.at)
    session.flush()
    return outbox


def _send_on(session: Session, action: DeskAction, referral: Referral, desk: Desk) -> Outbox:
    ended = _withdraw(session, action, referral, desk)
    return ended + go_on(session, referral=referral, window=desk.window, at=desk.at)


def _offer_to(session: Session, action: DeskAction, referral: Referral, desk: Desk) -> Done:
    agent = _agent(session, action)
    with lock_wait(session):
        offers = lock_offers(session, referral_id=referral.id)
    if any(offer.agent_id == agent.id and offer.status is OfferStatus.SENT for offer in offers):
        return NOTHING  # they have it already
    return offer_to(session, referral=referral, agents=[agent], window=desk.window, at=desk.at).outbox


def _give_to(session: Session, action: DeskAction, referral: Referral, desk: Desk) -> Done:
    agent = _agent(session, action)
    terms = verdict_on(session, referral=referral, agent_id=agent.id, at=desk.at)
    if terms.lacks:
        return Failure.LACKS_TERMS
    before = _end_claim(session, action, referral, desk, but=agent.id)
    if isinstance(before, Failure):
        return before
    if before is None:
        before = _withdraw(session, action, referral, desk)
    offer = give_to(session, referral=referral, agent=agent, via=Via.DESK, terms=terms, window=desk.window, at=desk.at)
    told = tell_agent(session, agent, kind=ASSIGNED, offer_id=offer.id, at=desk.at)
    return before + told + tell_client(session, referral, at=desk.at)


def _close(session: Session, action: DeskAction, referral: Referral, desk: Desk) -> Done:
    before = _end_claim(session, action, referral, desk, but=None)
    if isinstance(before, Failure):
        return before
    if before is None:
        before = _withdraw(session, action, referral, desk)
    close(referral, at=desk.at)
    session.flush()
    return before


def _end_claim(
    session: Session, action: DeskAction, referral: Referral, desk: Desk, *, but: UUID | None
) -> Outbox | Failure | None:
    """Takes the client from the agent who has them, and tells that agent; None: nobody has."""
    claim = claim_of(session, referral_id=referral.id)
    if claim is None:
        return None
    if claim.agent_id == but:
        return Failure.MOVED_ON
    held = lock_claim(session, referral_id=referral.id, agent_id=claim.agent_id, at=desk.at)
    if not isinstance(held, Held):
        return Failure.ON_THE_LINE
    end_held(session, held=held, how=ClaimEnd.BY_DESK, words=action.why, at=desk.at)
    agent = session.get_one(Agent, claim.agent_id)
    return held.outbox + tell_agent(session, agent, kind=TAKEN_BACK, offer_id=claim.offer_id, at=desk.at)


def _call(session: Session, _action: DeskAction, referral: Referral, desk: Desk) -> Done:
    claim = claim_of(session, referral_id=referral.id)
    if claim is None:
        return Failure.MOVED_ON
    result = call_me(session, offer_id=claim.offer_id, at=desk.at, ring_seconds=desk.ring_seconds, signed_in=True)
    return Failure.NOT_NOW if isinstance(result, CannotCall) else result.outbox


def _book(session: Session, action: DeskAction, referral: Referral, desk: Desk) -> Done:
    claim = claim_of(session, referral_id=referral.id)
    if claim is None or action.call_at is None:
        return Failure.MOVED_ON
    booked = book(session, offer_id=claim.offer_id, due_at=action.call_at, asked_by=AskedBy.DESK, at=desk.at)
    return NOTHING if booked is not None else Failure.MOVED_ON


def _agent(session: Session, action: DeskAction) -> Agent:
    return session.get_one(Agent, action.agent_id)


DOES: dict[Action, Callable[[Session, DeskAction, Referral, Desk], Done]] = {
    Action.SEND_ON: _send_on,
    Action.OFFER_TO: _offer_to,
    Action.WITHDRAW: _withdraw,
    Action.GIVE_TO: _give_to,
    Action.CLOSE: _close,
    Action.CALL: _call,
    Action.BOOK: _book,
}
