"""Texts of one segment: what is long in them is cut, and as little of it as will do."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from app.notifications.wording.gsm7 import SEGMENT, gsm7_length, to_gsm7

SHORTEST = 3
NAMES = ("city", "agent_first_name", "winner_first_name", "teammate_first_name", "client_first_name")
ELASTIC = ((8, ("brand",)), (SHORTEST, NAMES))
"""The values that may be shortened: our name before theirs, and among theirs the longest first. Each group with the
fewest characters that still say something: with less room a name is left out, and the template does without it. A ZIP
code stands in for a city."""
WORD_ENDS = re.compile(r"[ -][^ -]*$")
LOOSE_END = re.compile(r"( [a-z]+)+$")
"""Words that only lead to the next name: San Buenaventura de los."""


def short_text(render: Callable[[Mapping[str, Any]], str], values: Mapping[str, Any]) -> str:
    """What `render` makes of `values`, in GSM-7 and in one segment as long as cutting names can make it so."""
    shown = {name: to_gsm7(value) if isinstance(value, str) else value for name, value in values.items()}
    text = to_gsm7(render(shown)).strip()
    for shortest, group in ELASTIC:
        names = {name: shown[name] for name in group if shown.get(name)}
        longest = max((len(name) for name in names.values()), default=0)
        while longest > 0 and (excess := gsm7_length(text) - SEGMENT) > 0:
            # Each of them loses that many characters at the most, and each character is worth two at the most.
            longest = max(0, longest - max(1, excess // (2 * len(names))))
            shown |= {name: cut_at_word(value, longest, shortest) for name, value in names.items()}
            text = to_gsm7(render(shown)).strip()
    return text


def cut_at_word(text: str, longest: int, shortest: int = SHORTEST) -> str:
    """The first words of `text` that fit; of a word that would leave more than half the room empty, its beginning."""
    if len(text) <= longest:
        return text
    if longest < shortest:
        return ""
    end = WORD_ENDS.search(text[: longest + 1])
    whole = LOOSE_END.sub("", text[: end.start()]).rstrip(" ,;-") if end else ""
    return whole if 2 * len(whole) >= longest else text[:longest].rstrip()
