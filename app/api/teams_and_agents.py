"""`/teams` and `/agents`."""

from typing import Any

from flask import Response, jsonify

from app.api import blueprint, shown
from app.api.ids import id_or_404
from app.api.once import creates
from app.core.clock import now
from app.extensions import db
from app.flows.after import NOTHING, After
from app.people.schemas import AgentSchema, TeamSchema, agent_details
from app.people.service import add_agent, add_team, get_agent, get_team

CONSENT_SOURCE = "network"
"""The network vouches for the consent of agents it adds."""


@blueprint.post("/teams")
@blueprint.arguments(TeamSchema)
@creates
def create_team(body: dict[str, Any]) -> tuple[dict[str, Any], After]:
    """Adds a team."""
    return shown.team(add_team(db.session(), name=body["name"])), NOTHING


@blueprint.get("/teams/<raw_id>")
def read_team(raw_id: str) -> Response:
    """One team."""
    return jsonify(shown.team(get_team(db.session(), id_or_404(raw_id))))


@blueprint.post("/agents")
@blueprint.arguments(AgentSchema)
@creates
def create_agent(body: dict[str, Any]) -> tuple[dict[str, Any], After]:
    """Adds an agent."""
    details = agent_details(body)
    agent = add_agent(db.session(), details=details, consent_source=CONSENT_SOURCE, at=now())
    return shown.agent(agent), NOTHING


@blueprint.get("/agents/<raw_id>")
def read_agent(raw_id: str) -> Response:
    """One agent."""
    return jsonify(shown.agent(get_agent(db.session(), id_or_404(raw_id))))
