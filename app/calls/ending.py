"""Ending a call: hanging up on it, and giving it up because the referral is gone."""

from datetime import datetime

from app.calls.models import Call
from app.calls.reasons import Reason
from app.calls.rules import BEFORE_KEY, CallStatus
from app.calls.service import move
from app.core.queue.outbox import NOTHING, Outbox


def lose_call(call: Call, *, at: datetime) -> Outbox:
    """Ends a loser's call: one that rings is canceled, one in the menu is told who was first and hung up."""
    if call.status is CallStatus.ANSWERED:
        call.reason = Reason.LOST
        return Outbox(calls_to_end=(call.id,))
    if call.status is CallStatus.REQUESTED:
        move(call, CallStatus.LOST, at=at, reason=Reason.LOST)
        return NOTHING
    if call.status is CallStatus.CANCELING:
        call.reason = Reason.LOST
        return NOTHING
    return end_call(call, at=at, reason=Reason.LOST)


def end_call(call: Call, *, at: datetime, reason: Reason) -> Outbox:
    """Ends a locked call that nobody has accepted: at once when it was never dialed, else at the carrier."""
    if call.status not in BEFORE_KEY:
        return NOTHING
    if call.status is CallStatus.REQUESTED:
        move(call, CallStatus.CANCELED, at=at, reason=reason)
        return NOTHING
    move(call, CallStatus.CANCELING, at=at, reason=reason)
    call.checked_at = at  # the worker has its turn before the sweeper looks after it
    return Outbox(calls_to_end=(call.id,))
