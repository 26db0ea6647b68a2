"""An admin's action is asked for, undone, and done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.database.ids import new_id
from app.core.errors import FieldError, InvalidInput
from app.desk.models import DeskAction
from app.desk.rules import ACTIONS, UNDO_FOR, Action
from app.people.models import Agent
from app.referrals.models import Referral

MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Wanted:
    """What an admin wants done, and why."""

    action: Action
    why: str
    agent_id: UUID | None = None
    call_at: datetime | None = None


def ask(
    session: Session,
    *,
    referral_ids: Sequence[UUID],
    wanted: Wanted,
    account_id: UUID,
    at: datetime,
    undo_for: timedelta = UNDO_FOR,
) -> UUID:
    """Asks for one action on each of these referrals, where it can be taken; the id under which they are undone.

    Raises InvalidInput.
    """
    kind = ACTIONS[wanted.action]
    if not wanted.why:
        raise InvalidInput(FieldError("why", "Say why in a few words."))
    if kind.needs_agent and (wanted.agent_id is None or _is_gone(session, wanted.agent_id)):
        raise InvalidInput(FieldError("to", "Choose an agent. They are offered as you type."))
    if kind.needs_time and (wanted.call_at is None or wanted.call_at <= at):
        raise InvalidInput(FieldError("call_at", "Choose a time that is still to come."))
    batch_id = new_id()
    query = select(Referral.id).where(Referral.id.in_(referral_ids), Referral.status.in_(kind.on))
    for referral_id in session.scalars(query.order_by(Referral.id)):
        session.add(
            DeskAction(
                id=new_id(),
                batch_id=batch_id,
                referral_id=referral_id,
                account_id=account_id,
                action=wanted.action,
                agent_id=wanted.agent_id if kind.needs_agent else None,
                call_at=wanted.call_at if kind.needs_time else None,
                why=wanted.why,
                asked_at=at,
                due_at=at + undo_for,
            )
        )
    session.flush()
    return batch_id


def undo(session: Session, *, batch_id: UUID, at: datetime) -> int:
    """Takes back what has not taken effect yet; of how many referrals."""
    pending = (DeskAction.done_at.is_(None), DeskAction.undone_at.is_(None), DeskAction.due_at > at)
    query = update(DeskAction).where(DeskAction.batch_id == batch_id, *pending).values(undone_at=at)
    return len(session.execute(query.returning(DeskAction.id)).all())


def pending_of(session: Session, *, referral_id: UUID) -> DeskAction | None:
    """What is about to be done to a referral."""
    query = select(DeskAction).where(
        DeskAction.referral_id == referral_id, DeskAction.done_at.is_(None), DeskAction.undone_at.is_(None)
    )
    return session.scalar(query.order_by(DeskAction.due_at).limit(1))


def pending_in(session: Session, *, batch_id: UUID) -> list[DeskAction]:
    """What of a batch is still to be done."""
    query = select(DeskAction).where(
        DeskAction.batch_id == batch_id, DeskAction.done_at.is_(None), DeskAction.undone_at.is_(None)
    )
    return list(session.scalars(query))


def due_actions(session: Session, *, at: datetime, limit: int = 100) -> list[UUID]:
    """Actions that take effect now, oldest first."""
    query = select(DeskAction.id).where(
        DeskAction.due_at <= at, DeskAction.done_at.is_(None), DeskAction.undone_at.is_(None)
    )
    return list(session.scalars(query.order_by(DeskAction.due_at).limit(limit)))


def _is_gone(session: Session, agent_id: UUID) -> bool:
    agent = session.get(Agent, agent_id)
    return agent is None or agent.left_at is not None
