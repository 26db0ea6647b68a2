"""The agent presses 1 on the phone: the claim, and what follows from it for everybody else."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.calls.client_details import send_details
from app.calls.ending import end_call, lose_call
from app.calls.reasons import Reason
from app.calls.rules import ENDS, CallStatus
from app.calls.service import CallRef, lock_call, lock_live_calls, move
from app.claims.by_pin import tell_claimed_by_pin
from app.claims.models import Via
from app.claims.race import AlreadyClaimed, Claimed, claim
from app.clients.hours import CallingHours, Places
from app.clients.zones import client_places
from app.core.database.locks import lock_wait
from app.core.queue.outbox import NOTHING, Outbox
from app.people.models import Agent

WITH_CLIENT = (CallStatus.ACCEPTED, CallStatus.CONNECTED)


@dataclass(frozen=True)
class Accepted:
    """It is theirs: ring the client."""

    client_first_name: str
    client_phone: str
    places: Places
    """Where the client may be."""
    quiet: bool
    """The client must not be rung at this hour: the agent is told when to call."""
    outbox: Outbox


@dataclass(frozen=True)
class OnOtherPhone:
    """It is theirs, by another call that is on with the client, whose phone does not ring twice."""

    outbox: Outbox = NOTHING


@dataclass(frozen=True)
class TooLate:
    """Somebody else has it."""

    winner_first_name: str
    behind: timedelta
    outbox: Outbox = NOTHING


@dataclass(frozen=True)
class Gone:
    """There is nothing to claim any more."""

    outbox: Outbox = NOTHING


AcceptResult = Accepted | OnOtherPhone | TooLate | Gone


def accept(
    session: Session, *, ref: CallRef, via: Via, at: datetime, client_hours: CallingHours, from_own_phone: bool = True
) -> AcceptResult:
    """Claims the referral for the call's agent. Pressing twice, or a repeated callback: the same answer.

    Outside `client_hours` where the client may be the claim is taken, and the client is not rung. A claim that was not
    made from the agent's own phone is reported to the agent.
    Raises LockTimeout, with nothing written.
    """
    with lock_wait(session):
        result = claim(
            session,
            offer_id=ref.offer_id,
            referral_id=ref.referral_id,
            call_id=ref.call_id,
            via=via,
            at=at,
            on_line_since=ref.answered_at,
            taken=ref.taken,
            locked=ref.referral_locked,
        )
        if isinstance(result, Claimed):
            accepted = _accepted(session, ref, result, at, client_hours)
            told = NOTHING if from_own_phone else tell_claimed_by_pin(session, offer_id=ref.offer_id, at=at)
            return replace(accepted, outbox=accepted.outbox + told)
        call = lock_call(session, ref.call_id)
    if isinstance(result, AlreadyClaimed):
        assert call is not None
        call.reason = Reason.LOST  # it ends when the carrier says so
        session.flush()
        winner = session.get_one(Agent, result.by_agent_id)
        return TooLate(winner.first_name, result.behind)
    return Gone()


def _accepted(
    session: Session, ref: CallRef, result: Claimed, at: datetime, client_hours: CallingHours
) -> Accepted | OnOtherPhone:
    """The claim stands, whatever we believed of the call: the agent who pressed 1 is on the line.

    One that was being canceled is answered after all. One that we took for ended cannot be moved any more; then the
    details go out now, since its end will not be seen again.
    """
    to_ring = result.client
    places = client_places(
        area_zone=to_ring.area_zone, state=to_ring.state, phone=to_ring.phone, own_zone=to_ring.own_zone
    )
    quiet = not client_hours.may_call(at, places)
    told = Outbox(notifications=result.notification_ids)
    if result.call_accepted and not quiet:
        return Accepted(result.client.first_name, result.client.phone, places, quiet, told)
    live = lock_live_calls(session, offer_ids=[ref.offer_id, *result.lost_offer_ids], waiting_for=ref.agent_id)
    call = next((one for one in live if one.id == ref.call_id), None) or lock_call(session, ref.call_id)
    assert call is not None
    if any(other.status in WITH_CLIENT and other is not call for other in live):
        return OnOtherPhone()
    ending = NOTHING
    for other in live:
        if other is call:
            continue
        lost = other.offer_id in result.lost_offer_ids
        ending += lose_call(other, at=at) if lost else end_call(other, at=at, reason=Reason.CLAIMED)
    session.flush()  # a call that waited for this phone gives it up before this one is live again
    if move(call, CallStatus.ANSWERED, at=at):
        session.flush()  # a statement is one step of the table, and this is two; mostly it had been answered already
    move(call, CallStatus.ACCEPTED, at=at)
    if quiet:
        call.reason = Reason.QUIET
    session.flush()
    if quiet or call.status in ENDS:
        ending += send_details(session, offer_id=ref.offer_id, at=at)
    return Accepted(result.client.first_name, result.client.phone, places, quiet, ending + told)
