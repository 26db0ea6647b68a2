"""`/events`: recorded events, for software that polls or catches up."""

from datetime import timedelta
from uuid import UUID

from flask import Response, jsonify, request
from marshmallow import Schema, fields, validate
from sqlalchemy import select

from app.api import blueprint
from app.core.clock import now
from app.extensions import db
from app.http.forms import load
from app.webhooks.envelope import event_json
from app.webhooks.models import Event
from app.webhooks.rules import TEST

MOST, USUAL = 500, 100
SETTLED = timedelta(seconds=10)
"""Ids are in the order of time, but a transaction that records an event earlier may commit later: by then each has."""


class EventsSchema(Schema):
    """Which events to return."""

    class Meta:
        unknown = "raise"

    after = fields.UUID(load_default=None)
    limit = fields.Integer(load_default=USUAL, validate=validate.Range(1, MOST, error=f"1 to {MOST}."))


@blueprint.get("/events")
def read_events() -> Response:
    """Events after the given one, oldest first."""
    asked = load(EventsSchema(), request.args)
    after: UUID | None = asked["after"]
    query = select(Event).where(Event.type != TEST, Event.at < now() - SETTLED).order_by(Event.id)
    if after is not None:
        query = query.where(Event.id > after)
    found = list(db.session.scalars(query.limit(asked["limit"])))
    return jsonify(events=[event_json(event) for event in found], has_more=len(found) == asked["limit"])
