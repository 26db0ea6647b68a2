"""Agents over the API."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify

from app.api import blueprint, serializers
from app.api.idempotency import creates
from app.core.clock import now
from app.core.queue.outbox import NOTHING, Outbox
from app.core.runtime import runtime
from app.extensions import db
from app.notifications.reach.welcome import welcome
from app.people.schemas import AgentSchema, agent_details
from app.people.serves import ServesSchema, keep_serves, serves_loaded
from app.people.service import add_agent, get_agent

CONSENT_SOURCE = "network"
"""The network vouches for the consent of agents it adds."""


@blueprint.post("/agents")
@blueprint.arguments(AgentSchema)
@creates
def create_agent(body: dict[str, Any]) -> tuple[dict[str, Any], Outbox]:
    """Adds an agent."""
    details = agent_details(body)
    agent = add_agent(db.session(), details=details, consent_source=CONSENT_SOURCE, at=now())
    if body["serves"] is not None:
        keep_serves(db.session(), agent=agent, serves=serves_loaded(body["serves"]))
    greets = runtime().settings.welcome_texts
    return serializers.agent(db.session(), agent), welcome(db.session(), agent=agent, at=now()) if greets else NOTHING


@blueprint.get("/agents/<uuid:agent_id>")
def read_agent(agent_id: UUID) -> Response:
    """One agent."""
    return jsonify(serializers.agent(db.session(), get_agent(db.session(), agent_id)))


@blueprint.put("/agents/<uuid:agent_id>/serves")
@blueprint.arguments(ServesSchema)
def replace_serves(body: dict[str, Any], agent_id: UUID) -> Response:
    """Sets which clients an agent serves."""
    agent = get_agent(db.session(), agent_id)
    keep_serves(db.session(), agent=agent, serves=serves_loaded(body))
    db.session.commit()
    return jsonify(serializers.agent(db.session(), agent))
