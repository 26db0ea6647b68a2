"""What a call may become, and what the carrier's words mean. Pure.

The key decides, not "answered": voicemail, call screening and a pocket all answer. A call without the
key 1 has not reached anybody.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from app.core.database.transitions import Transitions


class CallStatus(StrEnum):
    """The states of one attempt to reach an agent."""

    REQUESTED = "requested"
    DIALING = "dialing"
    RINGING = "ringing"
    ANSWERED = "answered"
    CANCELING = "canceling"
    ACCEPTED = "accepted"
    CONNECTED = "connected"
    # ended with a claim
    COMPLETED = "completed"
    CLIENT_MISSED = "client_missed"
    # ended without one
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    CANCELED = "canceled"
    VOICEMAIL = "voicemail"
    REJECTED = "rejected"
    DECLINED = "declined"
    HUNG_UP = "hung_up"
    SILENT = "silent"
    LOST = "lost"


S = CallStatus
WITH_CLAIM = frozenset({S.COMPLETED, S.CLIENT_MISSED})
WITHOUT_CLAIM = frozenset({
    S.NO_ANSWER, S.BUSY, S.FAILED, S.CANCELED, S.VOICEMAIL, S.REJECTED, S.DECLINED, S.HUNG_UP, S.SILENT, S.LOST,
})  # fmt: skip
ENDS = WITH_CLAIM | WITHOUT_CLAIM
LIVE = frozenset(S) - ENDS
WITH_CLIENT = frozenset({S.ACCEPTED, S.CONNECTED})
"""The client's phone is ringing, or the client is on the line."""
BEFORE_KEY = frozenset({S.REQUESTED, S.DIALING, S.RINGING, S.ANSWERED})
"""Live, and nobody has pressed 1 yet."""
MISSES = frozenset({S.NO_ANSWER, S.BUSY, S.VOICEMAIL, S.REJECTED, S.HUNG_UP, S.SILENT})
"""Ends that count as an attempt. `failed` is ours or the carrier's; `canceled` was asked for."""

TRANSITIONS: Transitions[S] = Transitions(
    {
        S.REQUESTED: frozenset({S.DIALING, S.FAILED, S.CANCELED, S.LOST}),
        # Callbacks get lost, so each state may be reached from any before it.
        S.DIALING: frozenset({S.RINGING, S.ANSWERED, S.CANCELING}) | WITHOUT_CLAIM,
        S.RINGING: frozenset({S.ANSWERED, S.CANCELING}) | WITHOUT_CLAIM,
        S.ANSWERED: frozenset({S.ACCEPTED, S.CANCELING}) | WITHOUT_CLAIM,
        # Answered after all while being canceled: the key still claims.
        S.CANCELING: frozenset({S.ANSWERED}) | WITHOUT_CLAIM,
        S.ACCEPTED: frozenset({S.CONNECTED}) | WITH_CLAIM,
        S.CONNECTED: WITH_CLAIM,
        **{end: frozenset() for end in ENDS},
        # Who picked up is known late, and the agent may say otherwise.
        S.COMPLETED: frozenset({S.CLIENT_MISSED}),
        S.CLIENT_MISSED: frozenset({S.COMPLETED}),
    }
)

MOST_CALLS = 20
"""That an offer is rung for in all."""
MOST_CALLS_LATELY, LATELY = 6, timedelta(minutes=10)
CLIENT_AGAIN_WITHIN = timedelta(hours=12)
"""After the claim: how long an offer's link rings a client who has not picked up. Their number is in the portal."""
UNSERVED_AFTER = timedelta(seconds=8)
"""A call nobody dialed by then is failed, never dialed later: the agent has put the phone away."""
CREATE_SETTLED_AFTER = timedelta(seconds=12)
"""Longer than the create's time-out: by then nobody is still asking the carrier for this call."""
MATCH_WITHIN = timedelta(seconds=30)
"""How far the carrier's date_created may be from our own time of dialing for the two to be one call."""

# https://www.twilio.com/docs/voice/api/call-resource#call-status-values, and `initiated` in callbacks only
PROGRESS: dict[str, S] = {"ringing": S.RINGING, "in-progress": S.ANSWERED}
NO_PICK_UP: dict[str, S] = {
    "busy": S.BUSY,
    "no-answer": S.NO_ANSWER,
    "failed": S.FAILED,
    "canceled": S.CANCELED,
    "rejected": S.REJECTED,
}

DECLINED_ON_THE_PHONE = "603"
"""The SIP code of a call that was rejected, not busy. https://www.twilio.com/docs/api/errors/31603"""
VOICEMAIL_HEARD = frozenset({"machine_end_beep", "fax"})
"""What hints at a machine. Phones that screen their calls speak as well, and some of them beep.
https://www.twilio.com/docs/voice/answering-machine-detection"""
MENUS_FOR_A_PERSON = 2
"""How often the menu is said to whatever has beeped: its owner may be reading along, about to press a key."""


def end_for(now: S, carrier: str) -> S | None:
    """The end of a call in `now` whose carrier status has become `carrier`; None when it has not ended.

    A `completed` call was picked up: what that means depends on how far it had come with us.
    """
    if carrier in NO_PICK_UP:
        if now in (S.ACCEPTED, S.CONNECTED):
            return S.COMPLETED if now is S.CONNECTED else S.CLIENT_MISSED
        return NO_PICK_UP[carrier]
    if carrier != "completed":
        return None
    if now is S.CONNECTED:
        return S.COMPLETED
    if now is S.ACCEPTED:
        return S.CLIENT_MISSED
    return S.CANCELED if now is S.CANCELING else S.HUNG_UP


def ring_deadline(at: datetime, ring_seconds: int) -> datetime:
    """When the page offers another call if nobody has pressed 1 by then."""
    return at + timedelta(seconds=ring_seconds)
