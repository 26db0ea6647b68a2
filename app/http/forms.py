"""Forms: the API's schemas, with each message at its field and what was typed kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError

from app.core.errors import InvalidInput
from app.core.fields import invalid

MANY = ("takes", "client.consent.channels")
"""Checkbox groups: fields with several values."""


@dataclass(frozen=True)
class Form:
    """What a form shows: values by field name, and what is wrong."""

    values: Mapping[str, Any] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)

    def refused(self, error: InvalidInput, words: Mapping[str, str] = MappingProxyType({})) -> "Form":
        """The same form with what is wrong; `words` replaces messages that speak of the API, by field."""
        return Form(self.values, {entry.field: words.get(entry.field, entry.message) for entry in error.errors})


def typed() -> Form:
    """What was typed, as it was."""
    values: dict[str, Any] = request.form.to_dict()
    values |= {name: request.form.getlist(name) for name in MANY}
    return Form(values)


def load(schema: Schema, body: Mapping[str, Any]) -> dict[str, Any]:
    """What the schema makes of it. Raises InvalidInput."""
    try:
        loaded: dict[str, Any] = schema.load(body)
    except ValidationError as error:
        raise invalid(error.messages_dict) from error
    return loaded
