"""What callbacks did not bring is asked for: calls without a SID, and calls past their deadline."""

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from app.calls.bridge import hear_client
from app.calls.models import Call
from app.calls.progress import Report, WrongCall, finish, report_call
from app.calls.reached import ANSWERED_BY, Reached
from app.calls.reasons import Reason
from app.calls.rules import ENDS, MATCH_WITHIN, CallStatus
from app.calls.service import lock_call
from app.calls.waiting import overdue, owned_sids, unheard, without_sid
from app.core.clock import now
from app.core.database.locks import lock_wait
from app.core.errors import ProviderError
from app.core.queue.outbox import NOTHING, Outbox
from app.notifications.channels.rules import Channel
from app.notifications.queueing import known_at_provider
from app.pipeline.deals import note_calls
from app.providers.twilio.client import Carrier
from app.providers.twilio.message import CarrierCall
from app.workers.calls.end import rings_in_vain

log = structlog.get_logger()

LOOK_EVERY = timedelta(seconds=2)
"""How often a call without a SID is looked for, while the carrier does not answer."""
ASK_EVERY = timedelta(seconds=10)
"""A call that has ended at the carrier has ended on the page soon after, whatever got lost."""
UNKNOWN_THERE = "20404"
"""The carrier's code for what it does not know. https://www.twilio.com/docs/api/errors/20404"""
GIVE_UP_AFTER = timedelta(minutes=10)
"""How long a carrier that does not answer keeps a call of unknown fate open."""


def reconcile(session: Session, *, carrier: Carrier, at: datetime, ring_seconds: int, shortest: int) -> Outbox:
    """Asks the carrier about every call whose fate is unknown. Commits call by call."""
    outbox = NOTHING
    lost = [(call.id, call.phone, call.dialing_at) for call in without_sid(session, at=at, every=LOOK_EVERY)]
    late = [(call.id, call.sid) for call in overdue(session, at=at, every=ASK_EVERY)]
    silent = [(call.id, call.client_sid) for call in unheard(session, at=at, every=ASK_EVERY)]
    session.rollback()
    for call_id, phone, dialing_at in lost:
        assert dialing_at is not None
        outbox += _find(session, carrier, call_id, phone, dialing_at)
    for call_id, sid in late:
        assert sid is not None
        outbox += _ask(session, carrier, call_id, sid, ring_seconds)
    for call_id, sid in silent:
        _ask_who(session, carrier, call_id, sid, shortest)
    return outbox


def _find(session: Session, carrier: Carrier, call_id: UUID, phone: str, dialing_at: datetime) -> Outbox:
    """Adopts the one call at the carrier that can only be ours; none or several: failed, and no miss."""
    session.get_one(Call, call_id).checked_at = now()
    session.commit()
    try:
        candidates = [c for c in carrier.calls_to(phone) if _near(c, dialing_at)]
    except ProviderError as error:
        log.warning("reconcile_unanswered", code=error.code)
        return _fail(session, call_id) if now() - dialing_at > GIVE_UP_AFTER else NOTHING
    sids = [c.sid for c in candidates]
    owned = owned_sids(session, sids) | known_at_provider(session, Channel.VOICE, sids)
    free = [c for c in candidates if c.sid not in owned]
    session.rollback()
    if len(free) != 1:
        log.info("call_not_found", candidates=len(free))
        return _fail(session, call_id)
    log.info("call_adopted")
    return _adopt(session, call_id, free[0])


def _near(call: CarrierCall, dialing_at: datetime) -> bool:
    # The carrier's times have whole seconds, and its clock is not ours.
    return call.created_at is not None and abs(call.created_at - dialing_at) <= MATCH_WITHIN


def _adopt(session: Session, call_id: UUID, found: CarrierCall) -> Outbox:
    with lock_wait(session):
        call = lock_call(session, call_id)
    if call is None or call.sid is not None or call.status in ENDS:
        session.rollback()
        return NOTHING
    call.sid = found.sid
    call.reason = None if call.reason == Reason.UNKNOWN else call.reason
    ending = Outbox(calls_to_end=(call_id,)) if call.status is CallStatus.CANCELING else NOTHING
    session.commit()
    return ending


def _fail(session: Session, call_id: UUID) -> Outbox:
    with lock_wait(session):
        call = lock_call(session, call_id)
    if call is None or call.sid is not None or call.status in ENDS:
        session.rollback()
        return NOTHING
    outbox = finish(session, call, CallStatus.FAILED, now())
    call.reason = Reason.NOT_PLACED
    session.commit()
    return outbox


def _ask(session: Session, carrier: Carrier, call_id: UUID, sid: str, ring_seconds: int) -> Outbox:
    session.get_one(Call, call_id).checked_at = now()
    session.commit()
    try:
        status = carrier.fetch_call(sid).status
    except ProviderError as error:
        log.warning("reconcile_unanswered", code=error.code)
        if error.code != UNKNOWN_THERE:
            return NOTHING
        status = "failed"  # deleted there, or of an account before: nobody is on the line any more
    try:
        outbox = report_call(session, call_id=call_id, report=Report(sid, status), at=now(), ring_seconds=ring_seconds)
    except WrongCall:
        session.rollback()
        return NOTHING
    ending = session.get_one(Call, call_id)
    if ending.status is CallStatus.CANCELING or rings_in_vain(ending):
        outbox += Outbox(calls_to_end=(call_id,))
    session.commit()
    return outbox


def _ask_who(session: Session, carrier: Carrier, call_id: UUID, sid: str | None, shortest: int) -> None:
    """Asks who picked up the client's phone. A leg that the carrier knows nothing of stays unknown."""
    session.get_one(Call, call_id).checked_at = now()
    session.commit()
    try:
        word = carrier.fetch_call(sid).answered_by if sid is not None else None
    except ProviderError as error:
        log.warning("reconcile_unanswered", code=error.code)
        if error.code != UNKNOWN_THERE:
            return
        word = None
    heard = ANSWERED_BY.get(word or "", Reached.UNKNOWN)
    hear_client(session, call_id=call_id, heard=heard, shortest=shortest, at=now())
    note_calls(session, offer_id=session.get_one(Call, call_id).offer_id, at=now())
    session.commit()
