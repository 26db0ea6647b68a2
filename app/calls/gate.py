"""Asks the gate before a call to a client."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from app.calls.models import Call
from app.calls.rules import WITH_CLIENT
from app.clients.asking import GateAnswer, asked, facts_of, facts_query
from app.clients.consent import Way
from app.clients.gate import Answer, Gate, Matter, Refusal
from app.core.database.columns import table_of
from app.core.database.ids import new_id

CALL = table_of(Call)
NO_CALL = new_id()
"""The id of no call."""
ON_A_CALL = exists().where(
    CALL.c.client_phone == bindparam("client_phone"),
    CALL.c.status.in_(WITH_CLIENT),
    CALL.c.id != bindparam("this_call"),
)
FACTS = facts_query(ON_A_CALL)


def ask_to_call(session: Session, *, gate: Gate, matter: Matter, at: datetime, call_id: UUID | None = None) -> Answer:
    """May the client be rung, in `call_id` or a later call? The answer holds while the client is locked."""
    this = asked(Way.CALL, matter, gate, at)
    this |= {"client_phone": matter.phone, "this_call": call_id or NO_CALL}
    return gate.ask(Way.CALL, matter, facts_of(session.execute(FACTS, this).one()), at)


def refusals_of(session: Session, *, call_id: UUID) -> tuple[Refusal, ...]:
    """Why the client was not rung in this call; none if they were."""
    kept = session.scalar(select(GateAnswer.refusals).where(GateAnswer.call_id == call_id))
    return tuple(Refusal(refusal) for refusal in kept or ())
