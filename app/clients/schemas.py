"""The client's fields, as the API and the form take them."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from babel import Locale
from marshmallow import Schema, ValidationError, fields, pre_load, validate, validates_schema

from app.clients.consent import Basis, Way
from app.clients.service import NewClient, NewConsent
from app.clients.wishes import BY_PHONE
from app.core.clock import now
from app.core.contact import NotUsable, parse_time_zone
from app.core.fields import REQUIRED, Checked, Text, email_field, phone_field

NEEDED: dict[str, Any] = {"required": REQUIRED, "null": REQUIRED}
LONGEST_NAME = 120
CLOCKS_DIFFER = timedelta(minutes=5)
"""Allowed clock skew: a sender's clock may run this far ahead of ours."""


@lru_cache(maxsize=1)
def _languages() -> frozenset[str]:
    return frozenset(code for code in map(str, Locale("en").languages) if code.isalpha())


def _language(raw: str) -> str:
    code = raw.lower().partition("-")[0]
    if code not in _languages():
        raise NotUsable("Give a language by its code, such as en or es.")
    return code


class ConsentSchema(Schema):
    """What the client agreed to, and the proof."""

    class Meta:
        unknown = "raise"

    basis = fields.Enum(
        Basis,
        by_value=True,
        required=True,
        error_messages={**NEEDED, "unknown": "Give written, oral, inquiry or customer."},
    )
    at = fields.AwareDateTime(
        required=True,
        default_timezone=UTC,
        error_messages={**NEEDED, "invalid": "Give a time such as 2026-03-02T15:04:05Z."},
    )
    channels = fields.List(
        fields.Enum(Way, by_value=True, error_messages={"unknown": "Give call, text or email."}),
        load_default=[Way.CALL],
        validate=validate.Length(min=1, error="Name at least one."),
    )
    text = Text(longest=4000, lines=True, load_default=None, allow_none=True)
    url = fields.Url(
        schemes={"http", "https"},
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=500, error="At most {max} characters."),
        error_messages={"invalid": "Give an address that begins with https://."},
    )
    certificate = fields.String(
        load_default=None, allow_none=True, validate=validate.Length(min=1, max=500, error="1 to {max} characters.")
    )

    @validates_schema
    def _given_already(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data["at"] > now() + CLOCKS_DIFFER:
            raise ValidationError("This is in the future.", "at")


class ClientSchema(Schema):
    """Who."""

    class Meta:
        unknown = "raise"

    name = Text(longest=LONGEST_NAME, required=True)
    first_name = Text(longest=60, load_default=None, allow_none=True)
    last_name = Text(longest=60, load_default=None, allow_none=True)
    phone = phone_field()
    email = email_field()
    language = Checked(_language, longest=35, load_default=None, allow_none=True)
    time_zone = Checked(parse_time_zone, longest=40, load_default=None, allow_none=True)
    address = Text(longest=200, load_default=None, allow_none=True)
    best_time = Text(longest=80, load_default=None, allow_none=True)
    prefers = fields.Enum(
        Way,
        by_value=True,
        load_default=None,
        allow_none=True,
        error_messages={"unknown": "Give call, text or email."},
    )
    consent = fields.Nested(ConsentSchema, load_default=None, allow_none=True)

    @pre_load
    def _whole_name(self, data: Any, **_kwargs: Any) -> Any:
        """Builds `name` from the first and last name if it is missing."""
        match data:
            case {"first_name": str(first), **rest} if not rest.get("name"):
                last = rest.get("last_name")
                if isinstance(last, str | None):
                    return {**data, "name": " ".join(filter(None, (first.strip(), (last or "").strip())))}
        return data


class WishSchema(Schema):
    """Somebody who is not to be called or texted."""

    class Meta:
        unknown = "raise"

    phone = phone_field()
    channels = fields.List(
        fields.Enum(
            Way,
            by_value=True,
            validate=validate.OneOf(BY_PHONE, error="Give call or text."),
            error_messages={"unknown": "Give call or text."},
        ),
        load_default=list(BY_PHONE),
        validate=validate.Length(min=1, error="Name at least one."),
    )


def new_client(loaded: dict[str, Any]) -> NewClient:
    """A NewClient from what ClientSchema loaded."""
    consent = loaded["consent"]
    return NewClient(
        name=loaded["name"],
        phone=loaded["phone"],
        email=loaded["email"],
        given_name=loaded["first_name"],
        language=loaded["language"],
        time_zone=loaded["time_zone"],
        prefers=loaded["prefers"],
        consents=() if consent is None else (_consent(consent),),
    )


def _consent(loaded: dict[str, Any]) -> NewConsent:
    at: datetime = loaded["at"]
    return NewConsent(
        basis=loaded["basis"],
        at=at.astimezone(UTC),
        ways=tuple(dict.fromkeys(loaded["channels"])),
        words=loaded["text"],
        url=loaded["url"],
        certificate=loaded["certificate"],
    )
