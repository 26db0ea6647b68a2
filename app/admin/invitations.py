"""The desk's page of invitation links and requests to join."""

from http import HTTPStatus
from uuid import UUID

from flask import make_response, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import func, select
from werkzeug.wrappers import Response as AnyResponse

from app.access.invitation_link import link_of
from app.access.invitations import end_invitations, invitation_of, invite_from_desk, name_of_team, of_desk
from app.access.joining import all_waiting, turn_away
from app.admin import blueprint
from app.core.clock import now
from app.core.database.ids import parse_id
from app.core.errors import InvalidInput
from app.core.runtime import runtime
from app.extensions import db
from app.http.joining import admit
from app.people.models import Team

MOST_SHOWN = 100


@blueprint.get("/agents/invite")
def invitations() -> str:
    """Undecided requests, and the link to the chosen team or to the network."""
    return _page()


@blueprint.post("/agents/invite")
def make_invitation_at_desk() -> AnyResponse:
    """Makes a new link, and ends the desk's previous one to the same team."""
    team_id = _team_id()
    invite_from_desk(db.session(), admin=current_user, team_id=team_id, at=now())
    db.session.commit()
    return _back(team_id)


@blueprint.post("/agents/invite/end")
def end_invitation_at_desk() -> AnyResponse:
    """Ends the link."""
    team_id = _team_id()
    end_invitations(db.session(), which=of_desk(team_id), at=now())
    db.session.commit()
    return _back(team_id)


@blueprint.post("/agents/requests/<uuid:request_id>/let-in")
def let_in_at_desk(request_id: UUID) -> AnyResponse:
    """Accepts a request. Without a team an agent gets no referrals until their areas are set: that form comes next."""
    try:
        agent = admit(request_id, decides_for=None)
    except InvalidInput as error:
        return make_response(_page(problem=error.errors[0].message), HTTPStatus.UNPROCESSABLE_ENTITY)
    if agent is not None and agent.team_id is None:
        return redirect(url_for("admin.edit_agent_form", agent_id=agent.id), HTTPStatus.SEE_OTHER)
    return _back(None)


@blueprint.post("/agents/requests/<uuid:request_id>/turn-away")
def turn_away_at_desk(request_id: UUID) -> AnyResponse:
    """Declines a request."""
    turn_away(db.session(), request_id=request_id, decides_for=None, at=now())
    db.session.commit()
    return _back(None)


def _page(problem: str | None = None) -> str:
    session, team_id = db.session(), _team_id()
    named = session.execute(select(Team.id, Team.name).order_by(func.lower(Team.name))).tuples().all()
    found = invitation_of(session, which=of_desk(team_id), at=now())
    return render_template(
        "admin/invite.html",
        waiting=all_waiting(session, most=MOST_SHOWN),
        teams={None: "on their own"} | dict(named),
        team_id=team_id,
        sent=link_of(runtime(), found, team=name_of_team(session, team_id)) if found is not None else None,
        problem=problem,
    )


def _team_id() -> UUID | None:
    """The chosen team; None for agents without a team."""
    team_id = parse_id(request.values.get("team", ""))
    return team_id if team_id is not None and db.session.get(Team, team_id) is not None else None


def _back(team_id: UUID | None) -> AnyResponse:
    return redirect(url_for("admin.invitations", team=team_id), HTTPStatus.SEE_OTHER)
