"""The client's leg of an accepted call: who picked it up, and how long they stayed.

The carrier's reports come in any order, and some get lost; each says one thing, and `_settle` makes of it what holds.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.calls.client_details import send_details
from app.calls.models import Call
from app.calls.progress import Report, finish
from app.calls.reached import Outcome, Reached, reached_of
from app.calls.rules import WITH_CLAIM, WITH_CLIENT, CallStatus
from app.calls.service import lock_call, move, record_event
from app.core.database.locks import lock_wait
from app.core.queue.outbox import NOTHING, Outbox

IN_PROGRESS, COMPLETED = "in-progress", "completed"


@dataclass(frozen=True)
class BridgeEnd:
    """What the carrier says when a bridge is over."""

    joined: bool
    """The client's phone was picked up. Known here even when the leg's own callbacks were lost."""
    hung_up: bool
    """The agent is gone as well."""
    sid: str | None = None
    """The client's leg."""
    seconds: int | None = None
    """How long the client's leg lasted."""


def report_client(session: Session, *, call_id: UUID, report: Report, shortest: int, at: datetime) -> None:
    """Applies a status callback of the client's leg. `shortest` is the talk, in seconds, that counts as one.

    Raises LockTimeout.
    """
    call = _lock(session, call_id)
    if call is None or not _is_news(session, call, report, f"client {report.status}", at):
        return
    call.client_sid = report.sid
    if report.status == IN_PROGRESS:
        call.picked_up_at = call.picked_up_at or at
    elif report.status == COMPLETED:
        _lasted(call, report.seconds)
    _settle(call, shortest, at)
    session.flush()


def hear_client(session: Session, *, call_id: UUID, heard: Reached, shortest: int, at: datetime) -> None:
    """Applies what the carrier's machine detection heard on the client's leg; the first word counts.

    Raises LockTimeout.
    """
    call = _lock(session, call_id)
    if call is None or call.heard is not None:
        return
    call.heard, call.picked_up_at = heard, call.picked_up_at or at
    _settle(call, shortest, at)
    session.flush()


def joined_client(session: Session, *, call_id: UUID, at: datetime) -> None:
    """The agent is in a conference with the client, who was on the line before: a person. Raises LockTimeout."""
    call = _lock(session, call_id)
    if call is None or call.heard is not None or call.status not in WITH_CLIENT:
        return
    call.heard, call.picked_up_at = Reached.PERSON, call.picked_up_at or at
    _settle(call, 0, at)
    session.flush()


def bridge_ended(
    session: Session, *, call_id: UUID, end: BridgeEnd, shortest: int, at: datetime
) -> tuple[Outbox, Reached | None]:
    """The bridge is over; returns who was reached as well. Raises LockTimeout.

    If nobody picked up and the agent is still on the line, their call goes on, and ends when the carrier says so.
    """
    call = _lock(session, call_id)
    if call is None:
        return NOTHING, None
    call.client_sid = call.client_sid or end.sid
    if end.joined:
        call.picked_up_at = call.picked_up_at or at - timedelta(seconds=end.seconds or 0)
        # A conference does not say how long it lasted.
        _lasted(call, end.seconds if end.seconds is not None else int((at - call.picked_up_at).total_seconds()))
    _settle(call, shortest, at)
    outbox = send_details(session, offer_id=call.offer_id, at=at)
    if call.picked_up_at is not None or end.hung_up:
        outbox += finish(session, call, CallStatus.CLIENT_MISSED, at)
    session.flush()
    return outbox, call.reached


def say_outcome(session: Session, *, call_id: UUID, outcome: Outcome, at: datetime) -> None:
    """Stores what the agent says came of the call. It beats what the carrier heard. Raises LockTimeout."""
    call = _lock(session, call_id)
    if call is None:
        return
    call.outcome, call.outcome_at = outcome, at
    _settle(call, 0, at)
    session.flush()


def _lock(session: Session, call_id: UUID) -> Call | None:
    with lock_wait(session):
        return lock_call(session, call_id)


def _is_news(session: Session, call: Call, report: Report, name: str, at: datetime) -> bool:
    if report.event_key is None:
        return True
    details = report.details or {}
    return record_event(session, call_id=call.id, key=report.event_key, name=name, details=details, at=at)


def _lasted(call: Call, seconds: int | None) -> None:
    if call.picked_up_at is not None and call.client_seconds is None:
        call.client_seconds = seconds


def _settle(call: Call, shortest: int, at: datetime) -> None:
    """Works out who was reached from all that is known, and moves the call accordingly."""
    call.reached = reached_of(
        picked_up=call.picked_up_at is not None,
        heard=call.heard,
        seconds=call.client_seconds,
        outcome=call.outcome,
        shortest=shortest,
    )
    is_person = call.reached is Reached.PERSON
    if is_person:
        call.connected_at = call.connected_at or call.picked_up_at or at
    if call.status in WITH_CLIENT:
        if is_person:
            move(call, CallStatus.CONNECTED, at=at)
        return  # an end comes with the end of the bridge
    if not is_person:
        call.connected_at = None
    if call.status in WITH_CLAIM:
        move(call, CallStatus.COMPLETED if is_person else CallStatus.CLIENT_MISSED, at=at)
