"""Why a call ends, or ended, as our own words in its `reason`. What the carrier refused stands there in its words."""

from enum import StrEnum

from app.calls.rules import CallStatus


class Reason(StrEnum):
    """Ours."""

    UNKNOWN = "unknown"
    """Not over: the carrier was asked for it, and its answer was lost."""
    STOPPED = "stopped"
    """Its agent asked to stop it."""
    AGAIN = "again"
    """It made way for another."""
    OTHER_CALL = "other call"
    """It was still waiting when another call had the phone after all."""
    CLAIMED = "claimed"
    """Its agent claimed on another phone."""
    DECLINED = "declined"
    """Its agent was declining, on the page."""
    EXPIRED = "expired"
    """The offer's time was over."""
    NUMBER_CHANGED = "number changed"
    """It rang a number that is the agent's no more."""
    LOST = "lost"
    """Somebody else was first."""
    WITHDRAWN = "withdrawn"
    """The offer was withdrawn."""
    RELEASED = "released"
    """Its agent gave the client away."""
    VOICEMAIL = "voicemail"
    """A machine was heard, and no key."""
    KEY_2 = "key 2"
    """2 was pressed in it."""
    SILENCE = "silence"
    """Asked three times, and no key was pressed."""
    QUIET = "quiet"
    """It claimed, but the gate refused to ring the client."""
    WISH = "wish"
    """The client asked not to be called while their phone was ringing."""
    TERMS = "terms"
    """1 was pressed, and its agent lacks what the network asks for before a claim."""
    UNSERVED = "unserved"
    """No worker took it in time."""
    NOT_PLACED = "not placed"
    """The carrier has never heard of it."""


ENDS_AS: dict[str, CallStatus] = {
    Reason.LOST: CallStatus.LOST,
    Reason.VOICEMAIL: CallStatus.VOICEMAIL,
    Reason.KEY_2: CallStatus.DECLINED,
    Reason.SILENCE: CallStatus.SILENT,
}
"""What a call without a claim ends as. It ends when the carrier says so: until then it has the phone."""
NO_KEY = (Reason.SILENCE, Reason.VOICEMAIL)
HANGS_UP_BY_ITSELF = (Reason.KEY_2, *NO_KEY)
"""Our last words are being said in it, and it ends after them."""
