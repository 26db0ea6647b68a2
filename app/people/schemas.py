"""What can be said about teams and agents, over the API and in forms."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate

from app.core.fields import REQUIRED, Text
from app.core.ground import ground
from app.core.kinds import ReferralKind
from app.people.rules import NotUsable, parse_email, parse_phone, parse_time_zone
from app.people.service import AgentDetails

TAKES = "Give buyer, seller, or both."


class Checked(Text):
    """A string that one of our rules reads."""

    def __init__(self, rule: Callable[[str], str], *, longest: int, **options: Any) -> None:
        self._rule = rule
        super().__init__(longest=longest, **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return self._rule(text)
        except NotUsable as error:
            raise ValidationError(str(error)) from None


def _allowed_phone(raw: str) -> str:
    return parse_phone(raw, ground().settings.countries)


def phone_field() -> Checked:
    """A phone as people type it; E.164 afterwards."""
    return Checked(_allowed_phone, longest=40, required=True)


def email_field() -> Checked:
    """An email address."""
    return Checked(parse_email, longest=254, required=True)


class TeamSchema(Schema):
    """A team."""

    class Meta:
        unknown = "raise"

    name = Text(longest=80, required=True)


class AgentSchema(Schema):
    """An agent."""

    class Meta:
        unknown = "raise"

    name = Text(longest=80, required=True)
    email = email_field()
    phone = phone_field()
    time_zone = Checked(parse_time_zone, longest=40, required=True)
    team_id = fields.UUID(load_default=None, allow_none=True, error_messages={"invalid_uuid": "This is not an id."})
    takes = fields.List(
        fields.Enum(ReferralKind, by_value=True, error_messages={"unknown": TAKES}),
        required=True,
        validate=validate.Length(min=1, error=TAKES),
        error_messages={"required": REQUIRED, "null": REQUIRED, "invalid": TAKES},
    )


def agent_details(loaded: dict[str, Any]) -> AgentDetails:
    """What AgentSchema loaded, for the service."""
    takes: list[ReferralKind] = loaded["takes"]
    team_id: UUID | None = loaded["team_id"]
    return AgentDetails(
        name=loaded["name"],
        email=loaded["email"],
        phone=loaded["phone"],
        time_zone=loaded["time_zone"],
        takes_buyers=ReferralKind.BUYER in takes,
        takes_sellers=ReferralKind.SELLER in takes,
        team_id=team_id,
    )
