"""Client on the line: an adviser holds the client while agents are rung."""

from http import HTTPStatus
from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from marshmallow import Schema
from werkzeug.wrappers import Response as AnyResponse

from app.admin import blueprint
from app.admin.referrals import EMPTY, on_the_line, referral_or_404, referral_page
from app.core.clock import now
from app.core.errors import InvalidInput
from app.core.fields import phone_field
from app.core.runtime import runtime
from app.extensions import db
from app.http.forms import load, typed
from app.http.polling import polled
from app.offers.service import Window
from app.transfers.agents import ring_agents
from app.transfers.message import keep_message
from app.transfers.service import ask_for_transfer, call_off, live_transfer

BY_CODE = "code"


class AdviserSchema(Schema):
    """Whose phone it is."""

    phone = phone_field()


@blueprint.get("/referrals/<uuid:referral_id>/transfer")
def transfer(referral_id: UUID) -> Response:
    """How it stands, alone, for polling."""
    found, at = referral_or_404(referral_id), now()
    values = on_the_line(found, at)
    if values["transfer"] is None:
        return Response(status=HTTPStatus.NO_CONTENT)
    return polled(render_template("admin/transfer.html", chosen=found, form=EMPTY, at=at, **values))


@blueprint.post("/referrals/<uuid:referral_id>/transfer")
def begin_transfer(referral_id: UUID) -> AnyResponse:
    """Rings the adviser's phone, or gives a code to type on it."""
    found, form = referral_or_404(referral_id), typed()
    try:
        asked = load(AdviserSchema(), {"phone": form.values.get("phone", "")})
        _asked, outbox = ask_for_transfer(
            db.session(),
            referral_id=found.id,
            account_id=current_user.id,
            phone=asked["phone"],
            by_code=form.values.get("by") == BY_CODE,
            at=now(),
        )
        db.session.commit()
    except InvalidInput as error:
        db.session.rollback()
        return make_response(referral_page(found, form=form.refused(error)), HTTPStatus.UNPROCESSABLE_ENTITY)
    outbox.enqueue(runtime().queue)
    return _back_to(referral_id)


@blueprint.post("/referrals/<uuid:referral_id>/transfer/ring")
def ring_for_transfer(referral_id: UUID) -> AnyResponse:
    """Rings agents, now or again."""
    found, here, session = referral_or_404(referral_id), runtime(), db.session()
    live = live_transfer(session, referral_id=found.id)
    if live is not None:
        window = Window(here.settings.offer_minutes)
        rung = ring_agents(
            session, transfer_id=live.id, window=window, at=now(), ring_seconds=here.settings.ring_seconds
        )
        session.commit()
        rung.outbox.enqueue(here.queue)
    return _back_to(referral_id)


@blueprint.post("/referrals/<uuid:referral_id>/transfer/end")
def end_transfer(referral_id: UUID) -> AnyResponse:
    """Ends it for everybody who is on the line, unless an agent has joined."""
    outbox = call_off(db.session(), referral_id=referral_or_404(referral_id).id, at=now())
    db.session.commit()
    outbox.enqueue(runtime().queue)
    return _back_to(referral_id)


@blueprint.post("/referrals/<uuid:referral_id>/transfer/message")
def leave_message(referral_id: UUID) -> AnyResponse:
    """What the agent should know."""
    found, form = referral_or_404(referral_id), typed()
    message = request.form.get("message", "").replace("\0", "").strip()
    try:
        keep_message(db.session(), referral_id=found.id, message=message)
    except InvalidInput as error:
        db.session.rollback()
        return make_response(referral_page(found, form=form.refused(error)), HTTPStatus.UNPROCESSABLE_ENTITY)
    db.session.commit()
    return _back_to(referral_id)


def _back_to(referral_id: UUID) -> AnyResponse:
    return redirect(url_for("admin.referral", referral_id=referral_id), HTTPStatus.SEE_OTHER)
