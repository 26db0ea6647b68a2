"""What the carrier says of a call: callbacks, answers to our own requests, and what reconcile finds.

A callback is recorded once, then applied; what it says can never move a call backwards.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.calls.client_details import send_details
from app.calls.models import Call
from app.calls.reached import Reached
from app.calls.reasons import ENDS_AS, NO_KEY, Reason
from app.calls.rules import PROGRESS, WITH_CLAIM, WITHOUT_CLAIM, CallStatus, end_for, ring_deadline
from app.calls.service import lock_call, lock_live_calls, move, record_event, waiting_calls_of_agent
from app.calls.unplaced import tell_unplaced
from app.core.database.locks import lock_wait
from app.core.queue.outbox import NOTHING, Outbox

NOT_RUNG = (CallStatus.REQUESTED, CallStatus.DIALING)


@dataclass(frozen=True)
class Report:
    """What the carrier says. `status` is its word: queued, initiated, ringing, in-progress, completed, ..."""

    sid: str
    status: str
    event_key: str | None = None
    """What makes a callback unique; None for answers to requests of ours, which need no remembering."""
    details: dict[str, Any] | None = None
    seconds: int | None = None
    """How long the call lasted, once it is over."""


class WrongCall(Exception):
    """The SID belongs to another call than the one it was reported for."""


def report_call(session: Session, *, call_id: UUID, report: Report, at: datetime, ring_seconds: int) -> Outbox:
    """Applies a report. Raises WrongCall, and LockTimeout."""
    with lock_wait(session):
        call = lock_call(session, call_id)
    if call is None or call.sid not in (None, report.sid):
        raise WrongCall
    call.sid = report.sid
    if call.reason == Reason.UNKNOWN:
        call.reason = None
    if report.event_key is not None and not record_event(
        session,
        call_id=call_id,
        key=report.event_key,
        name=report.status,
        details=report.details or {},
        at=at,
    ):
        return NOTHING
    outbox = _apply(session, call, report.status, at, ring_seconds)
    session.flush()
    return outbox


def _apply(session: Session, call: Call, status: str, at: datetime, ring_seconds: int) -> Outbox:
    if status == "initiated":
        # Carriers queue calls: the agent's 20 seconds begin when the call really goes out.
        if call.status is CallStatus.DIALING:
            call.ring_deadline_at = ring_deadline(at, ring_seconds)
        return NOTHING
    if status in NO_KEY:
        if call.status is CallStatus.ANSWERED:
            move(call, CallStatus.CANCELING, at=at, reason=status)
        return NOTHING
    if status in PROGRESS:
        return _progress(session, call, PROGRESS[status], at)
    end = end_for(call.status, status)
    return finish(session, call, end, at) if end is not None else NOTHING


def _progress(session: Session, call: Call, to: CallStatus, at: datetime) -> Outbox:
    if to is CallStatus.ANSWERED and call.status is CallStatus.CANCELING:
        if call.reason == Reason.LOST or call.answered_at is not None:
            return NOTHING  # told too late, or a second time, of a pick-up we knew of when we let the call go
        # Picked up while we were about to cancel it: this one wins, and what was to follow on this phone is not needed.
        for other in lock_live_calls(session, offer_ids=[], waiting_for=call.agent_id):
            move(other, CallStatus.CANCELED, at=at, reason=Reason.OTHER_CALL)
        call.reason = None if call.reason == Reason.AGAIN else call.reason
        session.flush()
    move(call, to, at=at)
    return NOTHING


def finish(session: Session, call: Call, end: CallStatus, at: datetime) -> Outbox:
    """Ends a locked call, sends the client's details if it claimed, and lets a call that waited for it go."""
    if end in WITHOUT_CLAIM:
        end = ENDS_AS.get(call.reason or "", end)
    if end in WITH_CLAIM and call.picked_up_at is not None:
        end = CallStatus.COMPLETED if call.reached is Reached.PERSON else CallStatus.CLIENT_MISSED
    was_in_the_way, had_not_rung = call.status is CallStatus.CANCELING, call.status in NOT_RUNG
    if not move(call, end, at=at):
        return NOTHING
    session.flush()
    outbox = NOTHING
    if end in WITH_CLAIM:
        outbox += send_details(session, offer_id=call.offer_id, at=at)
    if end is CallStatus.FAILED and had_not_rung:
        outbox += tell_unplaced(session, call_ids=[call.id], at=at)
    if was_in_the_way:
        outbox += Outbox(calls_to_place=tuple(waiting_calls_of_agent(session, call.agent_id)))
    return outbox
