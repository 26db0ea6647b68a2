"""The agent presses 1 on the phone: the claim, and what follows from it for everybody else."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.bookings.models import AskedBy
from app.bookings.service import book
from app.calls.client_details import send_details
from app.calls.ending import end_call, lose_call
from app.calls.gate import ask_to_call, refusals_of
from app.calls.models import Call
from app.calls.reasons import Reason
from app.calls.rules import ENDS, WITH_CLIENT, CallStatus
from app.calls.service import CallRef, lock_call, lock_live_calls, move
from app.claims.by_pin import tell_claimed_by_pin
from app.claims.lost_to import name_told
from app.claims.models import Via
from app.claims.race import claim
from app.claims.results import AlreadyClaimed, Claimed, NotEligible
from app.clients.asking import keep_answer
from app.clients.consent import Way
from app.clients.gate import Act, Answer, Gate, Matter
from app.clients.service import lock_client
from app.core.database.locks import lock_wait
from app.core.queue.outbox import NOTHING, Outbox
from app.people.models import Agent
from app.terms.rules import Lack


@dataclass(frozen=True)
class Accepted:
    """It is theirs: ring the client, if the gate lets us."""

    client_first_name: str
    client_phone: str
    answer: Answer
    outbox: Outbox
    client_waits: bool = False
    """The client is on the line already, with an adviser: join them."""


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


@dataclass(frozen=True)
class Lacking:
    """It is open, and the agent lacks what the network asks for before a claim."""

    lacks: tuple[Lack, ...]
    outbox: Outbox = NOTHING


AcceptResult = Accepted | OnOtherPhone | TooLate | Gone | Lacking


def accept(
    session: Session,
    *,
    ref: CallRef,
    via: Via,
    at: datetime,
    gate: Gate,
    from_own_phone: bool = True,
) -> AcceptResult:
    """Claims the referral for the call's agent. Pressing twice, or a repeated callback: the same answer.

    Where the gate refuses, the claim is taken, and the client is not rung. A claim that was not made from the agent's
    own phone is reported to the agent.
    Raises LockTimeout, with nothing written.
    """
    with lock_wait(session):
        result = claim(
            session,
            offer_id=ref.offer_id,
            referral_id=ref.referral_id,
            call_id=ref.call_id,
            via=via,
            gate=gate,
            at=at,
            on_line_since=ref.answered_at,
            taken=ref.taken,
            locked=ref.referral_locked,
        )
        if isinstance(result, Claimed):
            accepted = _accepted(session, ref, result, at, gate)
            told = NOTHING if from_own_phone else tell_claimed_by_pin(session, offer_id=ref.offer_id, at=at)
            return replace(accepted, outbox=accepted.outbox + told)
        call = lock_call(session, ref.call_id)
    if isinstance(result, AlreadyClaimed):
        assert call is not None
        call.reason = Reason.LOST  # it ends when the carrier says so
        session.flush()
        winner, reader = session.get_one(Agent, result.by_agent_id), session.get_one(Agent, ref.agent_id)
        return TooLate(name_told(winner, reader), result.behind)
    if isinstance(result, NotEligible):
        assert call is not None
        call.reason = Reason.TERMS
        session.flush()
        return Lacking(result.lacks)
    return Gone()


def _accepted(session: Session, ref: CallRef, result: Claimed, at: datetime, gate: Gate) -> Accepted | OnOtherPhone:
    """The claim stands, whatever we believed of the call: the agent who pressed 1 is on the line.

    One that was being canceled is answered after all. One that we took for ended cannot be moved any more; then the
    details go out now, since its end will not be seen again.
    """
    client, told = result.client, Outbox(notifications=result.notification_ids)
    if result.call_accepted and result.answer is not None:
        return Accepted(client.first_name, client.matter.phone, result.answer, told, result.client_waits)
    if result.answer is None:
        lock_client(session, client.matter.client_id)
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
    answer = result.answer or (
        Answer() if result.client_waits else _asked_again(session, call, client.matter, gate, at)
    )
    if move(call, CallStatus.ANSWERED, at=at):
        session.flush()  # a statement is one step of the table, and this is two; mostly it had been answered already
    if answer.allowed:
        call.client_phone = client.matter.phone
    else:
        call.reason = Reason.QUIET
    move(call, CallStatus.ACCEPTED, at=at)
    session.flush()
    if not answer.allowed or call.status in ENDS:
        ending += send_details(session, offer_id=ref.offer_id, at=at)
    if answer.not_before is not None:
        book(session, offer_id=ref.offer_id, due_at=answer.not_before, asked_by=AskedBy.HOURS, at=at)
    return Accepted(client.first_name, client.matter.phone, answer, ending + told, result.client_waits)


def _asked_again(session: Session, call: Call, matter: Matter, gate: Gate, at: datetime) -> Answer:
    """Asks the gate for another try. A call that has already rung the client keeps its answer."""
    if call.client_phone is not None:
        return Answer()
    answer = ask_to_call(session, gate=gate, matter=matter, call_id=call.id, at=at)
    if not refusals_of(session, call_id=call.id):
        keep_answer(session, answer, way=Way.CALL, matter=matter, act=Act.AGAIN, call_id=call.id, at=at)
    return answer
