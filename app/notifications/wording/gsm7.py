"""The alphabet of a text message, and how anything is spelled in it. 3GPP TS 23.038, section 6.2.1.

One segment is 160 characters of this alphabet, but only 70 as soon as one character is outside it.
"""

import re
import unicodedata

from anyascii import anyascii

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("^{}\\[~]|€\f")
"""These are sent as two characters."""
SEGMENT = 160
JOINED_SEGMENT = 153
"""Of a message that takes more than one: the rest of each is the header that joins them."""

PICTURES_FROM = "\u2190"
"""Symbols from here on (arrows, pictures, emoji) say nothing that letters would; the ones before are ° and the like."""
DROPPED = frozenset({"So", "Sk", "Cf", "Cn", "Co", "Cs"})
BACKTICK = "`"
"""The one printable character of ASCII that the alphabet lacks."""


def is_gsm7(text: str) -> bool:
    """Whether `text` can be sent as it is."""
    return all(char in BASIC or char in EXTENSION for char in text)


def gsm7_length(text: str) -> int:
    """How many characters of a segment `text` takes. It must be in the alphabet."""
    return len(text) + sum(char in EXTENSION for char in text)


def segments(text: str) -> int:
    """How many segments `text` is sent in. It must be in the alphabet.

    A character of the extension is never parted, so a joined segment may end one early.
    """
    if gsm7_length(text) <= SEGMENT:
        return 1
    count, room = 1, JOINED_SEGMENT
    for char in text:
        size = 2 if char in EXTENSION else 1
        if size > room:
            count, room = count + 1, JOINED_SEGMENT
        room -= size
    return count


def to_gsm7(text: str) -> str:
    """`text` in the alphabet: what it has stays (é, ñ, ü, ¿), the rest is spelled in plain letters (á: a), emoji go."""
    spelled = "".join(map(_spelled, unicodedata.normalize("NFC", text)))
    return re.sub(r" {2,}", " ", spelled)


def _spelled(char: str) -> str:
    if char in BASIC or char in EXTENSION:
        return char
    if char >= PICTURES_FROM and unicodedata.category(char) in DROPPED:
        return ""
    if char in "\t\v\u2028\u2029":
        return " "
    plain = anyascii(char).replace(BACKTICK, "'")
    return plain if is_gsm7(plain) else ""
