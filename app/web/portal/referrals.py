"""The portal of a signed-in agent: their referrals, and the details of clients they have claimed."""

from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask_login import current_user, login_required
from werkzeug.wrappers import Response as AnyResponse

from app.calls.do_not_contact import do_not_contact
from app.calls.models import Call
from app.calls.outcome import last_talk, record_outcome
from app.claims.others import others_of_client
from app.clients.asking import ask_to_write
from app.clients.consent import Way
from app.clients.gate import Answer, gate_of
from app.clients.wishes import DoNotContact, Source, Wish, wishes_of
from app.core.clock import now
from app.core.database.ids import parse_id
from app.core.runtime import runtime
from app.core.urls import offer_path
from app.extensions import db
from app.http.polling import polled
from app.inbound.client_reply import LONGEST_REPLY
from app.inbound.client_texts import Line, conversation, reply_to_client
from app.inbound.voicemails import Voicemail, audio_of, voicemails
from app.notifications.reach.status import channels_off
from app.numbers.keep import Kept, confirmable, keep_number
from app.numbers.rules import change_to_confirm
from app.offers.models import Offer
from app.referrals.models import Referral
from app.referrals.service import record_view
from app.web import blueprint
from app.web.claim.number import CANNOT_BE_USED
from app.web.claim.outcome import outcome_or_422
from app.web.portal.channels import asks_to_check
from app.web.portal.current_agent import current_agent
from app.web.portal.listing import claimed_offer_id, claimed_referral, home_of


@blueprint.get("/")
def home() -> AnyResponse:
    """Agents go to their referrals, admins to their desk."""
    if current_user.is_authenticated and current_user.is_admin and current_user.agent is None:
        return redirect(url_for("admin.referrals"))
    return redirect(url_for("web.referrals"))


@blueprint.get("/referrals")
@login_required
def referrals() -> str:
    """The list."""
    return _page(chosen=None)


@blueprint.get("/referrals/list")
@login_required
def referral_list() -> Response:
    """The list alone, for polling; 304 while it reads the same."""
    chosen_id = parse_id(request.args.get("chosen", ""))
    return polled(render_template("web/referral_list.html", **_list_values(chosen_id)))


@blueprint.get("/referrals/<uuid:referral_id>")
@login_required
def referral(referral_id: UUID) -> str | Response:
    """One claimed referral with the client's details; who was shown them is kept."""
    agent = current_agent()
    found = claimed_referral(db.session(), agent_id=agent.id, referral_id=referral_id)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    record_view(db.session(), referral=found, account_id=agent.account_id, where="portal", at=now())
    db.session.commit()
    return _page(chosen=found)


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
    session = db.session()
    offer_id = claimed_offer_id(session, agent_id=current_agent().id, referral_id=referral_id)
    audio = audio_of(session, voicemail_id=voicemail_id, offer_id=offer_id) if offer_id is not None else None
    if audio is None:
        abort(HTTPStatus.NOT_FOUND)
    return Response(audio, content_type="audio/mpeg")


@blueprint.post("/referrals/<uuid:referral_id>/reply")
@login_required
def reply(referral_id: UUID) -> AnyResponse:
    """Answers the client by text, from our number."""
    session, body = db.session(), " ".join(request.form.get("body", "").split())
    offer_id = claimed_offer_id(session, agent_id=current_agent().id, referral_id=referral_id)
    if offer_id is None:
        abort(HTTPStatus.NOT_FOUND)
    if not 0 < len(body) <= LONGEST_REPLY:
        abort(HTTPStatus.UNPROCESSABLE_ENTITY, f"body: write 1 to {LONGEST_REPLY} characters.")
    outbox = reply_to_client(session, offer=session.get_one(Offer, offer_id), body=body, at=now())
    session.commit()
    outbox.enqueue(runtime().queue)
    return redirect(url_for("web.referral", referral_id=referral_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/referrals/<uuid:referral_id>/outcome")
@login_required
def outcome_of_call(referral_id: UUID) -> AnyResponse:
    """What came of the call with the client."""
    here, session = runtime(), db.session()
    offer_id = claimed_offer_id(session, agent_id=current_agent().id, referral_id=referral_id)
    if offer_id is None:
        abort(HTTPStatus.NOT_FOUND)
    keys = gate_of(here.settings).keys
    outbox = record_outcome(session, offer_id=offer_id, outcome=outcome_or_422(), keys=keys, at=now())
    session.commit()
    outbox.enqueue(here.queue)
    return redirect(url_for("web.referral", referral_id=referral_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/number/<uuid:change_id>/confirm")
@login_required
def confirm_proven_number(change_id: UUID) -> AnyResponse:
    """Makes a phone that was proven by a link the agent's own: they have signed in, so it is the person, too."""
    agent, session = current_agent(), db.session()
    change = confirmable(session, change_id=change_id, at=now())
    if change is None or change.agent_id != agent.id:
        abort(HTTPStatus.NOT_FOUND)
    if not isinstance(keep_number(session, change_id=change.id, at=now()), Kept):
        session.rollback()
        return make_response(_page(chosen=None, problem=CANNOT_BE_USED), HTTPStatus.UNPROCESSABLE_ENTITY)
    session.commit()
    return redirect(url_for("web.referrals"), HTTPStatus.SEE_OTHER)


def _list_values(chosen_id: UUID | None) -> dict[str, object]:
    agent, here = current_agent(), runtime()
    before = parse_id(request.args.get("before", ""))
    asked = {"before": before, "chosen": chosen_id}
    return {
        "agent": agent,
        "home": home_of(db.session(), agent_id=agent.id, before=before, at=now()),
        "chosen_id": chosen_id,
        "query": urlencode({name: value for name, value in asked.items() if value is not None}),
        "claim_path": lambda offer: offer_path(here, offer.id),
    }


def _wishes_of(chosen: Referral) -> list[DoNotContact]:
    keys = gate_of(runtime().settings).keys
    return wishes_of(db.session(), phone=chosen.client.phone, keys=keys)


def _last_talk(chosen: Referral) -> Call | None:
    session = db.session()
    offer_id = claimed_offer_id(session, agent_id=current_agent().id, referral_id=chosen.id)
    return last_talk(session, offer_id=offer_id) if offer_id is not None else None


def _texts(chosen: Referral) -> Sequence[Line]:
    session = db.session()
    offer_id = claimed_offer_id(session, agent_id=current_agent().id, referral_id=chosen.id)
    return conversation(session, offer=session.get_one(Offer, offer_id)) if offer_id is not None else []


def _can_text(chosen: Referral) -> Answer:
    gate = gate_of(runtime().settings)
    return ask_to_write(db.session(), way=Way.TEXT, matter=chosen.matter, gate=gate, at=now())


def _voicemails(chosen: Referral) -> Sequence[Voicemail]:
    session = db.session()
    offer_id = claimed_offer_id(session, agent_id=current_agent().id, referral_id=chosen.id)
    return voicemails(session, offer_id=offer_id) if offer_id is not None else []


def _page(chosen: Referral | None, problem: str | None = None) -> str:
    agent = current_agent()
    return render_template(
        "web/referrals.html",
        **_list_values(chosen.id if chosen is not None else None),
        chosen=chosen,
        others=others_of_client(db.session(), referral=chosen) if chosen is not None else [],
        wishes=_wishes_of(chosen) if chosen is not None else [],
        talk=_last_talk(chosen) if chosen is not None else None,
        texts=_texts(chosen) if chosen is not None else [],
        longest_reply=LONGEST_REPLY,
        voicemails=_voicemails(chosen) if chosen is not None else [],
        can_text=_can_text(chosen) if chosen is not None else None,
        proven=change_to_confirm(db.session(), agent=agent, at=now()),
        problem=problem,
        off=channels_off(db.session(), agent_id=agent.id),
        asks_to_check=asks_to_check(),
    )
