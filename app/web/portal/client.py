"""What a client wants and says, as their agent hears it: wishes, messages, texts, and what came of a call."""

from http import HTTPStatus
from uuid import UUID

from flask import Response, abort, request
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from app.calls.do_not_contact import do_not_contact
from app.clients.gate import gate_of
from app.clients.wishes import Source, Wish
from app.core.clock import now
from app.core.language import gettext as _
from app.core.runtime import runtime
from app.extensions import db
from app.inbound.client_reply import LONGEST_REPLY
from app.inbound.client_texts import reply_to_client
from app.inbound.voicemails import audio_of
from app.pipeline.outcome import record_outcome
from app.web import blueprint
from app.web.claim.outcome import outcome_or_422
from app.web.portal.referral import back_to, mine_or_404, my_offer_or_404


@blueprint.post("/referrals/<uuid:referral_id>/do-not-contact")
@login_required
def do_not_contact_client(referral_id: UUID) -> AnyResponse:
    """The client has told the agent that they want no calls."""
    here, session = runtime(), db.session()
    found = mine_or_404(referral_id)
    wish = Wish(found.client.phone, Source.AGENT, referral_id=found.id)
    outbox = do_not_contact(session, wish=wish, keys=gate_of(here.settings).keys, at=now())
    session.commit()
    outbox.enqueue(here.queue)
    return back_to(referral_id)


@blueprint.get("/referrals/<uuid:referral_id>/voicemails/<uuid:voicemail_id>")
@login_required
def voicemail(referral_id: UUID, voicemail_id: UUID) -> Response:
    """A message of the client, to listen to."""
    audio = audio_of(db.session(), voicemail_id=voicemail_id, referral_id=mine_or_404(referral_id).id)
    if audio is None:
        abort(HTTPStatus.NOT_FOUND)
    return Response(audio, content_type="audio/mpeg")


@blueprint.post("/referrals/<uuid:referral_id>/reply")
@login_required
def reply(referral_id: UUID) -> AnyResponse:
    """Answers the client by text, from our number."""
    session, body = db.session(), " ".join(request.form.get("body", "").split())
    offer = my_offer_or_404(referral_id)
    if not 0 < len(body) <= LONGEST_REPLY:
        abort(HTTPStatus.UNPROCESSABLE_ENTITY, _("body: write 1 to %(most)s characters.", most=LONGEST_REPLY))
    outbox = reply_to_client(session, offer=offer, body=body, at=now())
    session.commit()
    outbox.enqueue(runtime().queue)
    return back_to(referral_id)


@blueprint.post("/referrals/<uuid:referral_id>/outcome")
@login_required
def outcome_of_call(referral_id: UUID) -> AnyResponse:
    """What came of the call with the client."""
    here, session, offer = runtime(), db.session(), my_offer_or_404(referral_id)
    keys = gate_of(here.settings).keys
    outbox = record_outcome(session, offer_id=offer.id, outcome=outcome_or_422(), keys=keys, at=now())
    session.commit()
    outbox.enqueue(here.queue)
    return back_to(referral_id)
