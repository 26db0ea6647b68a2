"""Ending a call at the carrier: canceled while it rings, hung up when it was picked up, told first when it was lost, or
when its client is not to be rung any more.

`canceled` does not end a call in progress, and new TwiML needs one: so each try reads what came back, and then
the other is tried.
"""

from collections.abc import Callable
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from app.calls.models import Call
from app.calls.progress import Report, WrongCall, report_call
from app.calls.reasons import Reason
from app.calls.rules import ENDS, CallStatus
from app.core.clock import now
from app.core.errors import ProviderError
from app.core.queue.outbox import NOTHING, Outbox
from app.providers.twilio.client import Carrier
from app.providers.twilio.message import CarrierCall

log = structlog.get_logger()

IN_PROGRESS = "in-progress"


def end_call_at_carrier(
    session: Session, *, call_id: UUID, carrier: Carrier, last_words: Callable[[UUID, str], str], ring_seconds: int
) -> Outbox:
    """Ends one call. Safe to repeat. Commits on its own: network calls lie in the middle."""
    call = session.get(Call, call_id)
    if call is None or call.status in ENDS or call.sid is None:
        session.rollback()
        return NOTHING
    in_menu, unwanted = call.status is CallStatus.ANSWERED, rings_in_vain(call)
    if not (call.status is CallStatus.CANCELING or unwanted or (in_menu and call.reason is not None)):
        session.rollback()
        return NOTHING  # it has gone on: accepted, or picked up after all, and nobody wants it ended any more
    sid, offer_id, reason = call.sid, call.offer_id, call.reason
    told = unwanted or (in_menu and reason == Reason.LOST)
    may_win = call.reason == Reason.AGAIN and call.answered_at is None
    session.rollback()
    try:
        words = last_words(offer_id, reason or "") if told else None
        found = tell_or_end(carrier, sid, words) if words is not None else _end(carrier, sid, hang_up=not may_win)
    except ProviderError as error:
        # Reconcile asks again; the call's own end is reported by callback as well.
        log.warning("end_call_failed", code=error.code)
        return NOTHING
    if found.status == IN_PROGRESS and not may_win:
        return NOTHING  # it is being told, or hung up; its end is reported by callback
    try:
        outbox = report_call(
            session, call_id=call_id, report=Report(sid, found.status), at=now(), ring_seconds=ring_seconds
        )
    except WrongCall:
        return NOTHING
    session.commit()
    return outbox


def rings_in_vain(call: Call) -> bool:
    """Whether it is ringing a client who has asked not to be called."""
    return call.status is CallStatus.ACCEPTED and call.reason == Reason.WISH


def tell_or_end(carrier: Carrier, sid: str, twiml: str) -> CarrierCall:
    """Says it to a call in progress; one that still rings is ended."""
    try:
        return carrier.say_to_call(sid, twiml)
    except ProviderError:
        return _end(carrier, sid)


def _end(carrier: Carrier, sid: str, *, hang_up: bool = True) -> CarrierCall:
    """Cancels it; one that was picked up meanwhile goes on, unless it is to be hung up."""
    try:
        found = carrier.cancel_call(sid)
    except ProviderError:
        found = carrier.fetch_call(sid)
    return carrier.hang_up(sid) if hang_up and found.status == IN_PROGRESS else found
