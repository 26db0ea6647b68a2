"""The team as its lead sees it: who can be reached now, what is live, whose clients are where."""

from http import HTTPStatus
from uuid import UUID

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from app.core.clock import now
from app.core.errors import InvalidInput
from app.core.language import gettext as _
from app.core.runtime import runtime
from app.extensions import db
from app.http.polling import polled
from app.offers.service import Window
from app.people.availability import pause_until, resume
from app.people.models import Agent
from app.pipeline.stages import stage_words
from app.pipeline.team import clients_of_team, live_offers_of_team, members_of
from app.routing.on_duty import offer_what_is_open
from app.web import blueprint
from app.web.portal.current_agent import current_agent
from app.web.portal.me import end_of_pause


@blueprint.get("/team")
@login_required
def team() -> str:
    """The page."""
    return team_page()


@blueprint.get("/team/now")
@login_required
def team_now() -> Response:
    """Who can be reached and what is live, for polling; 304 while it reads the same."""
    return polled(render_template("web/portal/team_now.html", **_values()))


@blueprint.post("/team/members/<uuid:agent_id>")
@login_required
def member(agent_id: UUID) -> AnyResponse:
    """What a member takes, and whether they are there."""
    found = _member_or_404(agent_id)
    typed = request.form
    try:
        if "until" in typed:
            pause_until(
                db.session(), agent=found, until=end_of_pause(typed["until"], found.time_zone) or now(), at=now()
            )
        elif "resume" in typed:
            _back(found)
        else:
            _takes(found, typed.getlist("takes"))
    except InvalidInput as error:
        db.session.rollback()
        wrong = error.errors[0].message
        return make_response(team_page(problem=wrong), HTTPStatus.UNPROCESSABLE_ENTITY)
    db.session.commit()
    return redirect(url_for("web.team"), HTTPStatus.SEE_OTHER)


def _takes(found: Agent, kinds: list[str]) -> None:
    if not {"buyer", "seller"} & set(kinds):
        abort(HTTPStatus.UNPROCESSABLE_ENTITY, _("takes: choose buyers, sellers, or both."))
    found.takes_buyers, found.takes_sellers = "buyer" in kinds, "seller" in kinds


def _back(found: Agent) -> None:
    if found.paused_until is not None:
        outbox = offer_what_is_open(
            db.session(), agent=found, window=Window(runtime().settings.offer_minutes), at=now()
        )
        resume(db.session(), agent=found)
        db.session.commit()
        outbox.enqueue(runtime().queue)


def lead_or_404() -> Agent:
    """Whoever is signed in, if they lead a team."""
    agent = current_agent()
    if not agent.is_lead or agent.team_id is None:
        abort(HTTPStatus.NOT_FOUND)
    return agent


def _member_or_404(agent_id: UUID) -> Agent:
    lead, found = lead_or_404(), db.session.get(Agent, agent_id)
    if found is None or found.team_id != lead.team_id or found.left_at is not None:
        abort(HTTPStatus.NOT_FOUND)
    return found


def _values() -> dict[str, object]:
    lead = lead_or_404()
    assert lead.team is not None
    session, at = db.session(), now()
    members = members_of(session, team_id=lead.team.id)
    return {
        "agent": lead,
        "team": lead.team,
        "members": members,
        "there": sum(one.is_there for one in members),
        "live": live_offers_of_team(session, team_id=lead.team.id, at=at),
        "at": at,
    }


def team_page(problem: str | None = None) -> str:
    """The page; `problem`: why what was asked for could not be done."""
    values, team_id = _values(), lead_or_404().team_id
    assert team_id is not None
    return render_template(
        "web/portal/team.html",
        **values,
        clients=clients_of_team(db.session(), team_id=team_id),
        stage_words=stage_words(),
        problem=problem,
    )
