"""Our own number's addresses: calls and texts that come in by themselves."""

from flask import Response

from app.hooks import blueprint
from app.hooks.answers import VOICE, nothing, twiml, words
from app.providers import twiml as documents


@blueprint.post("/voice")
def voice() -> Response:
    """Somebody rings our number: say who we are."""
    return twiml(documents.say_and_hang_up(words("greeting"), voice=VOICE))


@blueprint.post("/fallback")
def number_fallback() -> Response:
    """The same, when the first answer failed."""
    return voice()


@blueprint.post("/status")
def number_status() -> Response:
    """A call to our number has ended."""
    return nothing()


@blueprint.post("/sms")
def sms() -> Response:
    """A text to our number; the carrier itself answers STOP, START and HELP."""
    return twiml("<?xml version='1.0' encoding='UTF-8'?><Response/>")
