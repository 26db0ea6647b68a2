"""A client changes hands: given back to the network, or handed over to a teammate who accepts."""

from http import HTTPStatus
from uuid import UUID

from flask import abort, redirect, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from app.claims.accept import Lacking
from app.core.clock import now
from app.core.errors import InvalidInput
from app.core.language import gettext as _
from app.core.language import mark
from app.core.queue.outbox import Outbox
from app.core.runtime import runtime
from app.extensions import db
from app.http.forms import load
from app.offers.service import Window
from app.pipeline.handover import ask_to_take_over, open_handover, refuse_handover, withdraw_handover
from app.pipeline.models import Handover
from app.pipeline.release import Held, OnTheLine, lock_claim, release
from app.pipeline.schemas import HandoverSchema, ReleaseSchema
from app.pipeline.take_over import take_over
from app.routing.going_on import go_on_after_claim
from app.web import blueprint
from app.web.portal.current_agent import current_agent
from app.web.portal.referral import back_to, handover_page, mine_or_404, refused, refused_by

TALKING = mark("You are on the line with them. Finish the call first.")


@blueprint.post("/referrals/<uuid:referral_id>/release")
@login_required
def release_client(referral_id: UUID) -> AnyResponse:
    """Gives the client back."""
    mine_or_404(referral_id)
    try:
        why = load(ReleaseSchema(), request.form)["why"]
    except InvalidInput as error:
        return refused_by(referral_id, error)
    agent, window = current_agent(), Window(runtime().settings.offer_minutes)
    session = db.session()
    outbox = release(session, referral_id=referral_id, agent_id=agent.id, reason=why, window=window, at=now())
    if isinstance(outbox, OnTheLine):
        db.session.rollback()
        return refused(referral_id, {"why": _(TALKING)}, request.form.to_dict())
    if outbox is not None:
        outbox += go_on_after_claim(session, referral_id=referral_id, window=window, at=now())
    _commit(outbox)
    return redirect(url_for("web.referrals"), HTTPStatus.SEE_OTHER)


@blueprint.post("/referrals/<uuid:referral_id>/hand-over")
@login_required
def hand_over(referral_id: UUID) -> AnyResponse:
    """Asks a teammate to take the client over."""
    mine_or_404(referral_id)
    if not runtime().settings.hand_over:
        abort(HTTPStatus.NOT_FOUND)
    session, agent = db.session(), current_agent()
    try:
        asked = load(HandoverSchema(), request.form)
        held = lock_claim(session, referral_id=referral_id, agent_id=agent.id, at=now(), end_calls=False)
        if not isinstance(held, Held):
            session.rollback()
            return refused(referral_id, {"to": _(TALKING)}, request.form.to_dict())
        outbox = ask_to_take_over(
            session, referral_id=referral_id, agent=agent, to_agent_id=asked["to"], words=asked["say"], at=now()
        )
    except InvalidInput as error:
        return refused_by(referral_id, error)
    _commit(outbox)
    return back_to(referral_id, "hands")


@blueprint.post("/referrals/<uuid:referral_id>/keep")
@login_required
def keep_client(referral_id: UUID) -> AnyResponse:
    """Takes the question to a teammate back."""
    mine_or_404(referral_id)
    withdraw_handover(db.session(), referral_id=referral_id, at=now())
    db.session.commit()
    return back_to(referral_id, "hands")


@blueprint.post("/referrals/<uuid:referral_id>/take-over")
@login_required
def take_client_over(referral_id: UUID) -> AnyResponse | str:
    """Accepts a client from a teammate."""
    asked, agent = _asked_or_404(referral_id), current_agent()
    window = Window(runtime().settings.offer_minutes)
    outbox = take_over(db.session(), handover_id=asked.id, agent=agent, window=window, at=now())
    if not isinstance(outbox, Outbox):
        db.session.rollback()
        if outbox is None:
            abort(HTTPStatus.NOT_FOUND)
        if isinstance(outbox, Lacking):
            return handover_page(asked, lacks=outbox.lacks)
        return handover_page(asked, problem=_("They are on the line right now. Try again when the call is over."))
    _commit(outbox)
    return back_to(referral_id)


@blueprint.post("/referrals/<uuid:referral_id>/refuse")
@login_required
def refuse_client(referral_id: UUID) -> AnyResponse:
    """Says no to a teammate."""
    outbox = refuse_handover(db.session(), handover_id=_asked_or_404(referral_id).id, agent=current_agent(), at=now())
    _commit(outbox)
    return redirect(url_for("web.referrals"), HTTPStatus.SEE_OTHER)


def _asked_or_404(referral_id: UUID) -> Handover:
    asked = open_handover(db.session(), referral_id=referral_id)
    if asked is None or asked.to_agent_id != current_agent().id:
        abort(HTTPStatus.NOT_FOUND)
    return asked


def _commit(outbox: Outbox | None) -> None:
    db.session.commit()
    if outbox is not None:
        outbox.enqueue(runtime().queue)
