"""The agent's home: what is open now, their clients by what to do, and what has moved on; live while it is open."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask import session as visit
from flask_login import current_user, login_required
from werkzeug.wrappers import Response as AnyResponse

from app.claims.missed import missed_in_a_row
from app.core.clock import now
from app.core.database.ids import parse_id
from app.core.language import gettext as _
from app.core.language import mark
from app.core.runtime import runtime
from app.core.urls import offer_path
from app.extensions import db
from app.http.polling import polled
from app.notifications.reach.status import channels_off
from app.numbers.keep import Kept, confirmable, keep_number
from app.numbers.rules import change_to_confirm
from app.offers.models import Offer
from app.pipeline.stages import stage_words
from app.pipeline.worklist import Todo
from app.web import blueprint
from app.web.claim.number import CANNOT_BE_USED
from app.web.portal.channels import asks_to_check
from app.web.portal.current_agent import current_agent
from app.web.portal.listing import PAST_PAGE, home_of, past_offers, wanted_by
from app.web.portal.terms import needs_to_accept

STAYS = "stays"
"""In the visit's cookie: they have missed some, and are there all the same."""
GROUPS: dict[Todo | None, str] = {
    Todo.CALL: mark("Call today"),
    Todo.STALE: mark("Gone quiet"),
    Todo.WAITING: mark("Waiting"),
    Todo.DONE: mark("Done"),
}
CHIPS = {None: mark("All"), **GROUPS, Todo.CALL: mark("To call")}


@blueprint.get("/")
def home() -> AnyResponse:
    """Agents go to their referrals, admins to their desk."""
    if current_user.is_authenticated and current_user.sees_desk and current_user.agent is None:
        return redirect(url_for("admin.referrals"))
    return redirect(url_for("web.referrals"))


@blueprint.get("/referrals")
@login_required
def referrals() -> str:
    """The page."""
    return _page()


@blueprint.get("/referrals/list")
@login_required
def referral_list() -> Response:
    """The list alone, for polling and for a search as it is typed; 304 while it reads the same."""
    chosen_id = parse_id(request.args.get("chosen", ""))
    values = list_values(chosen_id)
    response = polled(render_template("web/portal/list.html", **values))
    if "typed" in request.args:
        beside = f"/{chosen_id}" if chosen_id is not None else ""
        response.headers["HX-Replace-Url"] = f"/referrals{beside}{values['wanted'].query}"
    return response


@blueprint.post("/referrals/here")
@login_required
def still_here() -> AnyResponse:
    """No pause: they are not asked again in this browser until they sign in again."""
    visit[STAYS] = True
    return redirect(url_for("web.referrals"), HTTPStatus.SEE_OTHER)


@blueprint.get("/referrals/past")
@login_required
def past_referrals() -> str:
    """All that moved on in the last 30 days."""
    before = parse_id(request.args.get("before", ""))
    past = past_offers(db.session(), agent_id=current_agent().id, at=now(), before=before)
    values = {
        "agent": current_agent(),
        "past": past,
        "older": past[-1].offer.id if len(past) == PAST_PAGE else None,
        "claim_path": _claim_path,
    }
    return render_template("web/portal/past.html", **values)


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
        return make_response(_page(problem=_(CANNOT_BE_USED)), HTTPStatus.UNPROCESSABLE_ENTITY)
    session.commit()
    return redirect(url_for("web.referrals"), HTTPStatus.SEE_OTHER)


def list_values(chosen_id: UUID | None) -> dict[str, Any]:
    """What the list shows, beside a chosen client or alone."""
    agent, wanted = current_agent(), wanted_by(request.args.to_dict())
    return {
        "agent": agent,
        "wanted": wanted,
        "at": now(),
        "home": home_of(db.session(), agent=agent, wanted=wanted, at=now()),
        "chosen_id": chosen_id,
        "claim_path": _claim_path,
        "chips": {only: _(words) for only, words in CHIPS.items()},
        "groups": {todo: _(words) for todo, words in GROUPS.items()},
        "stage_words": stage_words(),
    }


def notice_values() -> dict[str, object]:
    """What stands in a portal page's notices."""
    return {
        "off": channels_off(db.session(), agent_id=current_agent().id),
        "asks_to_check": asks_to_check(),
        "needs_to_accept": needs_to_accept(),
        "offers_pause": not visit.get(STAYS) and missed_in_a_row(db.session(), agent_id=current_agent().id, at=now()),
    }


def _claim_path(offer: Offer) -> str:
    return offer_path(runtime(), offer.id)


def _page(problem: str | None = None) -> str:
    proven = change_to_confirm(db.session(), agent=current_agent(), at=now())
    values = {**list_values(None), **notice_values()}
    return render_template("web/portal/home.html", **values, proven=proven, problem=problem)
