"""What a voice says to an agent, from templates/voice, and the document of a check call."""

import unicodedata
from typing import Any

from anyascii import anyascii

from app.notifications.wording.compose import Render
from app.providers.twilio.twiml import Voice, menu

VOICE = Voice()
ASKED = "asked"
"""Query parameter: how often the key has been asked for."""


def spoken(render: Render, prompt: str, **values: Any) -> str:
    """The words of a prompt, on one line; `values` begin with the brand.

    An English voice leaves out, or spells, what is written in another script: that is put in Latin letters.
    """
    said = " ".join(render(f"voice/en/{prompt}.txt", **values).split())
    return "".join(map(_pronounceable, said))


def _pronounceable(char: str) -> str:
    foreign = char.isalpha() and not unicodedata.name(char, "LATIN").startswith("LATIN")
    return anyascii(char) if foreign else char


def check_call_twiml(render: Render, *, brand: str, key_url: str, asked: int = 1) -> str:
    """What a check call says; asked for the first time, it introduces itself. The key is reported to `key_url`."""
    said = spoken(render, "test" if asked == 1 else "test_again", brand=brand)
    return menu(said, key_url=f"{key_url}?{ASKED}={asked}", voice=VOICE)
