"""Agents on the desk: list, add, edit, pause."""

from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from flask import make_response, redirect, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as AnyResponse

from app.admin import blueprint
from app.admin.forms import Form, load, typed
from app.admin.ids import id_or_404
from app.core.clock import now
from app.core.errors import FieldError, InvalidInput
from app.extensions import db
from app.flows.edit_agent import edit_agent as change_agent
from app.flows.reached_by import reached_by
from app.people.models import Agent, Team
from app.people.rules import display_phone
from app.people.schemas import AgentSchema, agent_details
from app.people.service import AgentDetails, add_agent, get_agent, pause_agent

CONSENT_SOURCE = "admin"
UNPROCESSABLE = 422
OURS = ("name", "email", "phone", "time_zone", "team_id", "takes")
ZONES = sorted(zone for zone in available_timezones() if zone.startswith(("America/", "Pacific/")))


@blueprint.get("/agents")
def agents() -> str:
    """Everybody, by name."""
    query = select(Agent).options(joinedload(Agent.team)).order_by(Agent.name)
    found = list(db.session.scalars(query))
    return render_template("admin/agents.html", agents=found, ways=reached_by(db.session(), found))


@blueprint.get("/agents/new")
def new_agent_form() -> str:
    """An empty form."""
    return _form(Form({"takes": ["buyer", "seller"], "time_zone": "America/Chicago"}), None)


@blueprint.post("/agents/new")
def create_agent() -> AnyResponse:
    """Adds an agent; without their consent to texts there is no agent, since texts are how they are reached."""
    form = typed()
    try:
        details = _details(form)
        if form.values.get("consent") != "yes":
            raise InvalidInput(FieldError("consent", "Texts need the agent's consent."))
        agent = add_agent(db.session(), details=details, consent_source=CONSENT_SOURCE, at=now())
    except InvalidInput as error:
        db.session.rollback()
        return make_response(_form(form.refused(error), None), UNPROCESSABLE)
    db.session.commit()
    return redirect(url_for("admin.edit_agent_form", raw_id=agent.id), 303)


@blueprint.get("/agents/<raw_id>")
def edit_agent_form(raw_id: str) -> str:
    """One agent's form."""
    agent = get_agent(db.session(), id_or_404(raw_id))
    return _form(Form(_values(agent)), agent)


@blueprint.post("/agents/<raw_id>")
def edit_agent(raw_id: str) -> AnyResponse:
    """Changes an agent."""
    agent_id, form = id_or_404(raw_id), typed()
    try:
        change_agent(db.session(), agent_id=agent_id, details=_details(form), at=now())
    except InvalidInput as error:
        db.session.rollback()
        return make_response(_form(form.refused(error), get_agent(db.session(), agent_id)), UNPROCESSABLE)
    db.session.commit()
    return redirect(url_for("admin.agents"), 303)


@blueprint.post("/agents/<raw_id>/pause")
def pause(raw_id: str) -> AnyResponse:
    """No offers until resumed."""
    return _set_pause(id_or_404(raw_id), paused=True)


@blueprint.post("/agents/<raw_id>/resume")
def resume(raw_id: str) -> AnyResponse:
    """Offers again."""
    return _set_pause(id_or_404(raw_id), paused=False)


def _set_pause(agent_id: UUID, *, paused: bool) -> AnyResponse:
    pause_agent(db.session(), agent_id=agent_id, at=now() if paused else None)
    db.session.commit()
    return redirect(url_for("admin.agents"), 303)


def _details(form: Form) -> AgentDetails:
    body = {name: form.values[name] for name in OURS if form.values.get(name)}
    return agent_details(load(AgentSchema(), body))


def _values(agent: Agent) -> dict[str, Any]:
    takes = {"buyer": agent.takes_buyers, "seller": agent.takes_sellers}
    return {
        "name": agent.name,
        "email": agent.email,
        "phone": display_phone(agent.phone),
        "time_zone": agent.time_zone,
        "team_id": str(agent.team_id or ""),
        "takes": [kind for kind, wanted in takes.items() if wanted],
    }


def _form(form: Form, agent: Agent | None) -> str:
    teams = list(db.session.scalars(select(Team).order_by(Team.name)))
    ways = reached_by(db.session(), [agent])[agent.id] if agent is not None else []
    return render_template("admin/agent_form.html", form=form, agent=agent, teams=teams, zones=ZONES, ways=ways)
