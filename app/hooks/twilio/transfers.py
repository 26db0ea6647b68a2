"""Live transfers: what adviser and client hear, what the adviser's keys do, and who is in the conference."""

from http import HTTPStatus
from uuid import UUID

from flask import Response, abort, request
from sqlalchemy import select

from app.calls.bridge import joined_client
from app.calls.models import Call
from app.clients.gate import Refusal, gate_of
from app.core.clock import now
from app.core.language import speak
from app.core.limits import Limit
from app.core.runtime import runtime
from app.core.urls import call_url, transfer_url
from app.extensions import db
from app.hooks.twilio import blueprint
from app.hooks.twilio.answers import KEY, nothing, twiml, words
from app.hooks.twilio.caller import this_caller
from app.hooks.twilio.reported import call_sid
from app.notifications.wording.voice import speaker
from app.offers.service import Window
from app.pipeline.deals import note_calls
from app.providers.twilio import twiml as documents
from app.referrals.models import Referral
from app.transfers.adviser import Joins, Refused, adviser_joins, adviser_left, client_joins, client_left
from app.transfers.agents import ring_agents
from app.transfers.models import Transfer
from app.transfers.rules import CODE_DIGITS, TransferStatus
from app.transfers.service import coded_for

S = TransferStatus
CLIENT_IS_HERE, RING_CLIENT, RING_AGENTS = "1", "2", "1"
TRIES = 3
TRIED = "tried"
"""Query parameter: how many codes were typed, or not typed, in this call."""
ADVISER, CLIENT = "adviser", "client"
"""Labels in the conference. An agent's is the id of their call."""
OVER = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})


def ask_code(*, tried: int = 0) -> Response:
    """The caller is an adviser who is expected: asks for the code."""
    speak(None)
    url = f"{runtime().link('/hooks/twilio/transfer-code')}?{TRIED}={tried}"
    return twiml(
        documents.ask_digits(words("admin/code", again=tried > 0), digits=CODE_DIGITS, to_url=url, voice=speaker())
    )


@blueprint.post("/transfer-code")
def transfer_code() -> Response:
    """The adviser typed the code, or something else, or nothing in time."""
    caller, limits, session = this_caller(), runtime().limits, db.session()
    speak(None)
    tried = request.args.get(TRIED, 0, type=int) + 1
    found = coded_for(session, phone=caller.phone, at=now())
    who = f"{caller.phone} {caller.attested}"
    if found is None or limits.spent(Limit.WRONG_PINS_PER_CALLER, who):
        return _goodbye("no_pin")
    typed = request.form.get(KEY, "")
    if typed == found.code:
        return _say_adviser_menu(found)
    if typed:
        limits.allow(Limit.WRONG_PINS_PER_CALLER, who)
    return ask_code(tried=tried) if tried < TRIES else _goodbye("no_pin")


@blueprint.post("/transfers/<uuid:transfer_id>/adviser-answers")
def adviser_answers(transfer_id: UUID) -> Response:
    """The adviser picked up: says what it is about, and asks for a key, which no voicemail presses."""
    found = _transfer_or_404(transfer_id)
    return _goodbye_to_adviser(found) if found.status is S.ENDED else _say_adviser_menu(found)


@blueprint.post("/transfers/<uuid:transfer_id>/adviser-begins")
def adviser_begins(transfer_id: UUID) -> Response:
    """The adviser's first key: rings the client, or agents at once where the client is on this line."""
    found, session = _transfer_or_404(transfer_id), db.session()
    pressed = request.values.get(KEY)
    if pressed not in ({CLIENT_IS_HERE, RING_CLIENT} if found.code is not None else {CLIENT_IS_HERE}):
        return _say_adviser_menu(found) if pressed else _goodbye("goodbye")
    here = found.code is not None and pressed == CLIENT_IS_HERE
    gate = gate_of(runtime().settings)
    result = adviser_joins(session, transfer_id=found.id, sid=call_sid(), client_here=here, gate=gate, at=now())
    session.commit()
    if isinstance(result, Refused):
        return _goodbye("admin/refused", found, why=result.refusal)
    if not isinstance(result, Joins):
        return _goodbye_to_adviser(found)
    result.outbox.enqueue(runtime().queue)
    return _ring_agents(found) if here else _adviser_joins(found, words("admin/wait", **_about(found)))


@blueprint.post("/transfers/<uuid:transfer_id>/adviser-back")
def adviser_back(transfer_id: UUID) -> Response:
    """The adviser has left the conference, by the star or because it is over."""
    found = _transfer_or_404(transfer_id)
    if found.status is S.CLAIMED:
        return _goodbye("admin/thanks", found)
    if found.status is S.ENDED or request.form.get("CallStatus") in OVER:
        return _goodbye_to_adviser(found)
    if found.status in (S.CLIENT, S.MISSED):
        said = words("admin/choose", **_about(found))
        return twiml(documents.menu(said, key_url=_url(found, "adviser-chooses"), voice=speaker()))
    return _adviser_joins(found, "")


@blueprint.post("/transfers/<uuid:transfer_id>/adviser-chooses")
def adviser_chooses(transfer_id: UUID) -> Response:
    """1 rings agents; any other key, or none, brings the adviser back to the client."""
    found = _transfer_or_404(transfer_id)
    if found.status is S.ENDED:
        return _goodbye_to_adviser(found)
    return _ring_agents(found) if request.values.get(KEY) == RING_AGENTS else _adviser_joins(found, "")


@blueprint.post("/transfers/<uuid:transfer_id>/adviser-status")
def adviser_status(transfer_id: UUID) -> Response:
    """What becomes of the adviser's call."""
    return _left(transfer_id, ADVISER)


@blueprint.post("/transfers/<uuid:transfer_id>/client-answers")
def client_answers(transfer_id: UUID) -> Response:
    """The client picked up: into the conference with the adviser."""
    found, session = _transfer_or_404(transfer_id, of=CLIENT), db.session()
    speak(session.get_one(Referral, found.referral_id).client.language)
    is_on = client_joins(session, transfer_id=found.id, sid=call_sid(), at=now())
    session.commit()
    if not is_on:
        return _goodbye("client_alone", found)
    room = documents.Room(
        found.room, CLIENT, _url(found, "client-left"), _url(found, "conference"), ends_with_them=True
    )
    return twiml(documents.join(words("client_connects"), room, voice=speaker()))


@blueprint.post("/transfers/<uuid:transfer_id>/client-left")
def client_leaves(transfer_id: UUID) -> Response:
    """The conference is over, and the client's call with it."""
    _transfer_or_404(transfer_id, of=CLIENT)
    return twiml(documents.hang_up())


@blueprint.post("/transfers/<uuid:transfer_id>/client-status")
def client_status(transfer_id: UUID) -> Response:
    """What becomes of the client's call."""
    return _left(transfer_id, CLIENT)


@blueprint.post("/transfers/<uuid:transfer_id>/conference")
def conference(transfer_id: UUID) -> Response:
    """Somebody has joined: an agent is with the client from now on."""
    found, session = _transfer_or_404(transfer_id, of=None), db.session()
    label = request.form.get("ParticipantLabel", "")
    if request.form.get("StatusCallbackEvent") == "participant-join" and label == str(found.call_id):
        call = session.get_one(Call, found.call_id)
        joined_client(session, call_id=call.id, at=now())
        note_calls(session, offer_id=call.offer_id, at=now())
        session.commit()
    return nothing()


def join_client(transfer: Transfer, call_id: UUID, said: str) -> Response:
    """Puts an agent who has claimed into the conference. When they hang up it is over."""
    room = documents.Room(
        transfer.room,
        str(call_id),
        call_url(runtime(), call_id, "bridge"),
        _url(transfer, "conference"),
        ends_with_them=True,
    )
    return twiml(documents.join(said, room, voice=speaker()))


def _left(transfer_id: UUID, whose: str) -> Response:
    found, session = _transfer_or_404(transfer_id, of=whose), db.session()
    if request.form.get("CallStatus") not in OVER:
        return nothing()
    left = adviser_left if whose == ADVISER else client_left
    outbox = left(session, transfer_id=found.id, at=now())
    session.commit()
    outbox.enqueue(runtime().queue)
    return nothing()


def _ring_agents(transfer: Transfer) -> Response:
    here, session = runtime(), db.session()
    window = Window(here.settings.offer_minutes)
    rung = ring_agents(
        session, transfer_id=transfer.id, window=window, at=now(), ring_seconds=here.settings.ring_seconds
    )
    session.commit()
    rung.outbox.enqueue(here.queue)
    return _adviser_joins(transfer, words("admin/ringing", agents=rung.agents, **_about(transfer)))


def _adviser_joins(transfer: Transfer, said: str) -> Response:
    """The star takes the adviser out for a menu. Not where the client is on the same line: both would leave."""
    room = documents.Room(
        transfer.room,
        ADVISER,
        _url(transfer, "adviser-back"),
        _url(transfer, "conference"),
        ends_with_them=transfer.client_here,
        leaves_by_star=not transfer.client_here,
    )
    return twiml(documents.join(said, room, voice=speaker()))


def _say_adviser_menu(transfer: Transfer) -> Response:
    said = words("admin/begin", by_code=transfer.code is not None, **_about(transfer))
    return twiml(documents.menu(said, key_url=_url(transfer, "adviser-begins"), voice=speaker()))


def _goodbye_to_adviser(transfer: Transfer) -> Response:
    return _goodbye("admin/over", transfer, how=transfer.ended_how)


def _goodbye(prompt: str, about: Transfer | None = None, **values: Refusal | str | None) -> Response:
    known = _about(about) if about is not None else {}
    return twiml(documents.say_and_hang_up(words(prompt, **known, **values), voice=speaker()))


def _about(transfer: Transfer) -> dict[str, object]:
    referral = db.session.get_one(Referral, transfer.referral_id)
    return {"client_first_name": referral.client.first_name, "need": referral.need}


def _url(transfer: Transfer, step: str) -> str:
    return transfer_url(runtime(), transfer.id, step)


def _transfer_or_404(transfer_id: UUID, *, of: str | None = ADVISER) -> Transfer:
    """The transfer; the request is about the adviser's call, the client's, or, with None, about the conference."""
    query = select(Transfer).where(Transfer.id == transfer_id).execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    if of is None:
        if request.form.get("FriendlyName") != found.room:
            abort(HTTPStatus.NOT_FOUND)
        return found
    known = found.adviser_sid if of == ADVISER else found.client_sid
    caller = this_caller().phone
    if known is None and of == ADVISER and found.code is not None and caller != found.phone:
        abort(HTTPStatus.NOT_FOUND)
    if known not in (None, call_sid()):
        abort(HTTPStatus.NOT_FOUND)
    if of == ADVISER:
        speak(None)
    return found
