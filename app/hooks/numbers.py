"""Our own number's addresses: calls that come in by themselves."""

import re
from uuid import UUID

from flask import Response, abort, request
from sqlalchemy import select

from app.calls.models import Call
from app.calls.pin import LENGTH
from app.calls.rules import CallStatus
from app.calls.service import CallRef, find_call
from app.core.clock import now
from app.core.ground import ground
from app.core.limits import Limit
from app.extensions import db
from app.flows.call_in import (
    ATTESTED,
    AskPin,
    CalledBack,
    Caller,
    ClientCalls,
    client_caller,
    enter_pin,
    is_agent,
    who_calls,
)
from app.flows.call_progress import Report, report_call
from app.flows.client_called import tell_client_called
from app.hooks import blueprint
from app.hooks.answers import KEY, VOICE, nothing, twiml, words
from app.hooks.calls import ASKED, claim_by_pin, press, say_menu
from app.providers import twiml as documents
from app.referrals.rules import Need, spoken_price

E164 = re.compile(r"\+[1-9]\d{6,14}")
HIDDEN = frozenset({"+266696687", "+86282452253", "+7378742833", "+2562533", "+8656696"})
"""ANONYMOUS, UNAVAILABLE, RESTRICTED, BLOCKED and UNKNOWN, as the carrier spells them in `From`."""
TRIES = 3
TRIED = "tried"
"""Query parameter: how many PINs were typed, or not typed, in this call."""


@blueprint.post("/voice")
def voice() -> Response:
    """Somebody rings our number."""
    result = who_calls(db.session(), caller=_caller(), at=now())
    db.session.commit()
    if isinstance(result, CalledBack):
        return say_menu(_ref(result.call_id))
    if isinstance(result, ClientCalls):
        return _forward(result)
    return _ask_pin(result, tried=0)


@blueprint.post("/forwarded")
def forwarded() -> Response:
    """A client's call to their agent is over, or never began: then the agent is told."""
    if request.form.get("DialCallStatus") == "completed":
        return twiml(documents.hang_up())
    session = db.session()
    found = client_caller(session, caller=_caller())
    if found is not None:
        after = tell_client_called(session, offer_id=found.offer_id, at=now())
        session.commit()
        after.enqueue(ground().queue)
    said = words("agent_missed", agent_first_name=found.agent_first_name if found else None)
    return twiml(documents.say_and_hang_up(said, voice=VOICE))


@blueprint.post("/pin")
def pin() -> Response:
    """The caller typed a PIN, or a key of the menu, or nothing in time."""
    caller, session, limits = _caller(), db.session(), ground().limits
    digits, in_menu = request.values.get(KEY, ""), ASKED in request.args
    known = session.execute(select(Call.id, Call.status).where(Call.sid == caller.sid)).one_or_none()
    if in_menu and known is None:
        abort(404)
    if known is not None and in_menu and len(digits) != LENGTH:
        return press(_ref(known.id), digits)
    if known is not None and not (in_menu and known.status is CallStatus.ANSWERED):
        return _claim(known.id)  # the PIN was right, and this is asked again
    tried = request.args.get(TRIED, 0, type=int) + 1
    trusted = caller.attested and is_agent(session, caller.phone)
    who = caller.phone or "hidden"
    if limits.spent(Limit.WRONG_PINS_PER_CALLER, who) or (limits.spent(Limit.WRONG_PINS) and not trusted):
        return _too_many()
    call_id = enter_pin(session, digits=digits, caller=caller, at=now()) if len(digits) == LENGTH else None
    if call_id is not None:
        session.commit()
        return _claim(call_id)
    if digits:
        limits.allow(Limit.WRONG_PINS_PER_CALLER, who)
        limits.allow(Limit.WRONG_PINS)
    if known is not None:
        return press(_ref(known.id), digits)
    return _ask_pin(AskPin(None), tried=tried, wrong=bool(digits)) if tried < TRIES else _too_many()


@blueprint.post("/fallback")
def number_fallback() -> Response:
    """The same, when the first answer failed."""
    return voice()


@blueprint.post("/status")
def number_status() -> Response:
    """A call to our number has ended."""
    form, session = request.form, db.session()
    sid, event = form.get("CallSid", ""), form.get("CallStatus", "")
    call_id = session.scalar(select(Call.id).where(Call.sid == sid))
    if call_id is not None:
        report = Report(sid, event, f"{sid} {event} {form.get('SequenceNumber', '')}")
        after = report_call(
            session, call_id=call_id, report=report, at=now(), ring_seconds=ground().settings.ring_seconds
        )
        session.commit()
        after.enqueue(ground().queue)
    return nothing()


def _claim(call_id: UUID) -> Response:
    return claim_by_pin(_ref(call_id))


def _ref(call_id: UUID) -> CallRef:
    ref = find_call(db.session(), call_id)
    assert ref is not None
    return ref


def _ask_pin(ask: AskPin, *, tried: int, wrong: bool = False) -> Response:
    need: Need | None = ask.need
    said = words("ask_pin", need=need, price=spoken_price(need) if need else "", again=tried > 0, wrong=wrong)
    url = f"{ground().link('/hooks/twilio/pin')}?{TRIED}={tried}"
    return twiml(documents.ask_digits(said, digits=LENGTH, to_url=url, voice=VOICE))


def _forward(client: ClientCalls) -> Response:
    said = words("client_calls", agent_first_name=client.agent_first_name)
    ended_url, ours = ground().link("/hooks/twilio/forwarded"), ground().settings.twilio_call_from
    return twiml(documents.forward(said, client.agent_phone, ours, ended_url=ended_url, voice=VOICE))


def _too_many() -> Response:
    return twiml(documents.say_and_hang_up(words("no_pin"), voice=VOICE))


def _caller() -> Caller:
    form = request.form
    phone = form.get("From", "")
    shown = phone if E164.fullmatch(phone) and phone not in HIDDEN else None
    return Caller(shown, form.get("StirVerstat") == ATTESTED, form.get("CallSid", ""))
