"""What we answer the carrier: TwiML around words from templates/voice."""

from typing import Any

from flask import Response, render_template, request

from app.core.ground import ground
from app.providers.twiml import Voice, one_moment

VOICE = Voice()


def words(prompt: str, **values: Any) -> str:
    """The words of a prompt, in the agent's language."""
    text = render_template(f"voice/en/{prompt}.txt", brand=ground().settings.brand_name, **values)
    return " ".join(text.split())


def twiml(document: str) -> Response:
    """A TwiML document as an answer."""
    return Response(document, content_type="text/xml; charset=utf-8")


def nothing() -> Response:
    """Understood; nothing to say."""
    return Response(status=204)


def one_moment_again() -> Response:
    """Asks the carrier to come back with the same question."""
    here = request.path + (f"?{request.query_string.decode('latin-1')}" if request.query_string else "")
    return twiml(one_moment(words("one_moment"), again_url=ground().link(here), voice=VOICE))
