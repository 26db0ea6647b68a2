"""Which face the claim page shows. Pure: the rows and the time decide, nothing is remembered."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.calls.rules import BEFORE_KEY, CallStatus
from app.offers.rules import LONGEST_MENU, OfferStatus, is_open


class Phase(StrEnum):
    """The faces of the claim page."""

    OFFERED = "offered"
    CALLING = "calling"
    RINGING = "ringing"
    ANSWERED = "answered"
    STOPPING = "stopping"
    MISSED = "missed"
    PIN = "pin"
    CONNECTING = "connecting"
    PICKED_UP = "picked_up"
    CONNECTED = "connected"
    CLIENT_MISSED = "client_missed"
    QUIET = "quiet"
    CLAIMED = "claimed"
    LOST = "lost"
    DECLINING = "declining"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


FINAL = frozenset({Phase.CLAIMED, Phase.LOST, Phase.DECLINED, Phase.EXPIRED, Phase.WITHDRAWN})
"""Nothing changes any more: the page stops asking."""

MISSES_TO_PIN = 2

_CLAIMED = {
    CallStatus.ACCEPTED: Phase.CONNECTING,
    CallStatus.CONNECTED: Phase.CONNECTED,
    CallStatus.COMPLETED: Phase.CLAIMED,
}
_OVER = {
    OfferStatus.LOST: Phase.LOST,
    OfferStatus.DECLINED: Phase.DECLINED,
    OfferStatus.EXPIRED: Phase.EXPIRED,
    OfferStatus.WITHDRAWN: Phase.WITHDRAWN,
}
_TRYING = {
    CallStatus.REQUESTED: Phase.CALLING,
    CallStatus.DIALING: Phase.CALLING,
    CallStatus.RINGING: Phase.RINGING,
    CallStatus.ANSWERED: Phase.ANSWERED,
    CallStatus.CANCELING: Phase.STOPPING,
}


@dataclass(frozen=True)
class CallFacts:
    """What the newest call says."""

    status: CallStatus
    ring_deadline_at: datetime
    stopped: bool = False
    """The agent wanted it to end: by a tap, or because they were declining, which they have undone since."""
    unplaced: bool = False
    """It could not be placed, by no fault of the agent's phone."""
    unserved: bool = False
    """It has waited too long for a worker."""
    quiet: bool = False
    """The claim succeeded, but the gate refused to ring the client."""
    picked_up: bool = False
    """The client's phone was picked up in this call."""
    misses: int = 0
    """How many calls for this offer have ended without reaching the agent."""
    client_missed: bool = False
    """A call for this offer reached the agent, and the client was not reached; they have not talked since."""


def phase_of(
    status: OfferStatus, expires_at: datetime, call: CallFacts | None, at: datetime, decline_at: datetime | None = None
) -> Phase:
    """The face of an offer with this newest call at `at`."""
    if status is OfferStatus.CLAIMED:
        return _claimed_phase(call, at)
    if status is not OfferStatus.SENT:
        return _OVER[status]
    if decline_at is not None:
        return Phase.DECLINING if at < decline_at else Phase.DECLINED
    if not is_open(status, expires_at, None, at):
        return Phase.ANSWERED if call is not None and _may_finish(call, expires_at, at) else Phase.EXPIRED
    return _open_phase(call, at)


def _may_finish(call: CallFacts, expires_at: datetime, at: datetime) -> bool:
    """Whether somebody is in the menu who was there when the offer ended."""
    return call.status is CallStatus.ANSWERED and at < expires_at + LONGEST_MENU


def _open_phase(call: CallFacts | None, at: datetime) -> Phase:
    if call is None:
        return Phase.OFFERED
    overdue = call.status in BEFORE_KEY and at >= call.ring_deadline_at
    under_way = call.status in _TRYING and not overdue and not call.unserved
    if not under_way and (call.unplaced or call.unserved or call.misses + overdue >= MISSES_TO_PIN):
        return Phase.PIN
    if overdue:
        return Phase.MISSED
    if call.status in _TRYING:
        return _TRYING[call.status]
    return Phase.OFFERED if call.stopped else Phase.MISSED


def _claimed_phase(call: CallFacts | None, at: datetime) -> Phase:
    if call is None:
        return Phase.CLAIMED
    if call.quiet:
        return Phase.QUIET
    if call.status is CallStatus.ACCEPTED and call.picked_up:
        return Phase.PICKED_UP
    if call.status in _CLAIMED:
        return _CLAIMED[call.status]
    if call.status in _TRYING and at < call.ring_deadline_at:  # the client is being tried again
        return _TRYING[call.status]
    return Phase.CLIENT_MISSED if call.client_missed else Phase.CLAIMED
