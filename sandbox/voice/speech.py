"""What is heard on a leg: Say, Play and Pause, and the keys that a Gather waits for."""

import itertools

from sandbox.voice.leg import Leg
from sandbox.voice.twiml import Verb

WORDS_PER_SECOND = 2.6
PLAY_SECONDS = 1
GATHER_SECONDS = 5


def speak(leg: Leg, verb: Verb) -> None:
    """Says, plays or pauses as often as `loop` says; 0 is for ever."""
    for _ in _times(verb):
        leg.wait(lambda: False, _say(leg, verb))


def gather(leg: Leg, verb: Verb) -> tuple[str, str]:
    """The keys pressed, and the key that ended them, if one did.

    The first key ends the voice; `timeout` begins with the end of the voice, and again with each key.
    """
    wanted, finish = int(verb.number("numDigits", 0)), verb.attributes.get("finishOnKey", "#")
    seconds = verb.number("timeout", GATHER_SECONDS) / leg.world.settings.speed
    with leg.world.changed:
        leg.keys.clear()
        leg.gathering = True
    leg.world.update(lambda: None)
    try:
        _speak_until_a_key(leg, verb)
        return _collect(leg, wanted, finish, seconds)
    finally:
        with leg.world.changed:
            leg.gathering = False


def _speak_until_a_key(leg: Leg, verb: Verb) -> None:
    for child in verb.children:
        for _ in _times(child):
            if leg.wait(lambda: bool(leg.keys), _say(leg, child)):
                return


def _collect(leg: Leg, wanted: int, finish: str, timeout: float) -> tuple[str, str]:
    while True:
        have = len(leg.keys)
        if finish and finish in leg.keys:
            return "".join(leg.keys[: leg.keys.index(finish)]), finish
        if wanted and have >= wanted:
            return "".join(leg.keys[:wanted]), ""
        if not leg.wait(lambda have=have: len(leg.keys) > have, timeout):  # type: ignore[misc]
            return "".join(leg.keys), ""


def _times(verb: Verb) -> "itertools.repeat[None]":
    times = int(verb.number("loop", 1))
    return itertools.repeat(None, times) if times else itertools.repeat(None)


def _say(leg: Leg, verb: Verb) -> float:
    """Puts it into the transcript; how long it takes to hear."""
    speed = leg.world.settings.speed
    if verb.name == "Pause":
        return verb.number("length", 1) / speed
    if verb.name == "Play":
        leg.hear("voice", f"(plays {verb.attributes.get('digits') or verb.text})")
        return PLAY_SECONDS / speed
    leg.hear("voice", verb.text, verb.attributes.get("language", ""))
    return len(verb.text.split()) / WORDS_PER_SECOND / speed
