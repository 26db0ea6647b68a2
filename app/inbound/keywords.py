"""What a text to our number says. Pure: words in, meaning out.

A text is a command when it is nothing but a command, in English or Spanish. Case, spaces, quotes and the punctuation
around words do not matter, and neither does a "please" or a "thanks", nor a signature below; a question mark does,
since a question is no decision. Only ASCII counts, and the letters of Spanish, whose accents are looked past. The
letter of an offer follows its word, and may touch a digit: `1B`, `1 b`, `call b`.

Not to be texted any more can be said in any plain words (47 CFR 64.1200(a)(10)), of which the carrier knows a few.
"""

import re
from dataclasses import dataclass

from app.core.contact import without_invisible
from app.notifications.inbound_sms import Meaning

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
_ACCENTS = str.maketrans("áéíóúüñÁÉÍÓÚÜÑ", "aeiouunAEIOUUN")
_COMMAND = re.compile(
    r"(?:PLEASE |POR FAVOR )?"
    r"(?:(?P<call>1|ONE|CALL(?: ME)?|UNO|LLAMAME|LLAMAR)|(?P<decline>2|TWO|NO|DECLINE|DOS|RECHAZAR))"
    r"(?:(?:(?<=[12]) ?| )(?P<letter>[A-Z]))?"
    r"(?: (?:PLEASE|THANKS|THANK YOU|POR FAVOR|GRACIAS))?"
)
_NO_MORE = re.compile(
    r"(?:PLEASE )?(?:"
    r"(?:STOP|QUIT|END|CANCEL|UNSUBSCRIBE|REVOKE)"
    r"(?: (?:ALL|ANY|THE|THESE|THIS|YOUR|MORE|TEXTS?|TEXTING|MESSAGES?|MESSAGING|SENDING|SMS|ME|US|OFFERS|NOW|IT))*"
    r"|(?:DO NOT|DONT|DON T|NEVER) (?:TEXT|MESSAGE|CONTACT|SMS) ME(?: AGAIN| ANY ?MORE)?"
    r"|NO MORE (?:TEXTS?|MESSAGES?|SMS)|REMOVE ME|TAKE ME OFF(?: (?:THE|THIS|YOUR) LIST)?|OPT ME OUT|LEAVE ME ALONE"
    r"|NO ME (?:ENVIEN|MANDEN|ESCRIBAN)(?: MAS)?(?: (?:MENSAJES|TEXTOS|SMS))?"
    r"|NO (?:QUIERO )?(?:MAS )?(?:MENSAJES|TEXTOS|SMS)"
    r"|ALTO|PAREN|DEJEN DE (?:ESCRIBIRME|ENVIARME MENSAJES|MANDARME MENSAJES)"
    r")(?: (?:PLEASE|NOW|THANKS|THANK YOU|POR FAVOR|YA|GRACIAS))*"
)
_SIGNATURE = re.compile(r"(?<=\w)\W*?\n\s*(?:[-\u2013\u2014]|sent from\b).*", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Read:
    """What a text asks for; `letter` names the offer, in a call or a decline."""

    meaning: Meaning
    letter: str | None = None
    unanswered: bool = False
    """A STOP in words that the carrier does not know, and so has not confirmed."""


def read(body: str, opt_out_type: str = "") -> Read:
    """Reads a text. `opt_out_type` is what the carrier took it for, where it says so, and that settles it."""
    if opt_out_type in (Meaning.STOP.name, Meaning.START.name, Meaning.HELP.name):
        return Read(Meaning[opt_out_type])
    words = " ".join(_SIGNATURE.sub("", without_invisible(body)).translate(_SPACES).translate(_ACCENTS).split())
    if not words.isascii():
        return Read(Meaning.UNCLEAR)
    words = words.upper()
    if words in _MEANS:
        return Read(_MEANS[words])
    if _NO_MORE.fullmatch(words):
        return Read(Meaning.STOP, unanswered=True)
    found = _COMMAND.fullmatch(words)
    if found is None:
        return Read(Meaning.UNCLEAR)
    return Read(Meaning.CALL if found["call"] else Meaning.DECLINE, found["letter"])
