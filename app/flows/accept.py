"""The agent presses 1 on the phone: the claim, and what follows from it for everybody else."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.calls.models import Call
from app.calls.reasons import Reason
from app.calls.rules import ENDS, CallStatus
from app.calls.service import CallRef, lock_call, lock_live_calls, move
from app.claims.models import Via
from app.claims.service import AlreadyClaimed, Claimed, claim
from app.core.locks import lock_wait
from app.flows.after import NOTHING, After
from app.flows.call_me import end_call
from app.flows.details import send_details
from app.people.models import Agent
from app.referrals.hours import Hours, may_ring
from app.referrals.models import Client, Referral

CLIENT = (
    select(Client.name, Client.phone, Referral.time_zone)
    .join(Referral, Referral.client_id == Client.id)
    .where(Referral.id == bindparam("referral_id"))
)
WITH_CLIENT = (CallStatus.ACCEPTED, CallStatus.CONNECTED)


@dataclass(frozen=True)
class Accepted:
    """It is theirs: ring the client."""

    client_first_name: str
    client_phone: str
    time_zone: str
    """Where the client lives."""
    quiet: bool
    """The client must not be rung at this hour: the agent is told when to call."""
    after: After


@dataclass(frozen=True)
class OnOtherPhone:
    """It is theirs, by another call that is on with the client, whose phone does not ring twice."""

    after: After = NOTHING


@dataclass(frozen=True)
class TooLate:
    """Somebody else has it."""

    winner_first_name: str
    behind: timedelta
    after: After = NOTHING


@dataclass(frozen=True)
class Gone:
    """There is nothing to claim any more."""

    after: After = NOTHING


AcceptResult = Accepted | OnOtherPhone | TooLate | Gone


def accept(session: Session, *, ref: CallRef, via: Via, at: datetime, client_hours: Hours) -> AcceptResult:
    """Claims the referral for the call's agent. Pressing twice, or a repeated callback: the same answer.

    Outside `client_hours` where the client lives the claim is taken, and the client is not rung.
    Raises LockTimeout, with nothing written.
    """
    with lock_wait(session):
        result = claim(
            session,
            offer_id=ref.offer_id,
            referral_id=ref.referral_id,
            via=via,
            at=at,
            on_line_since=ref.answered_at,
            taken=ref.taken,
        )
        if isinstance(result, Claimed):
            return _accepted(session, ref, result, at, client_hours)
        call = lock_call(session, ref.call_id)
    if isinstance(result, AlreadyClaimed):
        assert call is not None
        call.reason = Reason.LOST  # it ends when the carrier says so
        session.flush()
        winner = session.get_one(Agent, result.by_agent_id)
        return TooLate(winner.first_name, result.behind)
    return Gone()


def _accepted(
    session: Session, ref: CallRef, result: Claimed, at: datetime, client_hours: Hours
) -> Accepted | OnOtherPhone:
    """The claim stands, whatever we believed of the call: whoever pressed 1 is on the line.

    One that was being canceled is answered after all. One that we took for ended cannot be moved any more; then the
    details go out now, since its end will not be seen again.
    """
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
    move(call, CallStatus.ANSWERED, at=at)
    move(call, CallStatus.ACCEPTED, at=at)
    client = session.execute(CLIENT, {"referral_id": ref.referral_id}).one()
    quiet = not may_ring(client_hours, at, client.time_zone)
    if quiet:
        call.reason = Reason.QUIET
    session.flush()
    if quiet or call.status in ENDS:
        ending += send_details(session, offer_id=ref.offer_id, at=at)
    told = After(notifications=result.notification_ids)
    return Accepted(client.name.split()[0], client.phone, client.time_zone, quiet, ending + told)


def lose_call(call: Call, *, at: datetime) -> After:
    """Ends a loser's call: one that rings is canceled, one in the menu is told who was first and hung up."""
    if call.status is CallStatus.ANSWERED:
        call.reason = Reason.LOST
        return After(calls_to_end=(call.id,))
    if call.status is CallStatus.REQUESTED:
        move(call, CallStatus.LOST, at=at, reason=Reason.LOST)
        return NOTHING
    if call.status is CallStatus.CANCELING:
        call.reason = Reason.LOST
        return NOTHING
    return end_call(call, at=at, reason=Reason.LOST)
