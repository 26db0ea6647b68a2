"""Joining a team by its lead's link: a form that anybody with the link may send, and the lead decides."""

from http import HTTPStatus
from typing import Any
from zoneinfo import available_timezones

from flask import Response, abort, make_response, render_template, request

from app.access.invitations import ask_to_join, name_of_team, open_invitation
from app.access.models import Invitation
from app.core.clock import now
from app.core.errors import InvalidInput
from app.core.language import language
from app.core.limits import Limit
from app.core.runtime import Purpose, runtime
from app.extensions import db
from app.http.forms import load
from app.people.schemas import JoinSchema, agent_details
from app.people.service import get_agent
from app.web import blueprint

ZONES = sorted(zone for zone in available_timezones() if zone.startswith(("America/", "Pacific/")))
TYPED = ("name", "email", "phone", "time_zone")


@blueprint.get("/join/<token>")
def join_page(token: str) -> Response:
    """The form."""
    return _page(_invitation(token))


@blueprint.post("/join/<token>")
def join(token: str) -> Response:
    """Asks to join."""
    invitation, typed = _invitation(token), request.form
    if not runtime().limits.allow(Limit.JOIN_REQUESTS_PER_LINK, str(invitation.id)):
        abort(HTTPStatus.TOO_MANY_REQUESTS)
    body: dict[str, Any] = {name: typed.get(name, "") for name in TYPED}
    body |= {"takes": typed.getlist("takes"), "consent": typed.get("consent") == "yes", "language": language()}
    try:
        details = agent_details(load(JoinSchema(), body))
        outbox = ask_to_join(db.session(), invitation=invitation, details=details, at=now())
    except InvalidInput as error:
        db.session.rollback()
        return _page(_invitation(token), {one.field: one.message for one in error.errors})
    db.session.commit()
    outbox.enqueue(runtime().queue)
    return make_response(render_template("web/join_asked.html", lead=get_agent(db.session(), invitation.agent_id)))


def _invitation(token: str) -> Invitation:
    id_ = runtime().signer.verify(Purpose.INVITATION, token)
    found = open_invitation(db.session(), invitation_id=id_, at=now()) if id_ is not None else None
    return found or abort(HTTPStatus.NOT_FOUND)


def _page(invitation: Invitation, wrong: dict[str, str] | None = None) -> Response:
    lead = get_agent(db.session(), invitation.agent_id)
    page = render_template(
        "web/join.html",
        lead=lead,
        team=name_of_team(db.session(), invitation.team_id),
        url=request.path,
        typed=request.form,
        takes=request.form.getlist("takes") if wrong else ["buyer", "seller"],
        zones=ZONES,
        wrong=wrong or {},
    )
    return make_response(page, HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK)
