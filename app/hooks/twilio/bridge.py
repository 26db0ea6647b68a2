"""The client's leg of a call: what becomes of it, who picked it up, and what the agent says came of it."""

from uuid import UUID

from flask import Response, request

from app.calls.bridge import bridge_ended, hear_client, joined_client, report_client
from app.calls.reached import ANSWERED_BY, OUTCOME_KEYS, Reached
from app.clients.gate import gate_of
from app.core.clock import now
from app.core.runtime import runtime
from app.core.urls import call_url
from app.extensions import db
from app.hooks.twilio import blueprint
from app.hooks.twilio.answers import KEY, nothing, twiml, words
from app.hooks.twilio.guard import call_of_client_or_404, call_or_404
from app.hooks.twilio.reported import bridge_end, check_sid, status_report
from app.notifications.wording.voice import speaker
from app.offers.models import Offer
from app.pipeline.deals import note_calls
from app.pipeline.outcome import record_outcome
from app.providers.twilio import twiml as documents
from app.transfers.service import transfer_of_call


@blueprint.post("/calls/<uuid:call_id>/client")
def client(call_id: UUID) -> Response:
    """What becomes of the client's leg."""
    ref = call_or_404(call_id)
    report_client(db.session(), call_id=ref.call_id, report=status_report(), shortest=_shortest(), at=now())
    note_calls(db.session(), offer_id=ref.offer_id, at=now())
    db.session.commit()
    return nothing()


@blueprint.post("/calls/<uuid:call_id>/client-heard")
def client_heard(call_id: UUID) -> Response:
    """Who picked up the client's phone, as far as the carrier can hear."""
    ref = call_of_client_or_404(call_id)
    heard = ANSWERED_BY.get(request.form.get("AnsweredBy", ""), Reached.UNKNOWN)
    hear_client(db.session(), call_id=ref.call_id, heard=heard, shortest=_shortest(), at=now())
    note_calls(db.session(), offer_id=ref.offer_id, at=now())
    db.session.commit()
    return nothing()


@blueprint.post("/calls/<uuid:call_id>/bridge")
def bridge(call_id: UUID) -> Response:
    """The bridge is over. An agent who stays on the line is asked what came of it, if somebody picked up."""
    ref, end = call_or_404(call_id), bridge_end()
    if end.joined and transfer_of_call(db.session(), call_id=ref.call_id) is not None:
        joined_client(db.session(), call_id=ref.call_id, at=now())  # should the conference's report have got lost
    outbox, reached = bridge_ended(db.session(), call_id=ref.call_id, end=end, shortest=_shortest(), at=now())
    note_calls(db.session(), offer_id=ref.offer_id, at=now())
    db.session.commit()
    outbox.enqueue(runtime().queue)
    if end.hung_up:
        return twiml(documents.hang_up())
    name = db.session.get_one(Offer, ref.offer_id).referral.client.first_name
    if reached is not None:
        said = words("outcome", client_first_name=name)
        return twiml(documents.menu(said, key_url=call_url(runtime(), ref.call_id, "outcome"), voice=speaker()))
    said = words("client_missed", client_first_name=name, how=request.form.get("DialCallStatus", ""))
    return twiml(documents.say_and_hang_up(said, voice=speaker()))


@blueprint.post("/calls/<uuid:call_id>/outcome")
def outcome(call_id: UUID) -> Response:
    """The agent's key says what came of the call. They are asked once: silence ends the call."""
    ref = call_or_404(call_id)
    check_sid(ref)
    said = OUTCOME_KEYS.get(request.values.get(KEY, ""))
    if said is None:
        return twiml(documents.hang_up())
    here, session = runtime(), db.session()
    keys = gate_of(here.settings).keys
    outbox = record_outcome(session, offer_id=ref.offer_id, outcome=said, keys=keys, at=now())
    session.commit()
    outbox.enqueue(here.queue)
    name = session.get_one(Offer, ref.offer_id).referral.client.first_name
    return twiml(
        documents.say_and_hang_up(words("outcome_kept", client_first_name=name, outcome=said), voice=speaker())
    )


def _shortest() -> int:
    return runtime().settings.talk_seconds
