"""Which face the claim page shows. Pure: the rows and the time decide, nothing is remembered."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.calls.rules import BEFORE_KEY, CallStatus
from app.offers.rules import OfferStatus, is_open


class Phase(StrEnum):
    """The faces of the claim page."""

    OFFERED = "offered"
    CALLING = "calling"
    RINGING = "ringing"
    ANSWERED = "answered"
    STOPPING = "stopping"
    MISSED = "missed"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    CLIENT_MISSED = "client_missed"
    CLAIMED = "claimed"
    LOST = "lost"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


FINAL = frozenset({Phase.CLAIMED, Phase.LOST, Phase.DECLINED, Phase.EXPIRED, Phase.WITHDRAWN})
"""Nothing changes any more: the page stops asking."""

_CLAIMED = {
    CallStatus.ACCEPTED: Phase.CONNECTING,
    CallStatus.CONNECTED: Phase.CONNECTED,
    CallStatus.CLIENT_MISSED: Phase.CLIENT_MISSED,
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
    stopped: bool
    """The agent asked to stop it."""


def phase_of(status: OfferStatus, expires_at: datetime, call: CallFacts | None, at: datetime) -> Phase:
    """The face of an offer with this newest call at `at`."""
    if status is OfferStatus.CLAIMED:
        return _CLAIMED.get(call.status, Phase.CLAIMED) if call else Phase.CLAIMED
    if status is not OfferStatus.SENT:
        return _OVER[status]
    if call is not None and call.status is CallStatus.ANSWERED and at < call.ring_deadline_at:
        return Phase.ANSWERED  # whoever is in the menu may finish
    if not is_open(status, expires_at, at):
        return Phase.EXPIRED
    return _open_phase(call, at)


def _open_phase(call: CallFacts | None, at: datetime) -> Phase:
    if call is None:
        return Phase.OFFERED
    if call.status in BEFORE_KEY and at >= call.ring_deadline_at:
        return Phase.MISSED
    if call.status in _TRYING:
        return _TRYING[call.status]
    return Phase.OFFERED if call.stopped else Phase.MISSED
