"""Agents on the desk: add, edit, pause."""

from http import HTTPStatus
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from flask import make_response, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from app.admin import blueprint
from app.admin.targets import agents_like
from app.core.clock import now
from app.core.contact import display_phone
from app.core.errors import FieldError, InvalidInput
from app.core.language import LANGUAGES
from app.core.queue.outbox import NOTHING
from app.core.runtime import runtime
from app.core.urls import local_path
from app.extensions import db
from app.http.forms import Form, load, typed
from app.http.serves_form import serves_shown, serves_typed
from app.notifications.reach.contact_change import edit_agent as change_agent
from app.notifications.reach.welcome import welcome
from app.offers.service import Window
from app.people.models import Agent, Team
from app.people.schemas import AgentSchema, agent_details
from app.people.serves import keep_serves, serves_of
from app.people.service import AgentDetails, add_agent, get_agent, pause_agent
from app.routing.on_duty import offer_what_is_open

CONSENT_SOURCE = "admin"
OURS = ("name", "email", "phone", "time_zone", "team_id", "language", "takes")
ZONES = sorted(zone for zone in available_timezones() if zone.startswith(("America/", "Pacific/")))


@blueprint.get("/agents/named")
def agents_named() -> str:
    """Agents who have what was typed in their name or email, as options."""
    typed_so_far = (request.args.get("to", "") or "").replace("\0", "").strip()
    return render_template("admin/targets.html", targets=agents_like(db.session(), typed_so_far))


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
        keep_serves(db.session(), agent=agent, serves=serves_typed(form.values))
        greeting = welcome(db.session(), agent=agent, at=now()) if runtime().settings.welcome_texts else NOTHING
    except InvalidInput as error:
        db.session.rollback()
        return make_response(_form(form.refused(error), None), HTTPStatus.UNPROCESSABLE_ENTITY)
    db.session.commit()
    greeting.enqueue(runtime().queue)
    return redirect(url_for("admin.agent", agent_id=agent.id), HTTPStatus.SEE_OTHER)


@blueprint.get("/agents/<uuid:agent_id>/edit")
def edit_agent_form(agent_id: UUID) -> str:
    """One agent's form."""
    agent = get_agent(db.session(), agent_id)
    return _form(Form(_values(agent)), agent)


@blueprint.post("/agents/<uuid:agent_id>")
def edit_agent(agent_id: UUID) -> AnyResponse:
    """Changes an agent."""
    form = typed()
    try:
        change_agent(db.session(), agent_id=agent_id, details=_details(form), at=now())
        keep_serves(db.session(), agent=get_agent(db.session(), agent_id), serves=serves_typed(form.values))
    except InvalidInput as error:
        db.session.rollback()
        return make_response(
            _form(form.refused(error), get_agent(db.session(), agent_id)), HTTPStatus.UNPROCESSABLE_ENTITY
        )
    db.session.commit()
    return redirect(url_for("admin.agent", agent_id=agent_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/agents/<uuid:agent_id>/pause")
def pause(agent_id: UUID) -> AnyResponse:
    """No offers until resumed."""
    return _set_pause(agent_id, paused=True)


@blueprint.post("/agents/<uuid:agent_id>/resume")
def resume(agent_id: UUID) -> AnyResponse:
    """Offers again."""
    return _set_pause(agent_id, paused=False)


def _set_pause(agent_id: UUID, *, paused: bool) -> AnyResponse:
    session = db.session()
    outbox = (
        NOTHING
        if paused
        else offer_what_is_open(
            session, agent=get_agent(session, agent_id), window=Window(runtime().settings.offer_minutes), at=now()
        )
    )
    pause_agent(session, agent_id=agent_id, at=now() if paused else None)
    session.commit()
    outbox.enqueue(runtime().queue)
    return redirect(local_path(request.form.get("next")) or url_for("admin.agents"), HTTPStatus.SEE_OTHER)


def _details(form: Form) -> AgentDetails:
    body = {name: form.values[name] for name in OURS if form.values.get(name)}
    body["brokerage"] = form.values.get("brokerage", "")
    body["lead"] = form.values.get("lead") == "yes"
    return agent_details(load(AgentSchema(), body))


def _values(agent: Agent) -> dict[str, Any]:
    takes = {"buyer": agent.takes_buyers, "seller": agent.takes_sellers}
    return {
        "name": agent.name,
        "email": agent.email,
        "phone": display_phone(agent.phone),
        "brokerage": agent.brokerage or "",
        "lead": "yes" if agent.is_lead else "",
        "language": agent.language,
        "time_zone": agent.time_zone,
        "team_id": str(agent.team_id or ""),
        "takes": [kind for kind, wanted in takes.items() if wanted],
        **serves_shown(serves_of(db.session(), agent=agent)),
    }


def _form(form: Form, agent: Agent | None) -> str:
    teams = list(db.session.scalars(select(Team).order_by(Team.name)))
    return render_template(
        "admin/agent_form.html",
        form=form,
        agent=agent,
        teams=teams,
        zones=ZONES,
        languages=LANGUAGES,
    )
