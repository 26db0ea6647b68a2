"""Our own number's addresses: calls that come in by themselves."""

from http import HTTPStatus
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from flask import Response, abort, request
from sqlalchemy import select

from app.calls.models import Call
from app.calls.pin import LENGTH
from app.calls.progress import Report, report_call
from app.calls.rules import CallStatus
from app.calls.service import CallRef, find_call
from app.claims.by_pin import is_the_agents_phone
from app.core.clock import now
from app.core.language import speak
from app.core.limits import Limit
from app.core.runtime import runtime
from app.extensions import db
from app.hooks.twilio import blueprint
from app.hooks.twilio.answers import KEY, nothing, twiml, words
from app.hooks.twilio.bridge import bridge
from app.hooks.twilio.caller import this_caller
from app.hooks.twilio.calls import ACCEPT, ASKED, DECLINE, claim_by_pin, press, say_menu
from app.hooks.twilio.client_calls import forward, forwarded, no_calls_url
from app.hooks.twilio.transfers import ask_code
from app.inbound.calls import (
    AskPin,
    BeingFound,
    CalledBack,
    Caller,
    ClientCalls,
    agent_calling,
    enter_pin,
    language_of_caller,
    who_calls,
)
from app.notifications.wording.voice import speaker
from app.providers.twilio import twiml as documents
from app.referrals.rules import Need
from app.transfers.adviser import adviser_left
from app.transfers.service import coded_for, transfer_of_adviser

TRIES = 3
TRIED = "tried"
"""Query parameter: how many PINs were typed, or not typed, in this call."""

SO_FAR = "so_far"
"""Query parameter: the digits of a PIN that were typed before a pause, sealed, because URLs end up in logs."""
KEYS_OF_THE_MENU = (frozenset(ACCEPT), frozenset(DECLINE))


@blueprint.post("/voice")
def voice() -> Response:
    """Somebody rings our number."""
    if coded_for(db.session(), phone=this_caller().phone, at=now()) is not None:
        return ask_code()
    result = who_calls(db.session(), caller=this_caller(), at=now())
    db.session.commit()
    if isinstance(result, CalledBack):
        return say_menu(_ref(result.call_id))
    if isinstance(result, ClientCalls):
        return forward(result)
    speak(language_of_caller(db.session(), this_caller().phone))
    if isinstance(result, BeingFound):
        return twiml(documents.say_unless_key(words("being_found"), key_url=no_calls_url(), voice=speaker()))
    return _ask_pin(result, tried=0)


@blueprint.post("/pin")
def pin() -> Response:
    """The caller typed a PIN, or a key of the menu, or nothing in time."""
    caller, session, limits = this_caller(), db.session(), runtime().limits
    so_far = runtime().sealer.open(request.args.get(SO_FAR, "")) or ""
    digits, in_menu = so_far + request.form.get(KEY, ""), ASKED in request.args
    known = session.execute(select(Call.id, Call.status).where(Call.sid == caller.sid)).one_or_none()
    if in_menu and known is None:
        abort(HTTPStatus.NOT_FOUND)
    unfinished = _no_pin_yet(known.id if known is not None and in_menu else None, digits, so_far)
    if unfinished is not None:
        return unfinished
    if known is not None and not (in_menu and known.status is CallStatus.ANSWERED):
        return _claim(known.id)  # the PIN was right, and this is asked again
    tried = request.args.get(TRIED, 0, type=int) + 1
    agent_id = agent_calling(session, caller.phone)
    speak(language_of_caller(session, caller.phone))
    if any(limits.spent(limit, who) for limit, who in _limits_of(caller, agent_id)):
        return _too_many()
    call_id = enter_pin(session, digits=digits, caller=caller, at=now(), agent_id=None if caller.attested else agent_id)
    if call_id is not None:
        session.commit()
        return _claim(call_id)
    guessed = len(digits) == LENGTH and digits.isdecimal()  # a stray star or half a PIN is not a guess
    for limit, who in _limits_of(caller, agent_id) if guessed else ():
        limits.allow(limit, who)
    if known is not None:
        return press(_ref(known.id), "")
    return _ask_pin(AskPin(None), tried=tried, wrong=bool(digits)) if tried < TRIES else _too_many()


@blueprint.post("/fallback")
def number_fallback() -> Response:
    """One of our answers failed: go on where it was asked, so that nobody is rung a second time."""
    failed = urlsplit(request.form.get("ErrorUrl", "")).path
    if failed.endswith("/forwarded"):
        return forwarded()
    known = db.session.execute(select(Call.id, Call.status).where(Call.sid == this_caller().sid)).one_or_none()
    if known is not None and failed.endswith("/bridge"):
        return bridge(known.id)
    if known is not None and known.status is CallStatus.ACCEPTED:
        return _claim(known.id)  # the PIN was right, and the client has not been rung
    return voice()


@blueprint.post("/status")
def number_status() -> Response:
    """A call to our number has ended."""
    form, session = request.form, db.session()
    sid, event = form.get("CallSid", ""), form.get("CallStatus", "")
    call_id = session.scalar(select(Call.id).where(Call.sid == sid))
    if call_id is not None:
        report = Report(sid, event, f"{sid} {event} {form.get('SequenceNumber', '')}")
        outbox = report_call(
            session, call_id=call_id, report=report, at=now(), ring_seconds=runtime().settings.ring_seconds
        )
        session.commit()
        outbox.enqueue(runtime().queue)
    transfer = transfer_of_adviser(session, sid=sid)
    if transfer is not None:
        outbox = adviser_left(session, transfer_id=transfer.id, at=now())
        session.commit()
        outbox.enqueue(runtime().queue)
    return nothing()


def _limits_of(caller: Caller, agent_id: UUID | None) -> tuple[tuple[Limit, str], ...]:
    """How many guesses this caller has. A number that the carrier vouches for has guesses of its own.

    A forged agent's number opens only that agent's offers, so it has more of them.
    """
    if caller.attested and caller.phone:
        return ((Limit.WRONG_PINS_PER_CALLER, f"{caller.phone} True"),)
    if agent_id is not None:
        return ((Limit.WRONG_PINS_PER_FORGED_AGENT, str(agent_id)),)
    return (
        (Limit.WRONG_PINS_PER_CALLER, f"{caller.phone} False" if caller.phone else "hidden"),
        (Limit.WRONG_PINS, ""),
    )


def _claim(call_id: UUID) -> Response:
    ref, caller = _ref(call_id), this_caller()
    own = is_the_agents_phone(db.session(), offer_id=ref.offer_id, phone=caller.phone, attested=caller.attested)
    return claim_by_pin(ref, from_own_phone=own)


def _ref(call_id: UUID) -> CallRef:
    ref = find_call(db.session(), call_id)
    assert ref is not None
    speak(ref.language)
    return ref


def _no_pin_yet(in_menu_of: UUID | None, digits: str, so_far: str) -> Response | None:
    """A key of the menu, silence there, or a PIN of which there is more to come; None for all else."""
    silent = digits == so_far
    if in_menu_of is not None and (silent or frozenset(digits) in KEYS_OF_THE_MENU):
        return press(_ref(in_menu_of), "" if silent else digits[0])  # pressed twice is pressed
    if not silent and digits.isdecimal() and len(digits) < LENGTH:
        return _go_on(digits)
    return None


def _go_on(so_far: str) -> Response:
    """Some digits of a PIN, and then a pause: the page shows it in two groups, and people look up between them."""
    kept = {name: value for name, value in request.args.items() if name in (TRIED, ASKED)}
    url = f"{runtime().link('/hooks/twilio/pin')}?{urlencode({**kept, SO_FAR: runtime().sealer.seal(so_far)})}"
    return twiml(documents.ask_digits(words("go_on"), digits=LENGTH - len(so_far), to_url=url, voice=speaker()))


def _ask_pin(ask: AskPin, *, tried: int, wrong: bool = False) -> Response:
    need: Need | None = ask.need
    said = words("ask_pin", need=need, price=need.spoken_price if need else "", again=tried > 0, wrong=wrong)
    url = f"{runtime().link('/hooks/twilio/pin')}?{TRIED}={tried}"
    return twiml(documents.ask_digits(said, digits=LENGTH, to_url=url, voice=speaker()))


def _too_many() -> Response:
    return twiml(documents.say_and_hang_up(words("no_pin"), voice=speaker()))
