"""An endpoint as the desk's form sends it."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from app.config.webhook_hosts import place_of
from app.core.runtime import runtime
from app.webhooks.rules import Topic

NEEDED = "This is needed."
NOWHERE = "Give an https address on the public internet, without a name and password in it."


def _reachable(url: str) -> None:
    if place_of(url, runtime().settings.webhook_hosts) is None:
        raise ValidationError(NOWHERE)


class EndpointSchema(Schema):
    """Where it is, and what it is told."""

    class Meta:
        unknown = "raise"

    url = fields.String(
        required=True,
        validate=[validate.Length(min=1, error=NEEDED), _reachable],
        error_messages={"required": NEEDED, "invalid": NEEDED},
    )
    topics = fields.List(
        fields.String(validate=validate.OneOf(list(Topic), error="There is no such topic.")),
        required=True,
        validate=validate.Length(min=1, error="Choose at least one."),
    )


def endpoint_details(loaded: dict[str, Any]) -> tuple[str, list[Topic]]:
    """The address and the topics, each once."""
    return loaded["url"], [topic for topic in Topic if topic in loaded["topics"]]
