"""What a voice says, from templates/voice, and the document of a check call."""

import unicodedata
from typing import Any

from anyascii import anyascii

from app.core.language import EN, ES, language
from app.notifications.wording.compose import Render
from app.providers.twilio.twiml import Voice, menu

VOICES = {EN: Voice("en-US", "Polly.Joanna-Neural"), ES: Voice("es-US", "Polly.Lupe-Neural")}
"""Who speaks. https://www.twilio.com/docs/voice/twiml/say/text-speech"""
ASKED = "asked"
"""Query parameter: how often the key has been asked for."""


def speaker() -> Voice:
    """Who speaks the language of the moment."""
    return VOICES[language()]


def spoken(render: Render, prompt: str, **values: Any) -> str:
    """The words of a prompt, on one line; `values` begin with the brand.

    A voice leaves out, or spells, what is written in another script: that is put in Latin letters.
    """
    said = " ".join(render(f"voice/{prompt}.txt", **values).split())
    return "".join(map(_pronounceable, said))


def _pronounceable(char: str) -> str:
    foreign = char.isalpha() and not unicodedata.name(char, "LATIN").startswith("LATIN")
    return anyascii(char) if foreign else char


def check_call_twiml(render: Render, *, brand: str, key_url: str, asked: int = 1) -> str:
    """What a check call says; asked for the first time, it introduces itself. The key is reported to `key_url`."""
    said = spoken(render, "test" if asked == 1 else "test_again", brand=brand)
    return menu(said, key_url=f"{key_url}?{ASKED}={asked}", voice=speaker())
