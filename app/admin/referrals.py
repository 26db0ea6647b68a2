"""A referral on the desk: what happened to it and what can be done; and sending one."""

from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from http import HTTPStatus
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as AnyResponse

from app.admin import blueprint
from app.admin.board.page import board_values
from app.admin.board.views import DESK_ZONE
from app.admin.targets import suggestions, target
from app.calls.do_not_contact import do_not_contact
from app.calls.models import Call
from app.claims.ending import claim_of
from app.claims.others import others_of_client
from app.clients.gate import gate_of
from app.clients.service import consents_of
from app.clients.wishes import Source, Wish, wishes_of
from app.core.clock import now
from app.core.contact import display_phone
from app.core.database.ids import new_id, parse_id
from app.core.errors import InvalidInput
from app.core.runtime import runtime
from app.desk.acts import pending_of
from app.desk.models import LONGEST_WHY
from app.desk.rules import ACTIONS, possible
from app.extensions import db
from app.history.lanes import lanes
from app.history.timeline import timeline
from app.history.transfer_lines import TRANSFER_ENDS
from app.http.forms import Form, load, typed
from app.http.polling import polled
from app.offers.service import Window
from app.people.models import Agent
from app.referrals.intake_rules import intake_rules
from app.referrals.models import Referral
from app.referrals.schemas import ReferralSchema, nested, new_referral
from app.referrals.service import record_view, was_shown
from app.routing.intake import close_held, refer, release_held
from app.routing.models import Routed
from app.routing.versions import rules_of
from app.routing.why import why
from app.terms.models import TermsVersion
from app.transfers.models import Transfer
from app.transfers.service import newest_transfer

GOES_TO = {"team_id": "Choose a team or an agent. They are offered as you type."}
ALLOWS = "client.consent.channels"
EMPTY = Form()
ASKED_LATELY = timedelta(hours=1)
SHOWN_FOR = timedelta(minutes=15)
"""How long it is shown how a live transfer ended."""


@blueprint.get("/referrals/<uuid:referral_id>/timeline")
def referral_timeline(referral_id: UUID) -> Response:
    """What happened, alone, for polling: nothing in it says who the client is."""
    found = referral_or_404(referral_id)
    return polled(render_template("admin/happening.html", chosen=found, **_happening(found)))


@blueprint.get("/referrals/<uuid:referral_id>")
def referral(referral_id: UUID) -> str:
    """One referral, without who its client is."""
    return referral_page(referral_or_404(referral_id))


@blueprint.post("/referrals/<uuid:referral_id>/client")
def show_client(referral_id: UUID) -> str:
    """The same with who the client is; that it was asked for is kept."""
    found = referral_or_404(referral_id)
    record_view(db.session(), referral=found, account_id=current_user.id, where="admin", at=now())
    db.session.commit()
    return referral_page(found, shows_client=True)


@blueprint.get("/referrals/new")
def new_referral_form() -> str:
    """The form; the id it carries makes sending it twice one referral."""
    return _form(Form({"id": str(new_id()), "kind": "seller"}))


@blueprint.get("/referrals/targets")
def referral_targets() -> str:
    """What a referral can go to that has what was typed in it, as options."""
    typed_so_far = request.args.get("to", "").replace("\0", "").strip()
    return render_template("admin/targets.html", targets=suggestions(db.session(), typed_so_far))


@blueprint.post("/referrals/new")
def send_referral() -> AnyResponse:
    """Sends a referral."""
    form = typed()
    try:
        referral_id = _send(form)
    except InvalidInput as error:
        db.session.rollback()
        return make_response(_form(form.refused(error, GOES_TO)), HTTPStatus.UNPROCESSABLE_ENTITY)
    return _back_to(referral_id)


@blueprint.post("/referrals/<uuid:referral_id>/release")
def release_referral(referral_id: UUID) -> AnyResponse:
    """Offers a held referral."""
    outbox = release_held(db.session(), referral_id=referral_or_404(referral_id).id, window=_window(), at=now())
    db.session.commit()
    outbox.enqueue(runtime().queue)
    return _back_to(referral_id)


@blueprint.post("/referrals/<uuid:referral_id>/close")
def close_referral(referral_id: UUID) -> AnyResponse:
    """Closes a held referral."""
    close_held(db.session(), referral_id=referral_or_404(referral_id).id, at=now())
    db.session.commit()
    return _back_to(referral_id)


@blueprint.post("/referrals/<uuid:referral_id>/do-not-contact")
def do_not_contact_client(referral_id: UUID) -> AnyResponse:
    """Puts its client on the do-not-contact list."""
    found, here = referral_or_404(referral_id), runtime()
    wish = Wish(found.client.phone, Source.DESK, referral_id=found.id)
    outbox = do_not_contact(db.session(), wish=wish, keys=gate_of(here.settings).keys, at=now())
    db.session.commit()
    outbox.enqueue(here.queue)
    return _back_to(referral_id)


def _back_to(referral_id: UUID) -> AnyResponse:
    return redirect(url_for("admin.referral", referral_id=referral_id), HTTPStatus.SEE_OTHER)


def referral_or_404(referral_id: UUID) -> Referral:
    found = db.session.get(Referral, referral_id)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    return found


def _send(form: Form) -> UUID:
    referral_id = parse_id(form.values.get("id", "")) or new_id()
    if db.session.get(Referral, referral_id) is not None:
        return referral_id
    body = _body()
    body.update(target(db.session(), form.values.get("to", "").replace("\0", "")))
    new = new_referral({**load(ReferralSchema(), body), "id": referral_id})
    settings = runtime().settings
    try:
        referred = refer(db.session(), new=new, window=_window(), at=now(), rules=intake_rules(settings))
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        if db.session.get(Referral, referral_id) is None:
            raise
        return referral_id  # the same form, sent twice at once
    referred.outbox.enqueue(runtime().queue)
    return referral_id


def _body() -> dict[str, Any]:
    """The form as an API body. A consent counts only if a basis is chosen."""
    body = nested({name: value for name, value in request.form.items() if name not in ("id", "to", "takes", ALLOWS)})
    consent = body["client"].get("consent")
    if consent is not None:
        consent["channels"] = request.form.getlist(ALLOWS)
        with suppress(ValueError, KeyError):
            consent["at"] = datetime.fromisoformat(consent["at"]).replace(tzinfo=ZoneInfo(DESK_ZONE)).isoformat()
    return body


def _window() -> Window:
    return Window(runtime().settings.offer_minutes)


def _form(form: Form) -> str:
    offered = suggestions(db.session(), "")
    return render_template("admin/referral_form.html", form=form, targets=offered)


def referral_page(chosen: Referral, *, form: Form = EMPTY, shows_client: bool = False) -> str:
    """The board with one referral beside it; the client is masked unless `shows_client`."""
    return render_template(
        "admin/board.html",
        **{**board_values(), **_happening(chosen), **on_the_line(chosen, now())},
        **_of_client(chosen),
        chosen=chosen,
        chosen_id=chosen.id,
        actions={action: ACTIONS[action] for action in possible(chosen.status)},
        form=form,
        adviser_phone=_adviser_phone(),
        longest_why=LONGEST_WHY,
        shows_client=shows_client,
    )


def _happening(chosen: Referral) -> dict[str, object]:
    """What changes by itself."""
    session, at = db.session(), now()
    pending = pending_of(session, referral_id=chosen.id)
    return {
        "entries": timeline(session, referral=chosen, quotes=_has_asked(chosen, at)),
        "lanes": lanes(session, referral=chosen),
        "pending": pending,
        "pending_kind": ACTIONS[pending.action] if pending is not None else None,
        "waves": rules_of(session, chosen.id).waves if session.get(Routed, chosen.id) is not None else None,
        "zone": chosen.time_zone,
        "at": at,
    }


def on_the_line(chosen: Referral, at: datetime) -> dict[str, object]:
    """The live transfer that goes on, or ended a short while ago."""
    session = db.session()
    found = newest_transfer(session, referral_id=chosen.id)
    if found is None or (found.ended_at is not None and at - found.ended_at > SHOWN_FOR):
        return {"transfer": None, "transfer_is_live": False}
    call = session.get(Call, found.call_id) if found.call_id is not None else None
    return {
        "transfer": found,
        "transfer_is_live": found.ended_at is None,
        "taker": session.get_one(Agent, call.agent_id).name if call is not None else None,
        "transfer_end": TRANSFER_ENDS[found.ended_how] if found.ended_how is not None else None,
        "our_number": runtime().settings.twilio_call_from,
    }


def _adviser_phone() -> str:
    """The phone that this admin gave last."""
    query = select(Transfer.phone).where(Transfer.account_id == current_user.id).order_by(Transfer.id.desc()).limit(1)
    phone = db.session.scalar(query)
    return display_phone(phone) if phone is not None else ""


def _has_asked(chosen: Referral, at: datetime) -> bool:
    """Whether this admin has unmasked the client in the last hour, and may read the client's texts."""
    return was_shown(db.session(), referral_id=chosen.id, account_id=current_user.id, since=at - ASKED_LATELY)


def _of_client(chosen: Referral) -> dict[str, object]:
    session = db.session()
    return {
        "others": others_of_client(session, referral=chosen),
        "consents": consents_of(session, client_id=chosen.client_id),
        "wishes": wishes_of(session, phone=chosen.client.phone, keys=gate_of(runtime().settings).keys),
        "claimed_by_terms": _claimed_by_terms(chosen),
        "why": why(session, referral_id=chosen.id),
        "twin": session.get(Referral, chosen.duplicate_of) if chosen.duplicate_of else None,
    }


def _claimed_by_terms(chosen: Referral) -> tuple[int, Decimal | None] | None:
    """The version of the terms that held at the claim, and the fee; None where there were none."""
    claim = claim_of(db.session(), referral_id=chosen.id)
    if claim is None or claim.terms_id is None:
        return None
    return db.session.get_one(TermsVersion, claim.terms_id).number, claim.fee_percent
