"""A machine has picked up the agent's phone. It never claims; the call ends early, so that another can be asked for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.calls.reasons import Reason
from app.calls.rules import CallStatus
from app.calls.service import lock_call
from app.core.locks import lock_wait
from app.flows.after import NOTHING, After
from app.flows.call_me import end_call


def hear_machine(session: Session, *, call_id: UUID, at: datetime) -> After:
    """Ends a call in the menu, unless somebody has pressed 1 after all. Raises LockTimeout."""
    with lock_wait(session):
        call = lock_call(session, call_id)
    if call is None or call.status is not CallStatus.ANSWERED or call.reason is not None:
        return NOTHING
    after = end_call(call, at=at, reason=Reason.VOICEMAIL)
    session.flush()
    return after
