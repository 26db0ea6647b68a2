"""The form behind an invitation link. Anyone with the link can send it; the inviter decides."""

from http import HTTPStatus
from typing import Any
from zoneinfo import available_timezones

from flask import Response, abort, make_response, render_template, request

from app.access.invitations import name_of_team, open_invitation
from app.access.joining import ask_to_join
from app.access.models import Invitation
from app.core.clock import now
from app.core.errors import InvalidInput
from app.core.language import language
from app.core.limits import Limit
from app.core.runtime import Purpose, runtime
from app.extensions import db
from app.http.forms import load
from app.people.models import Agent
from app.people.schemas import JoinSchema, agent_details
from app.people.service import get_agent
from app.web import blueprint

ZONES = sorted(zone for zone in available_timezones() if zone.startswith(("America/", "Pacific/")))
ZONE = "America/Chicago"
"""The fallback; a script selects the browser's own time zone."""
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
    return make_response(render_template("web/join_asked.html", lead=_lead(invitation)))


def _invitation(token: str) -> Invitation:
    id_ = runtime().signer.verify(Purpose.INVITATION, token)
    found = open_invitation(db.session(), invitation_id=id_, at=now()) if id_ is not None else None
    return found or abort(HTTPStatus.NOT_FOUND)


def _lead(invitation: Invitation) -> Agent | None:
    """The lead who made the link; None if an admin did."""
    return get_agent(db.session(), invitation.agent_id) if invitation.agent_id is not None else None


def _page(invitation: Invitation, wrong: dict[str, str] | None = None) -> Response:
    lead = _lead(invitation)
    page = render_template(
        "web/join.html",
        lead=lead,
        team=name_of_team(db.session(), invitation.team_id) or runtime().settings.brand_name,
        zone=request.form.get("time_zone") or (lead.time_zone if lead is not None else ZONE),
        url=request.path,
        typed=request.form,
        takes=request.form.getlist("takes") if wrong else ["buyer", "seller"],
        zones=ZONES,
        wrong=wrong or {},
    )
    return make_response(page, HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK)
