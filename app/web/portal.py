"""The portal of a signed-in agent: their referrals, and the details of clients they have claimed."""

from flask import Response, abort, redirect, render_template, url_for
from flask_login import current_user, login_required
from werkzeug.wrappers import Response as AnyResponse

from app.core.clock import now
from app.core.ground import ground
from app.core.ids import parse_id
from app.extensions import db
from app.flows.addresses import offer_path
from app.flows.portal_view import claimed_referral, referrals_of
from app.people.models import Agent
from app.referrals.service import record_view
from app.web import blueprint


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
    agent, referral_id = _agent(), parse_id(raw_id)
    found = claimed_referral(db.session(), agent_id=agent.id, referral_id=referral_id) if referral_id else None
    if found is None:
        abort(404)
    record_view(db.session(), referral=found, account_id=agent.account_id, where="portal", at=now())
    db.session.commit()
    return _page(chosen=found)


def _page(chosen: object) -> str:
    agent = _agent()
    here = ground()
    return render_template(
        "web/referrals.html",
        agent=agent,
        listed=referrals_of(db.session(), agent_id=agent.id, at=now()),
        chosen=chosen,
        claim_path=lambda offer: offer_path(here, offer.id),
    )


def _agent() -> Agent:
    agent = current_user.agent
    if not isinstance(agent, Agent):
        abort(404)
    return agent
