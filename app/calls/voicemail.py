"""What hints that a machine has picked up the agent's phone, and what proves that a person has.

Both are kept as events of the call. A machine never claims; a person's key stands above every hint.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calls.models import CallEvent
from app.calls.service import record_event


class Heard(StrEnum):
    """What was heard on the agent's side of a call."""

    MACHINE = "machine"
    """A beep, or a fax: voicemail, or a phone that screens its calls."""
    KEY = "key"
    """Some key: a person, who has only not pressed 1 yet."""


def hear(session: Session, *, call_id: UUID, heard: Heard, at: datetime) -> None:
    """Keeps what was heard, once a call."""
    record_event(session, call_id=call_id, key=_key(call_id, heard), name=heard, details={}, at=at)


def only_a_machine(session: Session, *, call_id: UUID) -> bool:
    """Whether a machine was heard in this call, and no key."""
    keys = {_key(call_id, heard): heard for heard in Heard}
    known = session.scalars(select(CallEvent.key).where(CallEvent.key.in_(keys)))
    return {keys[key] for key in known} == {Heard.MACHINE}


def _key(call_id: UUID, heard: Heard) -> str:
    return f"{call_id} {heard}"
