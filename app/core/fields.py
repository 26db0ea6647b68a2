"""Fields shared by all forms and API bodies: strings that are trimmed, bounded, and free of control characters."""

import unicodedata
from typing import Any

from marshmallow import ValidationError, fields, validate

from app.core.errors import FieldError, InvalidInput

UNWRITABLE = ("Cc", "Cs")
"""Control characters, and halves of a character that JSON can spell and no database can keep."""
REQUIRED = "This is needed."


class Text(fields.String):
    """A trimmed string of at most `longest` characters; empty counts as missing unless `blank`."""

    def __init__(self, *, longest: int, blank: bool = False, **options: Any) -> None:
        self._blank = blank
        options.setdefault("error_messages", {"required": REQUIRED, "null": REQUIRED})
        super().__init__(validate=validate.Length(max=longest, error="At most {max} characters."), **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs).strip()
        if not text and not self._blank:
            raise ValidationError(REQUIRED)
        if any(unicodedata.category(char) in UNWRITABLE and char not in "\n\r\t" for char in text):
            raise ValidationError("Control characters cannot be taken.")
        return text


def invalid(messages: dict[Any, Any]) -> InvalidInput:
    """marshmallow's messages as our error: each wrong field once, by its dotted path."""
    return InvalidInput(*_flatten(messages, ""))


def _flatten(messages: Any, path: str) -> list[FieldError]:
    if isinstance(messages, dict):
        found = []
        for name, inner in messages.items():
            here = path if name == "_schema" or isinstance(name, int) else f"{path}.{name}".lstrip(".")
            found += _flatten(inner, here)
        return _once(found)
    first = messages[0] if isinstance(messages, list) else messages
    return [FieldError(path or "body", str(first))]


def _once(errors: list[FieldError]) -> list[FieldError]:
    return list({error.field: error for error in reversed(errors)}.values())[::-1]
