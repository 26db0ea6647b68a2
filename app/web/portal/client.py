"""One client in the portal: what is known of them, and what their agent does about them."""

from http import HTTPStatus
from uuid import UUID

from flask import Response, abort, redirect, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from app.calls.do_not_contact import do_not_contact
from app.calls.outcome import last_talk, record_outcome
from app.claims.others import others_of_client
from app.clients.asking import ask_to_write
from app.clients.consent import Way
from app.clients.gate import gate_of
from app.clients.wishes import Source, Wish, wishes_of
from app.core.clock import now
from app.core.runtime import runtime
from app.extensions import db
from app.inbound.client_reply import LONGEST_REPLY
from app.inbound.client_texts import conversation, reply_to_client
from app.inbound.voicemails import audio_of, voicemails
from app.offers.models import Offer
from app.referrals.models import Referral
from app.web import blueprint
from app.web.claim.outcome import outcome_or_422
from app.web.portal.current_agent import current_agent
from app.web.portal.listing import claimed_offer_id, claimed_referral


def client_values(chosen: Referral) -> dict[str, object]:
    """What the page of a claimed referral shows of its client."""
    session, gate, offer = db.session(), gate_of(runtime().settings), _offer_or_404(chosen.id)
    return {
        "others": others_of_client(session, referral=chosen),
        "wishes": wishes_of(session, phone=chosen.client.phone, keys=gate.keys),
        "talk": last_talk(session, offer_id=offer.id),
        "texts": conversation(session, offer=offer),
        "longest_reply": LONGEST_REPLY,
        "can_text": ask_to_write(session, way=Way.TEXT, matter=chosen.matter, gate=gate, at=now()),
        "voicemails": voicemails(session, offer_id=offer.id),
    }


@blueprint.post("/referrals/<uuid:referral_id>/do-not-contact")
@login_required
def do_not_contact_client(referral_id: UUID) -> AnyResponse:
    """The client has told the agent that they want no calls."""
    here, session = runtime(), db.session()
    found = claimed_referral(session, agent_id=current_agent().id, referral_id=referral_id)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    wish = Wish(found.client.phone, Source.AGENT, referral_id=found.id)
    outbox = do_not_contact(session, wish=wish, keys=gate_of(here.settings).keys, at=now())
    session.commit()
    outbox.enqueue(here.queue)
    return redirect(url_for("web.referral", referral_id=referral_id), HTTPStatus.SEE_OTHER)


@blueprint.get("/referrals/<uuid:referral_id>/voicemails/<uuid:voicemail_id>")
@login_required
def voicemail(referral_id: UUID, voicemail_id: UUID) -> Response:
    """A message of the client, to listen to."""
    audio = audio_of(db.session(), voicemail_id=voicemail_id, offer_id=_offer_or_404(referral_id).id)
    if audio is None:
        abort(HTTPStatus.NOT_FOUND)
    return Response(audio, content_type="audio/mpeg")


@blueprint.post("/referrals/<uuid:referral_id>/reply")
@login_required
def reply(referral_id: UUID) -> AnyResponse:
    """Answers the client by text, from our number."""
    session, body = db.session(), " ".join(request.form.get("body", "").split())
    offer = _offer_or_404(referral_id)
    if not 0 < len(body) <= LONGEST_REPLY:
        abort(HTTPStatus.UNPROCESSABLE_ENTITY, f"body: write 1 to {LONGEST_REPLY} characters.")
    outbox = reply_to_client(session, offer=offer, body=body, at=now())
    session.commit()
    outbox.enqueue(runtime().queue)
    return redirect(url_for("web.referral", referral_id=referral_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/referrals/<uuid:referral_id>/outcome")
@login_required
def outcome_of_call(referral_id: UUID) -> AnyResponse:
    """What came of the call with the client."""
    here, session, offer = runtime(), db.session(), _offer_or_404(referral_id)
    keys = gate_of(here.settings).keys
    outbox = record_outcome(session, offer_id=offer.id, outcome=outcome_or_422(), keys=keys, at=now())
    session.commit()
    outbox.enqueue(here.queue)
    return redirect(url_for("web.referral", referral_id=referral_id), HTTPStatus.SEE_OTHER)


def _offer_or_404(referral_id: UUID) -> Offer:
    """The offer by which the agent who is signed in has this referral."""
    session = db.session()
    offer_id = claimed_offer_id(session, agent_id=current_agent().id, referral_id=referral_id)
    if offer_id is None:
        abort(HTTPStatus.NOT_FOUND)
    return session.get_one(Offer, offer_id)
