"""Who picked up the client's phone. "Connected" means the client in person. Pure."""

from enum import StrEnum

from app.core.language import mark


class Reached(StrEnum):
    """Who, or what, picked up the client's phone."""

    PERSON = "person"
    VOICEMAIL = "voicemail"
    SCREENED = "screened"
    """A machine that did not beep: a call screener, or a voicemail without a tone."""
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """What the agent says came of the call."""

    TALKED = "talked"
    VOICEMAIL = "voicemail"
    WRONG_NUMBER = "wrong_number"
    DO_NOT_CALL = "do_not_call"


# https://www.twilio.com/docs/voice/answering-machine-detection, with DetectMessageEnd
ANSWERED_BY: dict[str, Reached] = {
    "human": Reached.PERSON,
    "machine_start": Reached.SCREENED,
    "machine_end_beep": Reached.VOICEMAIL,
    "machine_end_silence": Reached.SCREENED,
    "machine_end_other": Reached.SCREENED,
}
"""The carrier's words for who answered. Any other means UNKNOWN."""
REACHED_BY: dict[Outcome, Reached] = {
    Outcome.TALKED: Reached.PERSON,
    Outcome.DO_NOT_CALL: Reached.PERSON,
    Outcome.VOICEMAIL: Reached.VOICEMAIL,
    Outcome.WRONG_NUMBER: Reached.UNKNOWN,
}
ENDS_CALLS = frozenset({Outcome.WRONG_NUMBER, Outcome.DO_NOT_CALL})
"""Outcomes after which this phone is not called again."""
OUTCOME_WORDS: dict[Outcome, str] = {
    Outcome.TALKED: mark("We talked"),
    Outcome.VOICEMAIL: mark("Voicemail"),
    Outcome.WRONG_NUMBER: mark("Wrong number"),
    Outcome.DO_NOT_CALL: mark("Wants no calls"),
}
OUTCOME_KEYS: dict[str, Outcome] = dict(zip("1234", Outcome, strict=True))
"""The keys on the phone, in the order in which they are said."""


def reached_of(
    *, picked_up: bool, heard: Reached | None, seconds: int | None, outcome: Outcome | None, shortest: int
) -> Reached | None:
    """Who was reached; None while nobody has picked up.

    The agent's word beats what the carrier `heard`. A person who was on the line for less than `shortest` seconds
    counts as unknown; `seconds` is None while the client is on the line.
    """
    if outcome is not None:
        return REACHED_BY[outcome]
    if not picked_up:
        return None
    if heard is Reached.PERSON and seconds is not None and seconds < shortest:
        return Reached.UNKNOWN
    return heard or Reached.UNKNOWN
