"""What a text to our number says. Pure: words in, meaning out.

A text is a command when it is nothing but a command. Case, spaces, quotes and the punctuation around words do not
matter, and neither does a "please" or a "thanks"; a question mark does, since whoever asks has not decided. Only ASCII
counts. The letter of an offer follows its word, and may touch a digit: `1B`, `1 b`, `call b`.
"""

import re
from dataclasses import dataclass

from app.notify.text_models import Meaning

PUNCTUATION = ".,;:!#'\"()*-\u2018\u2019\u201c\u201d\u2013\u2014\u2026"
CARRIER_WORDS = {
    Meaning.STOP: (
        "STOP",
        "STOPALL",
        "STOP ALL",
        "UNSUBSCRIBE",
        "CANCEL",
        "END",
        "QUIT",
        "REVOKE",
        "OPTOUT",
        "OPT OUT",
    ),
    Meaning.START: ("START", "YES", "UNSTOP"),
    Meaning.HELP: ("HELP", "INFO"),
}
"""What the carrier answers by itself; the two of two words are ours. https://help.twilio.com/articles/223134027"""
_MEANS = {word: meaning for meaning, words in CARRIER_WORDS.items() for word in words}
_SPACES = str.maketrans(dict.fromkeys(PUNCTUATION, " "))
_COMMAND = re.compile(
    r"(?:PLEASE )?"
    r"(?:(?P<call>1|CALL(?: ME)?)|(?P<decline>2|NO|DECLINE))"
    r"(?:(?:(?<=[12]) ?| )(?P<letter>[A-Z]))?"
    r"(?: (?:PLEASE|THANKS|THANK YOU))?"
)


@dataclass(frozen=True)
class Read:
    """What a text asks for; `letter` names the offer, in a call or a decline."""

    meaning: Meaning
    letter: str | None = None


def read(body: str, opt_out_type: str = "") -> Read:
    """Reads a text. `opt_out_type` is what the carrier took it for, where it says so, and that settles it."""
    if opt_out_type in (Meaning.STOP.name, Meaning.START.name, Meaning.HELP.name):
        return Read(Meaning[opt_out_type])
    words = " ".join(body.translate(_SPACES).split())
    if not words.isascii():
        return Read(Meaning.UNCLEAR)
    words = words.upper()
    if words in _MEANS:
        return Read(_MEANS[words])
    found = _COMMAND.fullmatch(words)
    if found is None:
        return Read(Meaning.UNCLEAR)
    return Read(Meaning.CALL if found["call"] else Meaning.DECLINE, found["letter"])
