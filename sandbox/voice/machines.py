"""What picks up instead of a person. https://www.twilio.com/docs/voice/answering-machine-detection"""

from dataclasses import dataclass

GREETING_SECONDS = 4.0
HUMAN = "human"


@dataclass(frozen=True)
class Machine:
    """`says` is heard by the caller; `end` is what the carrier makes of the end of it."""

    says: str
    end: str
    start: str = "machine_start"


MACHINES = {
    "voicemail": Machine("(voicemail) Please leave a message after the tone.", "machine_end_beep"),
    # The phone asks who is calling; its owner reads the answer, and may press a key.
    "screening": Machine("(call screening) Hi, who is calling, and what is it about?", "machine_end_silence"),
}


def answered_by(mode: str, *, waits_for_end: bool) -> str:
    """AnsweredBy, for a phone in this mode."""
    machine = MACHINES.get(mode)
    if machine is None:
        return HUMAN
    return machine.end if waits_for_end else machine.start
