"""What can be said about teams and agents, over the API and in forms."""

from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from app.core.contact import parse_time_zone
from app.core.fields import REQUIRED, Checked, Text, email_field, phone_field
from app.core.language import LANGUAGES, mark
from app.core.referral_kind import ReferralKind
from app.people.serves import ServesSchema
from app.people.service import AgentDetails

NOT_AN_ID: dict[str, Any] = {"invalid_uuid": mark("This is not an id.")}
TAKES = mark("Give buyer, seller, or both.")
IN_WHICH = mark("Give en or es.")
NO_TEXTS = mark("Referrals come by text: without your consent there are none.")
A_TIME = mark("Give a time, such as 09:00.")


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
    team_id = fields.UUID(load_default=None, allow_none=True, error_messages=NOT_AN_ID)
    brokerage = Text(longest=80, blank=True, load_default=None, allow_none=True)
    lead = fields.Boolean(load_default=None, allow_none=True, error_messages={"invalid": mark("Give true or false.")})
    language = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(LANGUAGES, error=IN_WHICH))
    serves = fields.Nested(ServesSchema, load_default=None, allow_none=True)
    takes = fields.List(
        fields.Enum(ReferralKind, by_value=True, error_messages={"unknown": TAKES}),
        required=True,
        validate=validate.Length(min=1, error=TAKES),
        error_messages={"required": REQUIRED, "null": REQUIRED, "invalid": TAKES},
    )


class MineSchema(Schema):
    """What an agent sets about themselves."""

    class Meta:
        unknown = "raise"

    takes = fields.List(
        fields.Enum(ReferralKind, by_value=True, error_messages={"unknown": TAKES}),
        required=True,
        validate=validate.Length(min=1, error=TAKES),
    )
    first = fields.Time(required=True, error_messages={"invalid": A_TIME})
    second = fields.Time(required=True, error_messages={"invalid": A_TIME})

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data["first"] >= data["second"]:
            raise ValidationError(mark("Choose a time after the first."), "second")


class RingSchema(Schema):
    """When an agent is rung for a new offer without asking for it."""

    class Meta:
        unknown = "raise"

    ring_from = fields.Time(required=True, error_messages={"invalid": A_TIME})
    ring_until = fields.Time(required=True, error_messages={"invalid": A_TIME})
    wanted = fields.Boolean(load_default=False)
    again = fields.Boolean(load_default=False)

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data["ring_from"] >= data["ring_until"]:
            raise ValidationError(mark("Choose a time after the first."), "ring_until")


class JoinSchema(AgentSchema):
    """What somebody says of themselves who asks to join a team."""

    class Meta:
        unknown = "raise"
        exclude = ("team_id", "brokerage", "lead", "serves")

    consent = fields.Boolean(
        required=True,
        validate=validate.Equal(True, error=NO_TEXTS),
        error_messages={"required": NO_TEXTS, "null": NO_TEXTS, "invalid": NO_TEXTS},
    )


class LanguageSchema(Schema):
    """The language an agent is spoken to in."""

    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES, error=IN_WHICH))


class DaySchema(Schema):
    """The hours of one day."""

    begins = fields.Time(required=True, error_messages={"invalid": A_TIME})
    ends = fields.Time(required=True, error_messages={"invalid": A_TIME})

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data["begins"] >= data["ends"]:
            raise ValidationError(mark("Choose a time after the first."), "ends")


def agent_details(loaded: dict[str, Any]) -> AgentDetails:
    """What AgentSchema loaded, for the service."""
    takes: list[ReferralKind] = loaded["takes"]
    team_id: UUID | None = loaded.get("team_id")
    return AgentDetails(
        name=loaded["name"],
        email=loaded["email"],
        phone=loaded["phone"],
        time_zone=loaded["time_zone"],
        takes_buyers=ReferralKind.BUYER in takes,
        takes_sellers=ReferralKind.SELLER in takes,
        team_id=team_id,
        brokerage=loaded.get("brokerage"),
        is_lead=loaded.get("lead"),
        language=loaded["language"],
    )
