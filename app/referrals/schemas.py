"""What can be said about a referral, over the API and in the form."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, pre_load, validate, validates_schema

from app.clients.schemas import NEEDED, ClientSchema, new_client
from app.core.fields import REQUIRED, Checked, Text
from app.core.places import parse_state, parse_zip
from app.core.referral_kind import ReferralKind
from app.core.runtime import runtime
from app.referrals.service import NewReferral

DEAREST = 1_000_000_000
MOST_DIGITS = 12
"""Of a price that can still be told to be too much; longer ones are no price at all."""
BEHIND = re.compile(r"(.*\d)[\s,;]*((?:x|ext\.?|extension|#|;ext=)\s*\d{1,7}|\(?[^\W\d]{2,20}\)?)", re.IGNORECASE)
"""What people write behind a phone number: an extension, or which phone it is."""
ONE_OR_NEITHER = "Give one of team_id and agent_id, or neither: then it is routed."
NOT_A_PRICE = "Give whole dollars."
NOT_AN_ID: dict[str, Any] = {"invalid_uuid": "This is not an id."}


class _Strict(Schema):
    class Meta:
        unknown = "raise"


class AreaSchema(_Strict):
    """Where."""

    city = Text(longest=80, required=True)
    state = Checked(parse_state, longest=2, required=True)
    zip = Checked(parse_zip, longest=10, required=True)


def _price() -> fields.Integer:
    return fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(min=0, max=DEAREST, error="Between 0 and 1,000,000,000."),
        error_messages={**NEEDED, "invalid": NOT_A_PRICE},
    )


class PriceSchema(_Strict):
    """How much, in whole dollars."""

    min = _price()
    max = _price()

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data["min"] > data["max"]:
            raise ValidationError("Must not be less than min.", "max")


class ReferralSchema(_Strict):
    """A client with a need, for a team, for an agent, or for any matching agent."""

    kind = fields.Enum(
        ReferralKind,
        by_value=True,
        required=True,
        error_messages={**NEEDED, "unknown": "Give buyer or seller."},
    )
    client = fields.Nested(ClientSchema, required=True, error_messages=NEEDED)
    area = fields.Nested(AreaSchema, required=True, error_messages=NEEDED)
    price = fields.Nested(PriceSchema, required=True, error_messages=NEEDED)
    notes = Text(longest=4000, blank=True, lines=True, load_default=None, allow_none=True)
    source = Text(longest=80, load_default=None, allow_none=True)
    timeline = Text(longest=80, load_default=None, allow_none=True)
    external_id = Text(longest=120, load_default=None, allow_none=True)
    team_id = fields.UUID(load_default=None, allow_none=True, error_messages=NOT_AN_ID)
    agent_id = fields.UUID(load_default=None, allow_none=True, error_messages=NOT_AN_ID)

    @pre_load
    def _keep_what_stands_behind_the_phone(self, data: Any, **_kwargs: Any) -> Any:
        """A lead is worth more than its extension: that goes to the notes, and the number can be rung."""
        match data:
            case {"client": {"phone": str(phone)} as client, **rest} if found := BEHIND.fullmatch(phone.strip()):
                notes = rest.get("notes")
                if isinstance(notes, str | None):
                    told = "\n".join(filter(None, (notes, f"Phone: {found[2]}")))
                    return {**rest, "client": {**client, "phone": found[1]}, "notes": told}
        return data

    @validates_schema
    def _consent_where_it_is_required(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if runtime().settings.consent_required and data["client"]["consent"] is None:
            raise ValidationError({"consent": [REQUIRED]}, "client")

    @validates_schema(skip_on_field_errors=False)
    def _one_target_at_most(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("team_id") is not None and data.get("agent_id") is not None:
            raise ValidationError(ONE_OR_NEITHER, "team_id")


def new_referral(loaded: dict[str, Any]) -> NewReferral:
    """What ReferralSchema loaded, for the flow."""
    client, area, price = loaded["client"], loaded["area"], loaded["price"]
    return NewReferral(
        kind=loaded["kind"],
        client=new_client(client),
        city=area["city"],
        state=area["state"],
        zip_code=area["zip"],
        price_min=price["min"],
        price_max=price["max"],
        notes=loaded["notes"] or None,
        address=client["address"],
        best_time=client["best_time"],
        source=loaded["source"],
        timeline=loaded["timeline"],
        external_id=loaded["external_id"],
        team_id=loaded["team_id"],
        agent_id=loaded["agent_id"],
        id=loaded.get("id"),
    )


def nested(flat: Mapping[str, str]) -> dict[str, Any]:
    """A form's `client.name`, `client.consent.basis`, ... as the API would have them; empty fields are left out.

    The groups that are needed are always there, so that each missing field is named by itself."""
    found: dict[str, Any] = {"client": {}, "area": {}, "price": {}}
    for name, value in flat.items():
        if not value.strip():
            continue
        *groups, last = name.split(".")
        inner = found
        for group in groups:
            inner = inner.setdefault(group, {})
        inner[last] = dollars(value) if groups == ["price"] else value
    return found


def dollars(typed: str) -> int | str:
    """`$600,000` as people type it."""
    digits = typed.strip().lstrip("$").replace(",", "")
    return int(digits) if digits.isdecimal() and digits.isascii() and len(digits) <= MOST_DIGITS else typed
