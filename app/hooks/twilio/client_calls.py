"""A client rings us: who is rung for them, what those hear first, and what the client hears if nobody takes it."""

from collections.abc import Sequence
from http import HTTPStatus
from uuid import UUID

from flask import Response, abort, request
from sqlalchemy import select

from app.calls.do_not_contact import do_not_contact
from app.clients.gate import gate_of
from app.clients.wishes import Source, Wish
from app.core.clock import now
from app.core.language import speak
from app.core.limits import Limit
from app.core.runtime import runtime
from app.extensions import db
from app.hooks.twilio import blueprint
from app.hooks.twilio.answers import KEY, nothing, twiml, words
from app.hooks.twilio.caller import this_caller
from app.hooks.twilio.reported import were_joined
from app.inbound.calls import ClientCalls, client_caller, client_referral, language_of_caller
from app.inbound.client_calls import (
    ClientCall,
    Step,
    colleagues,
    find_client_call,
    open_client_call,
    take_client_call,
)
from app.inbound.missed_client import tell_client_called
from app.inbound.voicemails import keep_voicemail
from app.notifications.wording.voice import speaker
from app.offers.models import Offer
from app.people.models import Agent
from app.providers.twilio import twiml as documents

TAKE, NO_CALLS = "1", "9"
STEP = "step"
"""Query parameter: who was rung."""
STEPS = tuple(Step)


def forward(client: ClientCalls) -> Response:
    """Rings the client's agent."""
    caller = this_caller()
    spared = caller.attested or runtime().limits.allow(Limit.UNPROVEN_CALLS_PER_NUMBER, caller.phone or "")
    if not spared:
        return _nobody_there(None)
    session = db.session()
    _speak_to_client(client.offer_id)
    call = open_client_call(session, offer_id=client.offer_id, sid=caller.sid, attested=caller.attested, at=now())
    session.commit()
    return _ring(call, Step.AGENT, client.agent_first_name, key_url=no_calls_url() if caller.attested else None)


def no_calls_url() -> str:
    """The address that takes the key for "no more calls"."""
    return runtime().link("/hooks/twilio/no-calls")


@blueprint.post("/no-calls")
def no_calls() -> Response:
    """A client who rings us presses 9: they want no calls. Only a proven number counts; any other key goes on."""
    caller, here, session = this_caller(), runtime(), db.session()
    if request.values.get(KEY) != NO_CALLS or not caller.attested or caller.phone is None:
        call = find_client_call(session, sid=caller.sid)
        if call is None:
            return twiml(documents.hang_up())
        _speak_to_client(call.offer_id)
        return _ring(call, Step.AGENT, _agent_name(call))
    referral_id = client_referral(session, phone=caller.phone)
    wish = Wish(caller.phone, Source.KEY, referral_id=referral_id)
    outbox = do_not_contact(session, wish=wish, keys=gate_of(here.settings).keys, at=now())
    session.commit()
    outbox.enqueue(here.queue)
    speak(language_of_caller(session, caller.phone))
    return twiml(documents.say_and_hang_up(words("no_calls"), voice=speaker()))


@blueprint.post("/forwarded")
def forwarded() -> Response:
    """Nobody who was rung took the call, or the talk is over."""
    if were_joined():
        return twiml(documents.hang_up())
    session, caller = db.session(), this_caller()
    call = find_client_call(session, sid=caller.sid)
    known = client_caller(session, caller=caller) if call is None else None
    if known is not None:  # the release before kept no row of the call
        call = open_client_call(session, offer_id=known.offer_id, sid=caller.sid, attested=caller.attested, at=now())
    if call is None:
        return _nobody_there(None)
    _speak_to_client(call.offer_id)
    rung = next((step for step in Step if step == request.args.get(STEP)), Step.AGENT)
    name = _agent_name(call)
    if request.form.get("CallStatus") != "completed":
        for step in STEPS[STEPS.index(rung) + 1 :]:
            if _phones(call, step):
                return _ring(call, step, name)
    if call.taken_at is None:
        outbox = tell_client_called(session, offer_id=call.offer_id, at=now())
        session.commit()
        outbox.enqueue(runtime().queue)
    return _take_message(name) if call.attested and runtime().settings.voicemail else _nobody_there(name)


@blueprint.post("/message-left")
def message_left() -> Response:
    """The client has left a message, or hung up."""
    speak(language_of_caller(db.session(), this_caller().phone))
    return twiml(documents.say_and_hang_up(words("message_taken"), voice=speaker()))


@blueprint.post("/recordings")
def recorded() -> Response:
    """A message is ready to be fetched."""
    form, session = request.form, db.session()
    seconds, sid = form.get("RecordingDuration", ""), form.get("RecordingSid", "")
    if form.get("RecordingStatus") != "completed" or not seconds.isdecimal() or not sid:
        return nothing()
    outbox = keep_voicemail(session, sid=form.get("CallSid", ""), recording_sid=sid, seconds=int(seconds), at=now())
    session.commit()
    outbox.enqueue(runtime().queue)
    return nothing()


@blueprint.post("/client-calls/<uuid:call_id>/whisper/<uuid:agent_id>")
def whisper(call_id: UUID, agent_id: UUID) -> Response:
    """What an agent hears before they are joined to the client: voicemail presses no key."""
    call = _call_or_404(call_id)
    offer = db.session.get_one(Offer, call.offer_id)
    _speak_to_agent(agent_id)
    said = words(
        "client_whisper",
        client=offer.referral.client.name if agent_id == offer.agent_id else offer.referral.client.first_name,
        agent_first_name=None if agent_id == offer.agent_id else offer.agent.first_name,
        need=offer.referral.need,
        attested=call.attested,
    )
    return twiml(documents.menu(said, key_url=_url(call_id, "take", agent_id), voice=speaker()))


@blueprint.post("/client-calls/<uuid:call_id>/take/<uuid:agent_id>")
def take(call_id: UUID, agent_id: UUID) -> Response:
    """1 takes the client's call, unless somebody was first."""
    _call_or_404(call_id)
    if request.values.get(KEY) != TAKE:
        return twiml(documents.hang_up())
    _speak_to_agent(agent_id)
    is_theirs = take_client_call(db.session(), call_id=call_id, agent_id=agent_id, at=now())
    db.session.commit()
    if not is_theirs:
        return twiml(documents.say_and_hang_up(words("client_taken"), voice=speaker()))
    return twiml(documents.say(words("client_joined"), voice=speaker()))


def _speak_to_client(offer_id: UUID) -> None:
    speak(db.session.get_one(Offer, offer_id).referral.client.language)


def _speak_to_agent(agent_id: UUID) -> None:
    speak(db.session.scalar(select(Agent.language).where(Agent.id == agent_id)))


def _agent_name(call: ClientCall) -> str | None:
    """None for an unproven caller: it is not said whose client they are."""
    return db.session.get_one(Offer, call.offer_id).agent.first_name if call.attested else None


def _ring(call: ClientCall, step: Step, agent_first_name: str | None, *, key_url: str | None = None) -> Response:
    said = words(f"client_calls_{step}", agent_first_name=agent_first_name, no_calls=key_url is not None)
    ours = runtime().settings.twilio_call_from
    ended_url = runtime().link(f"/hooks/twilio/forwarded?{STEP}={step}")
    phones = _phones(call, step)
    return twiml(documents.forward(said, phones, ours, ended_url=ended_url, voice=speaker(), key_url=key_url))


def _phones(call: ClientCall, step: Step) -> list[documents.Rung]:
    """The phones of this step. The desk is staffed, and hears no whisper."""
    offer = db.session.get_one(Offer, call.offer_id)
    if step is Step.DESK:
        desk = runtime().settings.desk_phone
        return [documents.Rung(desk)] if desk else []
    if step is Step.AGENT:
        return [documents.Rung(offer.phone or offer.agent.phone, _url(call.id, "whisper", offer.agent_id))]
    return _rung(call, colleagues(db.session(), offer=offer))


def _rung(call: ClientCall, agents: Sequence[Agent]) -> list[documents.Rung]:
    return [documents.Rung(agent.phone, _url(call.id, "whisper", agent.id)) for agent in agents]


def _take_message(agent_first_name: str | None) -> Response:
    """The recording is always announced: many states ask for it."""
    here = runtime()
    return twiml(
        documents.take_message(
            words("take_message", agent_first_name=agent_first_name),
            words("message_taken"),
            done_url=here.link("/hooks/twilio/message-left"),
            recorded_url=here.link("/hooks/twilio/recordings"),
            voice=speaker(),
        )
    )


def _nobody_there(agent_first_name: str | None) -> Response:
    return twiml(documents.say_and_hang_up(words("agent_missed", agent_first_name=agent_first_name), voice=speaker()))


def _call_or_404(call_id: UUID) -> ClientCall:
    call = db.session.get(ClientCall, call_id)
    if call is None or request.form.get("ParentCallSid", call.sid) != call.sid:
        abort(HTTPStatus.NOT_FOUND)
    return call


def _url(call_id: UUID, step: str, agent_id: UUID) -> str:
    return runtime().link(f"/hooks/twilio/client-calls/{call_id}/{step}/{agent_id}")
