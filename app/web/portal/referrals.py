"""The portal of a signed-in agent: their referrals, and the details of clients they have claimed."""

from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask_login import current_user, login_required
from werkzeug.wrappers import Response as AnyResponse

from app.core.clock import now
from app.core.database.ids import parse_id
from app.core.runtime import runtime
from app.core.urls import offer_path
from app.extensions import db
from app.http.polling import polled
from app.notifications.reach.status import channels_off
from app.numbers.keep import Kept, confirmable, keep_number
from app.numbers.rules import change_to_confirm
from app.referrals.models import Referral
from app.referrals.service import record_view
from app.web import blueprint
from app.web.claim.number import CANNOT_BE_USED
from app.web.portal.channels import asks_to_check
from app.web.portal.client import client_values
from app.web.portal.current_agent import current_agent
from app.web.portal.listing import claimed_referral, home_of


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


def _page(chosen: Referral | None, problem: str | None = None) -> str:
    agent = current_agent()
    return render_template(
        "web/referrals.html",
        **_list_values(chosen.id if chosen is not None else None),
        **(client_values(chosen) if chosen is not None else {}),
        chosen=chosen,
        proven=change_to_confirm(db.session(), agent=agent, at=now()),
        problem=problem,
        off=channels_off(db.session(), agent_id=agent.id),
        asks_to_check=asks_to_check(),
    )
