"""One client of the agent's: who they are, where things stand, and what can be done next."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from app.bookings.models import open_booking
from app.calls.gate import ask_to_call
from app.calls.service import live_call_of_offer
from app.claims.ending import former_claim, standing_agent, standing_claim
from app.claims.models import Claim
from app.claims.others import others_of_client
from app.clients.asking import ask_to_write
from app.clients.consent import Way
from app.clients.gate import gate_of
from app.clients.wishes import wishes_of
from app.core.clock import now
from app.core.database.ids import new_id
from app.core.errors import InvalidInput
from app.core.language import gettext as _
from app.core.runtime import runtime
from app.core.urls import offer_path
from app.extensions import db
from app.history.story import story
from app.inbound.client_reply import LONGEST_REPLY, wrote_lately
from app.inbound.client_texts import conversation
from app.inbound.voicemails import voicemails
from app.offers.models import Offer
from app.people.models import Agent
from app.pipeline.deals import deal_of, report_of
from app.pipeline.follow_ups import next_follow_up
from app.pipeline.handover import may_take_over, open_handover
from app.pipeline.models import LONGEST_NOTE, LONGEST_REASON, Handover
from app.pipeline.notes import notes_of
from app.pipeline.notices import REPORT_WORDS
from app.pipeline.outcome import last_talk
from app.pipeline.stages import UNREACHED, next_stage, place_of, stages_for
from app.referrals.models import Referral
from app.referrals.service import record_view
from app.routing.at_work import goes_on
from app.terms.rules import Lack
from app.web import blueprint
from app.web.portal.current_agent import current_agent
from app.web.portal.home import list_values, notice_values
from app.web.portal.listing import claimed_referral

MAPS = "https://www.google.com/maps/search/?"


@blueprint.get("/referrals/<uuid:referral_id>")
@login_required
def referral(referral_id: UUID) -> str:
    """The client's details; who was shown them is kept. A teammate who is to take them over is asked."""
    asked = open_handover(db.session(), referral_id=referral_id)
    if asked is not None and asked.to_agent_id == current_agent().id:
        return handover_page(asked)
    before = former_claim(db.session(), referral_id=referral_id, agent_id=current_agent().id)
    if before is not None:
        return _formerly(before)
    found = mine_or_404(referral_id)
    record_view(db.session(), referral=found, account_id=current_agent().account_id, where="portal", at=now())
    db.session.commit()
    return referral_page(found)


@blueprint.app_template_filter()
def map_link(referral: Referral) -> str:
    """Where the home is, or where it is to be, on a map."""
    place = ", ".join(filter(None, (referral.address, referral.city, f"{referral.state} {referral.zip_code}")))
    return MAPS + urlencode({"api": 1, "query": place})


@blueprint.app_template_filter()
def tomorrow(today: date) -> date:
    """The day after."""
    return today + timedelta(days=1)


def _formerly(claim: Claim) -> str:
    """What became of a client who was this agent's: nothing of who they are."""
    session = db.session()
    now_with = standing_agent(session, referral_id=claim.referral_id)
    need = session.get_one(Referral, claim.referral_id).need
    return render_template("web/portal/formerly.html", claim=claim, need=need, now_with=now_with, agent=current_agent())


def handover_page(asked: Handover, problem: str | None = None, lacks: Sequence[Lack] = ()) -> str:
    """The question, without a word of who the client is."""
    session = db.session()
    return render_template(
        "web/portal/handover.html",
        asked=asked,
        need=session.get_one(Referral, asked.referral_id).need,
        giver=session.get_one(Agent, asked.from_agent_id),
        agent=current_agent(),
        problem=problem,
        lacks=lacks,
    )


def mine_or_404(referral_id: UUID) -> Referral:
    """A referral that the agent who is signed in has."""
    found = claimed_referral(db.session(), agent_id=current_agent().id, referral_id=referral_id)
    return found or abort(HTTPStatus.NOT_FOUND)


def my_offer_or_404(referral_id: UUID) -> Offer:
    """The offer by which the agent who is signed in has this referral."""
    session = db.session()
    claim = standing_claim(session, referral_id=referral_id, agent_id=current_agent().id)
    if claim is None:
        abort(HTTPStatus.NOT_FOUND)
    return session.get_one(Offer, claim.offer_id)


def back_to(referral_id: UUID, part: str = "") -> AnyResponse:
    """To the page again, at one of its parts."""
    return redirect(url_for("web.referral", referral_id=referral_id, _anchor=part or None), HTTPStatus.SEE_OTHER)


def refused(referral_id: UUID, wrong: Mapping[str, str], typed: Mapping[str, str]) -> Response:
    """The page with what is wrong at its field; what was typed is kept."""
    page = referral_page(mine_or_404(referral_id), wrong=wrong, typed=typed)
    return make_response(page, HTTPStatus.UNPROCESSABLE_ENTITY)


def refused_by(referral_id: UUID, error: InvalidInput) -> Response:
    """The same for input that cannot be taken."""
    db.session.rollback()
    return refused(referral_id, words_of(error), request.form.to_dict())


def words_of(error: InvalidInput) -> dict[str, str]:
    """What is wrong, by field."""
    return {entry.field: entry.message for entry in error.errors}


def referral_page(
    chosen: Referral, *, wrong: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None
) -> str:
    """The page, with its list beside it on a wide screen."""
    return render_template(
        "web/portal/referral.html",
        **list_values(chosen.id),
        **notice_values(),
        **_client_values(chosen),
        **_deal_values(chosen),
        chosen=chosen,
        wrong=wrong or {},
        typed=typed or {},
    )


def _client_values(chosen: Referral) -> dict[str, Any]:
    session, gate, offer = db.session(), gate_of(runtime().settings), my_offer_or_404(chosen.id)
    return {
        "others": others_of_client(session, referral=chosen),
        "wishes": wishes_of(session, phone=chosen.client.phone, keys=gate.keys),
        "talk": last_talk(session, offer_id=offer.id),
        "texts": conversation(session, offer=offer),
        "longest_reply": LONGEST_REPLY,
        "can_call": ask_to_call(session, gate=gate, matter=chosen.matter, at=now()),
        "can_text": ask_to_write(
            session,
            way=Way.TEXT,
            matter=chosen.matter,
            gate=gate,
            at=now(),
            wrote_lately=wrote_lately(session, referral_id=chosen.id, at=now()),
        ),
        "voicemails": voicemails(session, referral_id=chosen.id),
        "booking": open_booking(session, offer_id=offer.id),
        "call_path": offer_path(runtime(), offer.id) if live_call_of_offer(session, offer_id=offer.id) else None,
        "client_zone": chosen.matter.places[0].zone,
    }


def _deal_values(chosen: Referral) -> dict[str, Any]:
    session, agent = db.session(), current_agent()
    deal, claim = deal_of(session, chosen.id), standing_claim(session, referral_id=chosen.id, agent_id=agent.id)
    assert claim is not None
    stage = deal.stage if deal is not None else None
    return {
        "deal": deal,
        "stage": stage,
        "stages": stages_for(chosen.kind),
        "place_of": place_of,
        "next_stage": next_stage(chosen.kind, stage),
        "is_reached": stage not in UNREACHED,
        "notes": notes_of(session, referral_id=chosen.id, agent_id=agent.id),
        "new_note_id": new_id(),
        "longest_note": LONGEST_NOTE,
        "longest_reason": LONGEST_REASON,
        "story": story(session, referral=chosen, agent=agent),
        "reported": report_of(session, referral_id=chosen.id, agent_id=agent.id),
        "report_words": {what: _(words) for what, words in REPORT_WORDS.items()},
        "takers": may_take_over(session, agent=agent) if runtime().settings.hand_over else (),
        "follow_up_at": next_follow_up(session, claim=claim, agent=agent),
        "claim": claim,
        "goes_on_at": goes_on(session, claim, now()),
        "asked_to_take": open_handover(session, referral_id=chosen.id),
    }
