"""The client's leg of an accepted call. "Connected" is that leg being in progress, nothing less."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.calls.client_details import send_details
from app.calls.progress import Report, finish
from app.calls.rules import CallStatus
from app.calls.service import lock_call, move, record_event
from app.core.database.locks import lock_wait
from app.core.queue.outbox import NOTHING, Outbox

IN_PROGRESS = "in-progress"


def report_client(session: Session, *, call_id: UUID, report: Report, at: datetime) -> None:
    """What the carrier says of the client's leg. Raises LockTimeout."""
    with lock_wait(session):
        call = lock_call(session, call_id)
    if call is None:
        return
    if report.event_key is not None and not record_event(
        session,
        call_id=call_id,
        key=report.event_key,
        name=f"client {report.status}",
        details=report.details or {},
        at=at,
    ):
        return
    call.client_sid = report.sid
    if report.status == IN_PROGRESS and not move(call, CallStatus.CONNECTED, at=at) and call.connected_at is None:
        call.connected_at = at  # heard late, of a call that is over: they talked all the same
    session.flush()


def bridge_ended(session: Session, *, call_id: UUID, talked: bool, hung_up: bool, at: datetime) -> tuple[Outbox, bool]:
    """The bridge is over; whether agent and client talked is answered too. Raises LockTimeout.

    `talked` is the carrier's word for it, needed when the client's own callbacks were lost. Unless the agent has
    `hung_up`, they are told that nobody picked up, and their call ends after that, when the carrier says so.
    """
    with lock_wait(session):
        call = lock_call(session, call_id)
    if call is None:
        return NOTHING, False
    connected = call.connected_at is not None
    outbox = send_details(session, offer_id=call.offer_id, at=at)
    if connected or talked or hung_up:
        end = CallStatus.COMPLETED if connected or talked else CallStatus.CLIENT_MISSED
        outbox += finish(session, call, end, at)
    session.flush()
    return outbox, connected or talked
