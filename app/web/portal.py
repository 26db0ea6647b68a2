"""The portal of a signed-in agent: their referrals, and the details of clients they have claimed."""

from flask import Response, abort, make_response, redirect, render_template, url_for
from flask_login import current_user, login_required
from werkzeug.wrappers import Response as AnyResponse

from app.core.clock import now
from app.core.ground import ground
from app.core.ids import parse_id
from app.extensions import db
from app.flows.addresses import offer_path
from app.flows.keep_number import Kept, confirmable, keep_number
from app.flows.portal_view import claimed_referral, referrals_of
from app.flows.reach import channels_off
from app.people.numbers import change_to_confirm
from app.referrals.service import record_view
from app.web import blueprint
from app.web.channels import asks_to_check
from app.web.number import CANNOT_BE_USED, UNPROCESSABLE
from app.web.the_agent import the_agent


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


@blueprint.get("/referrals/<raw_id>")
@login_required
def referral(raw_id: str) -> str | Response:
    """One claimed referral with the client's details; who was shown them is kept."""
    agent, referral_id = the_agent(), parse_id(raw_id)
    found = claimed_referral(db.session(), agent_id=agent.id, referral_id=referral_id) if referral_id else None
    if found is None:
        abort(404)
    record_view(db.session(), referral=found, account_id=agent.account_id, where="portal", at=now())
    db.session.commit()
    return _page(chosen=found)


@blueprint.post("/number/<raw_id>/confirm")
@login_required
def confirm_proven_number(raw_id: str) -> AnyResponse:
    """Makes a phone that was proven by a link the agent's own: they have signed in, so it is the person, too."""
    agent, change_id, session = the_agent(), parse_id(raw_id), db.session()
    change = confirmable(session, change_id=change_id, at=now()) if change_id else None
    if change is None or change.agent_id != agent.id:
        abort(404)
    if not isinstance(keep_number(session, change_id=change.id, at=now()), Kept):
        session.rollback()
        return make_response(_page(chosen=None, problem=CANNOT_BE_USED), UNPROCESSABLE)
    session.commit()
    return redirect(url_for("web.referrals"), 303)


def _page(chosen: object, problem: str | None = None) -> str:
    agent = the_agent()
    here = ground()
    return render_template(
        "web/referrals.html",
        agent=agent,
        listed=referrals_of(db.session(), agent_id=agent.id, at=now()),
        chosen=chosen,
        proven=change_to_confirm(db.session(), agent=agent, at=now()),
        problem=problem,
        off=channels_off(db.session(), agent_id=agent.id),
        asks_to_check=asks_to_check(),
        claim_path=lambda offer: offer_path(here, offer.id),
    )
