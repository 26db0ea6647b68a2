"""Calls: asking for one, taking it for dialing, and writing down what became of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.calls.models import Call, CallEvent, Direction
from app.calls.pin import draw, give_pin
from app.calls.rules import (
    ENDS,
    LATELY,
    MOST_CALLS,
    MOST_CALLS_LATELY,
    TRANSITIONS,
    UNSERVED_AFTER,
    CallStatus,
    ring_deadline,
)
from app.calls.statements import (
    ASKED_FOR,
    FIND,
    FIND_TO_CLAIM,
    LOCK_LIVE,
    LOCK_OF_AGENT,
    LONG_AGO,
    REQUEST,
    REQUEST_WITH_PIN,
    TAKE,
)
from app.core.database.ids import new_id
from app.core.database.locks import for_update, lock_wait
from app.offers.models import Offer
from app.offers.rules import LONGEST_MENU, OfferStatus
from app.offers.service import ToRing

S = CallStatus
QUEUED_AT_MOST = timedelta(minutes=1)
"""Whatever was asked for longer ago is not in the carrier's queue any more."""
LIVE = Call.ended_at.is_(None)
"""Says nothing that the status does not say, but to the planner: the index of live calls is partial on it."""
_MOMENT = {
    S.DIALING: "dialing_at",
    S.ANSWERED: "answered_at",
    S.ACCEPTED: "accepted_at",
    S.CONNECTED: "connected_at",
}


@dataclass(frozen=True)
class DialOrder:
    """A call that is ours to place, now."""

    call_id: UUID
    phone: str


@dataclass(frozen=True)
class CallRef:
    """Where a call belongs, read without a lock; ids do not change."""

    call_id: UUID
    offer_id: UUID
    referral_id: UUID
    agent_id: UUID
    sid: str | None
    """Set once, so it may be read without a lock as well."""
    answered_at: datetime | None
    inbound: bool
    """They rang our number."""
    language: str
    """Of the agent."""
    taken: bool
    """Somebody had the referral already when this was read."""
    referral_locked: bool = False
    """We hold the lock on the referral, and it is still open."""


def request_call(session: Session, *, offer: ToRing, at: datetime, ring_seconds: int) -> UUID:
    """A call that waits for a worker; its id. An offer that can be claimed has a PIN from now on.

    The caller holds the offer's lock.
    """
    id_ = new_id()
    this = {"new": id_, "this_offer": offer.offer_id, "agent": offer.agent_id, "to": offer.phone, "now": at}
    since = offer.phone_at or LONG_AGO  # another number: attempts start from zero
    this |= {"since": since, "deadline": ring_deadline(at, ring_seconds)}
    if offer.status is not OfferStatus.SENT:
        session.execute(REQUEST, this)
    elif not session.scalar(REQUEST_WITH_PIN, {**this, "new_pin": new_id(), "digits": draw()}):
        give_pin(session, offer_id=offer.offer_id, at=at)
    return id_


def rung_too_often(session: Session, *, offer_id: UUID, at: datetime, only_lately: bool = False) -> bool:
    """Whether an offer has had as many calls as it may: each costs money, and rings somebody's phone.

    `only_lately` looks at the last ten minutes alone.
    """
    ever, lately = session.execute(ASKED_FOR, {"this_offer": offer_id, "lately": at - LATELY}).one()
    return bool((ever >= MOST_CALLS and not only_lately) or lately >= MOST_CALLS_LATELY)


def open_inbound(session: Session, *, offer: Offer, phone: str, sid: str, at: datetime) -> Call:
    """A call that came to our number and is for this offer: on the line already. Repeated: the same call."""
    known = session.scalar(select(Call).where(Call.sid == sid))
    if known is not None:
        return known
    call = Call(
        id=new_id(),
        offer_id=offer.id,
        agent_id=offer.agent_id,
        direction=Direction.INBOUND,
        attempt=1,
        phone=phone,
        sid=sid,
        status=S.ANSWERED,
        requested_at=at,
        answered_at=at,
        ring_deadline_at=at + LONGEST_MENU,
    )
    session.add(call)
    session.flush()
    return call


def take_for_dialing(session: Session, call_id: UUID, *, at: datetime) -> DialOrder | None:
    """Takes a requested call; None when somebody else has it, it is over, too old, or must wait for another to end.

    One phone never gets two calls: as long as an earlier call to this agent is being canceled, this one waits.
    """
    row = session.execute(TAKE, {"call_id": call_id, "now": at, "oldest": at - UNSERVED_AFTER}).one_or_none()
    return DialOrder(row.id, row.phone) if row is not None else None


def find_call(session: Session, call_id: UUID, *, to_claim: bool = False) -> CallRef | None:
    """Where the call belongs. `to_claim` also locks its referral while that is open, and may raise LockTimeout."""
    with lock_wait(session):
        row = session.execute(FIND_TO_CLAIM if to_claim else FIND, {"call_id": call_id}).one_or_none()
    return CallRef(*row) if row is not None else None


def lock_call(session: Session, call_id: UUID) -> Call | None:
    """The call, locked. After the offer in the order of locks."""
    return session.scalar(for_update(select(Call).where(Call.id == call_id), of=Call))


def lock_live_calls(session: Session, *, offer_ids: Sequence[UUID], waiting_for: UUID | None = None) -> list[Call]:
    """The live calls of these offers, and those that wait for this agent's phone, locked, ids ascending."""
    if not offer_ids and waiting_for is None:
        return []
    return list(session.scalars(LOCK_LIVE, {"offer_ids": offer_ids, "waiting_for": waiting_for}))


def lock_live_calls_to(session: Session, *, agent_id: UUID, phones: Collection[str]) -> list[Call]:
    """The live calls of this agent with these phones, whichever offer they are for; locked, ids ascending."""
    query = select(Call).where(Call.agent_id == agent_id, Call.phone.in_(phones), Call.ended_at.is_(None))
    return list(session.scalars(for_update(query.order_by(Call.id), of=Call)))


def lock_calls_of_agent(session: Session, agent_id: UUID) -> list[Call]:
    """The live calls with this agent, locked, ids ascending: one may hold the phone, the others are to end."""
    return list(session.scalars(LOCK_OF_AGENT, {"agent_id": agent_id}))


def live_call_of_offer(session: Session, *, offer_id: UUID) -> Call | None:
    """The call that is going on for this offer; not locked."""
    return session.scalar(select(Call).where(Call.offer_id == offer_id, LIVE).limit(1))


def talked(session: Session, *, offer_id: UUID) -> bool:
    """Whether agent and client have been on the line together for this offer."""
    query = select(Call.id).where(Call.offer_id == offer_id, Call.connected_at.is_not(None)).limit(1)
    return session.scalar(query) is not None


def waiting_calls_of_agent(session: Session, agent_id: UUID) -> list[UUID]:
    """Calls to this agent that nobody has taken yet."""
    query = select(Call.id).where(Call.agent_id == agent_id, Call.status == S.REQUESTED, LIVE).order_by(Call.id)
    return list(session.scalars(query))


def move(call: Call, to: CallStatus, *, at: datetime, reason: str | None = None) -> bool:
    """Moves a locked call if its table allows, and says whether it did. Never backwards."""
    if not TRANSITIONS.allow(call.status, to):
        return False
    call.status = to
    if to in _MOMENT and getattr(call, _MOMENT[to]) is None:
        setattr(call, _MOMENT[to], at)
    if to in ENDS and call.ended_at is None:
        call.ended_at = at
    if to is S.CLIENT_MISSED:
        call.connected_at = None
    if reason is not None:
        call.reason = reason
    return True


def record_event(
    session: Session, *, call_id: UUID, key: str, name: str, details: dict[str, Any], at: datetime
) -> bool:
    """Keeps a callback once; False when it had come before."""
    query = (
        insert(CallEvent)
        .values(id=new_id(), call_id=call_id, key=key, name=name, details=details, at=at)
        .on_conflict_do_nothing()
        .returning(CallEvent.id)
    )
    return session.scalar(query) is not None


def queued_at_carrier(session: Session, *, at: datetime) -> int:
    """How many calls it was asked for in the last minute and has not begun to ring, as far as we know."""
    waiting = select(func.count()).where(Call.status == S.DIALING, Call.ended_at.is_(None))
    return session.scalar(waiting.where(Call.dialing_at > at - QUEUED_AT_MOST)) or 0
