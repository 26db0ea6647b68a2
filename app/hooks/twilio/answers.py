"""What we answer the carrier: TwiML around words from templates/voice."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Response, render_template, request

from app.core.runtime import runtime
from app.notifications.wording.voice import speaker, spoken
from app.providers.twilio.twiml import one_moment

KEY = "Digits"
"""What the carrier calls the keys that were pressed."""


def words(prompt: str, **values: Any) -> str:
    """The words of a prompt, in the language of whoever is on the line."""
    return spoken(render_template, prompt, brand=runtime().settings.brand_name, **values)


def twiml(document: str) -> Response:
    """A TwiML document as an answer."""
    return Response(document, content_type="text/xml; charset=utf-8")


def nothing() -> Response:
    """Understood; nothing to say."""
    return Response(status=HTTPStatus.NO_CONTENT)


def one_moment_again() -> Response:
    """Asks the carrier to come back with the same question; it does not repeat a key, so the address does.

    Only a single key: a PIN stands in no address, and its call is known by then.
    """
    key = request.form.get(KEY, "")
    query = {**request.args, **({KEY: key} if len(key) == 1 else {})}
    here = request.path + (f"?{urlencode(query)}" if query else "")
    return twiml(one_moment(words("one_moment"), again_url=runtime().link(here), voice=speaker()))
