"""The lead's side of joining: the link, its code to be scanned, and who waits for an answer."""

from http import HTTPStatus
from uuid import UUID

from flask import abort, make_response, redirect, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from app.access.invitation_link import link_of
from app.access.invitations import end_invitations, invitation_of, invite, of_lead
from app.access.joining import turn_away, waiting_for
from app.core.clock import now
from app.core.errors import InvalidInput
from app.core.runtime import runtime
from app.extensions import db
from app.http.joining import admit
from app.people.models import Agent
from app.web import blueprint
from app.web.portal.team import lead_or_404, team_page


@blueprint.post("/team/invitation")
@login_required
def make_invitation() -> AnyResponse:
    """A new link; the old one is good for nothing."""
    invite(db.session(), lead=lead_or_404(), at=now())
    db.session.commit()
    return _back()


@blueprint.post("/team/invitation/end")
@login_required
def end_invitation() -> AnyResponse:
    """No link."""
    end_invitations(db.session(), which=of_lead(_team_id()), at=now())
    db.session.commit()
    return _back()


@blueprint.post("/team/requests/<uuid:request_id>/let-in")
@login_required
def let_somebody_in(request_id: UUID) -> AnyResponse:
    """Yes: they are an agent of the team from now on, and get what is still open."""
    try:
        admit(request_id, decides_for=_team_id())
    except InvalidInput as error:
        return make_response(team_page(problem=error.errors[0].message), HTTPStatus.UNPROCESSABLE_ENTITY)
    return _back()


@blueprint.post("/team/requests/<uuid:request_id>/turn-away")
@login_required
def turn_somebody_away(request_id: UUID) -> AnyResponse:
    """No."""
    turn_away(db.session(), request_id=request_id, decides_for=_team_id(), at=now())
    db.session.commit()
    return _back()


@blueprint.app_template_global()
def invitation_values(agent: Agent) -> dict[str, object]:
    """For the team's page: the undecided requests, and the link."""
    session, team_id = db.session(), agent.team_id or abort(HTTPStatus.NOT_FOUND)
    found = invitation_of(session, which=of_lead(team_id), at=now())
    team = agent.team.name if agent.team is not None else None
    return {
        "waiting": waiting_for(session, team_id=team_id),
        "sent": link_of(runtime(), found, team=team) if found is not None else None,
    }


def _team_id() -> UUID:
    return lead_or_404().team_id or abort(HTTPStatus.NOT_FOUND)


def _back() -> AnyResponse:
    return redirect(url_for("web.team", _anchor="invite"), HTTPStatus.SEE_OTHER)
