"""Ringing an agent: take the row, commit, ask the carrier, write down what it said.

No transaction is open while the carrier is asked. A worker killed in between leaves the row `dialing` without
a SID; reconcile finds out what became of it. Nothing is ever dialed twice.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from app.calls.ceiling import CEILING
from app.calls.progress import finish
from app.calls.reasons import Reason
from app.calls.rules import CallStatus
from app.calls.service import lock_call, queued_at_carrier, take_for_dialing
from app.core.clock import now
from app.core.database.locks import lock_wait
from app.core.errors import Permanent, Retryable, Unknown
from app.core.queue.outbox import NOTHING, Outbox
from app.core.urls import CallUrls
from app.providers.twilio.client import Carrier
from app.providers.twilio.message import CarrierCall, PlaceCall
from app.workers.ceilings import ceilings, reached

log = structlog.get_logger()

AGAIN_SECONDS = 1.0


def place_call(
    session: Session,
    *,
    call_id: UUID,
    carrier: Carrier,
    urls: Callable[[UUID], CallUrls],
    ring_seconds: int,
    per_second: float,
) -> Outbox:
    """Places a requested call, once. Commits on its own: a network call lies in the middle.

    The carrier dials `per_second` calls, and queues the rest: a call's 20 seconds do not run while it waits there.
    """
    session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})  # one statement: no BEGIN, no COMMIT
    order = take_for_dialing(session, call_id, at=now())
    session.commit()
    if order is None:
        return NOTHING
    if not ceilings().allow_call(order.phone):
        told = reached(session, "calls")
        return told + _failed(session, call_id, CEILING)
    where = urls(call_id)
    request = PlaceCall(order.phone, where.menu, where.fallback, where.status, where.machine, ring_seconds)
    try:
        placed = _ask(carrier, request)
    except (Retryable, Permanent) as error:
        log.warning("call_refused", code=error.code)
        return _failed(session, call_id, error.code)
    except Unknown as error:
        log.warning("call_unknown", code=error.code)
        return _unknown(session, call_id)
    return _placed(session, call_id, placed.sid, per_second)


def _ask(carrier: Carrier, request: PlaceCall) -> CarrierCall:
    """Asks again, once, where the carrier had too much to do: then it has certainly not placed it."""
    try:
        return carrier.place_call(request)
    except Retryable as error:
        log.info("call_asked_again", code=error.code)
        time.sleep(AGAIN_SECONDS)
        return carrier.place_call(request)


def _placed(session: Session, call_id: UUID, sid: str, per_second: float) -> Outbox:
    """Keeps the SID; a callback may have brought it before the answer did."""
    before = queued_at_carrier(session, at=now())
    with lock_wait(session):
        call = lock_call(session, call_id)
    assert call is not None
    if call.sid is None and call.status is CallStatus.DIALING:
        call.ring_deadline_at += timedelta(seconds=max(0, before - 1) / per_second)
    call.sid = call.sid or sid
    # Asked to stop while the carrier was being asked to ring.
    ending = Outbox(calls_to_end=(call_id,)) if call.status is CallStatus.CANCELING else NOTHING
    session.commit()
    return ending


def _unknown(session: Session, call_id: UUID) -> Outbox:
    """It may have been placed: reconcile looks for it, unless a callback brings its SID first."""
    with lock_wait(session):
        call = lock_call(session, call_id)
    assert call is not None
    if call.sid is None and call.reason is None:
        call.reason = Reason.UNKNOWN
    session.commit()
    return NOTHING


def _failed(session: Session, call_id: UUID, code: str) -> Outbox:
    """The carrier certainly did not place it: failed, and no miss of the agent's."""
    with lock_wait(session):
        call = lock_call(session, call_id)
    assert call is not None
    outbox = finish(session, call, CallStatus.FAILED, now()) if call.sid is None else NOTHING
    if call.status is CallStatus.FAILED and call.reason is None:
        call.reason = code if code == CEILING else f"carrier {code}"
    session.commit()
    return outbox
