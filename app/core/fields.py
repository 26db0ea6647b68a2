"""Fields shared by all forms and API bodies: strings that are tidied, bounded, and free of control characters."""

import re
import unicodedata
from collections.abc import Callable
from html import unescape
from typing import Any

from marshmallow import ValidationError, fields

from app.core.contact import NotUsable, parse_email, parse_phone, without_invisible
from app.core.errors import FieldError, InvalidInput
from app.core.language import gettext as _
from app.core.language import mark
from app.core.runtime import runtime

UNWRITABLE = ("Cc", "Cs")
"""Control characters, and halves of a character that JSON can spell and no database can keep."""
REQUIRED = mark("This is needed.")
ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
ESCAPED_AT_MOST = 2


class Text(fields.String):
    """A string of at most `longest` characters; empty counts as missing unless `blank`.

    One line, with single spaces, unless `lines`. People paste what no eye sees: that is taken out. A link in one line
    is refused, since mail and phones make it one to tap. What was escaped for a web page, once or twice, is read as it
    was meant: `O&#39;Brien &amp;amp; Sons`.
    """

    def __init__(self, *, longest: int, blank: bool = False, lines: bool = False, **options: Any) -> None:
        self._blank = blank
        self._lines = lines
        self._longest = longest
        options.setdefault("error_messages", {"required": REQUIRED, "null": REQUIRED})
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = without_invisible(_unescaped(super()._deserialize(value, attr, data, **kwargs)))
        text = text.strip() if self._lines else " ".join(text.split())
        if not text and not self._blank:
            raise ValidationError(REQUIRED)
        if any(unicodedata.category(char) in UNWRITABLE and char not in "\n\r\t" for char in text):
            raise ValidationError(mark("Control characters cannot be taken."))
        if not self._lines and "://" in text:
            raise ValidationError(mark("A link cannot be taken here."))
        if len(text) > self._longest:
            raise ValidationError(_("At most %(max)s characters.", max=self._longest))
        return text


def _unescaped(text: str) -> str:
    for _time in range(ESCAPED_AT_MOST):
        text = ENTITY.sub(lambda found: unescape(found[0]), text)
    return text


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
    settings = runtime().settings
    phone = parse_phone(raw, settings.countries)
    if phone in (settings.twilio_call_from, settings.twilio_sms_from):
        raise NotUsable(_("This is our own number."))
    return phone


def phone_field() -> Checked:
    """A phone as people type it; E.164 afterwards."""
    return Checked(_allowed_phone, longest=40, required=True)


def email_field() -> Checked:
    """An email address."""
    return Checked(parse_email, longest=254, required=True)


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
    return [FieldError(path or "body", _(str(first)))]  # a schema is made once, for every language


def _once(errors: list[FieldError]) -> list[FieldError]:
    return list({error.field: error for error in reversed(errors)}.values())[::-1]
