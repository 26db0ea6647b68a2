"""Teams over the API."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify

from app.api import blueprint, serializers
from app.api.idempotency import creates
from app.core.queue.outbox import NOTHING, Outbox
from app.extensions import db
from app.people.schemas import TeamSchema
from app.people.service import add_team, get_team


@blueprint.post("/teams")
@blueprint.arguments(TeamSchema)
@creates
def create_team(body: dict[str, Any]) -> tuple[dict[str, Any], Outbox]:
    """Adds a team."""
    return serializers.team(add_team(db.session(), name=body["name"])), NOTHING


@blueprint.get("/teams/<uuid:team_id>")
def read_team(team_id: UUID) -> Response:
    """One team."""
    return jsonify(serializers.team(get_team(db.session(), team_id)))
