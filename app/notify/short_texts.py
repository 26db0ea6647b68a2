"""Texts of one segment: what is long in them is cut, and as little of it as will do."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from app.notify.gsm7 import SEGMENT, gsm7_length, to_gsm7

ELASTIC = ("city", "brand", "agent_first_name", "winner_first_name", "client_first_name")
"""The values that may be cut, the longest first. What is left out of a city that has no room, its ZIP code says."""
WORD_ENDS = re.compile(r"[ -][^ -]*$")
LOOSE_END = re.compile(r"( [a-z]+)+$")
"""Words that only lead to the next name: San Buenaventura de los."""
SHORTEST = 3
"""Less of a name says nothing: it is left out, and the template does without."""


def short_text(render: Callable[[Mapping[str, Any]], str], values: Mapping[str, Any]) -> str:
    """What `render` makes of `values`, in GSM-7 and in one segment as long as cutting names can make it so."""
    plain = {name: to_gsm7(value) if isinstance(value, str) else value for name, value in values.items()}
    names = {name: plain[name] for name in ELASTIC if plain.get(name)}
    longest = max((len(name) for name in names.values()), default=0)
    while True:
        cut = {name: cut_at_word(value, longest) for name, value in names.items()}
        text = to_gsm7(render({**plain, **cut})).strip()
        excess = gsm7_length(text) - SEGMENT
        if excess <= 0 or longest == 0:
            return text
        # Each of them loses that many characters at the most, and each character is worth two at the most.
        longest = max(0, longest - max(1, excess // (2 * len(names))))


def cut_at_word(text: str, longest: int) -> str:
    """The first words of `text` that fit; of a word that would leave more than half the room empty, its beginning."""
    if len(text) <= longest:
        return text
    if longest < SHORTEST:
        return ""
    end = WORD_ENDS.search(text[: longest + 1])
    whole = LOOSE_END.sub("", text[: end.start()]).rstrip(" ,;-") if end else ""
    return whole if 2 * len(whole) >= longest else text[:longest].rstrip()
