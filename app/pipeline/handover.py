"""An agent hands a client over to a teammate, who has to accept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.database.ids import new_id
from app.core.database.locks import for_update, lock_wait
from app.core.errors import FieldError, InvalidInput
from app.core.language import gettext as _
from app.core.names import shown_agent
from app.core.queue.outbox import NOTHING, Outbox
from app.notifications.reach.tell import tell_agent
from app.people.models import Agent
from app.pipeline.handover_notices import HANDOVER_ANSWERED, HANDOVER_ASKED
from app.pipeline.models import HANDOVER_MOVES, Handover, HandoverStatus
from app.referrals.models import Referral
from app.referrals.rules import Need

S = HandoverStatus


def may_take_over(session: Session, *, agent: Agent) -> Sequence[Agent]:
    """The teammates to whom this agent can hand a client over."""
    if agent.team_id is None:
        return ()
    query = select(Agent).where(
        Agent.team_id == agent.team_id, Agent.id != agent.id, Agent.paused_at.is_(None), Agent.left_at.is_(None)
    )
    return session.scalars(query.order_by(func.lower(Agent.name), Agent.id)).all()


def ask_to_take_over(
    session: Session, *, referral_id: UUID, agent: Agent, to_agent_id: UUID, words: str, at: datetime
) -> Outbox:
    """Asks a teammate to take a client over, and withdraws any earlier request. The caller has locked the referral.

    Raises InvalidInput for somebody who cannot be asked.
    """
    to = next((one for one in may_take_over(session, agent=agent) if one.id == to_agent_id), None)
    if to is None:
        raise InvalidInput(FieldError("to", _("Choose a teammate who is not paused.")))
    asked = open_handover(session, referral_id=referral_id)
    if asked is not None and asked.to_agent_id == to_agent_id:
        return NOTHING
    withdraw_handover(session, referral_id=referral_id, at=at)
    asking = {"from_agent_id": agent.id, "to_agent_id": to.id, "words": words or None, "asked_at": at}
    session.add(Handover(id=new_id(), referral_id=referral_id, **asking))
    session.flush()
    return tell_agent(session, to, kind=HANDOVER_ASKED, referral_id=referral_id, at=at)


def withdraw_handover(session: Session, *, referral_id: UUID, at: datetime) -> None:
    """Takes the open question back, if there is one. Raises LockTimeout."""
    query = select(Handover).where(Handover.referral_id == referral_id, Handover.status == S.ASKED)
    with lock_wait(session):
        asked = session.scalar(for_update(query, of=Handover))
    if asked is not None:
        _end(asked, S.WITHDRAWN, at)
        session.flush()


def refuse_handover(session: Session, *, handover_id: UUID, agent: Agent, at: datetime) -> Outbox:
    """The teammate says no: the client stays where they are. Raises LockTimeout."""
    asked = lock_handover(session, handover_id=handover_id, agent_id=agent.id)
    if asked is None:
        return NOTHING
    _end(asked, S.REFUSED, at)
    session.flush()
    giver = session.get_one(Agent, asked.from_agent_id)
    return tell_agent(session, giver, kind=HANDOVER_ANSWERED, referral_id=asked.referral_id, at=at)


def open_handover(session: Session, *, referral_id: UUID) -> Handover | None:
    """Who is being asked to take this client over."""
    query = select(Handover).where(Handover.referral_id == referral_id, Handover.status == S.ASKED)
    return session.scalar(query.execution_options(populate_existing=True))


@dataclass(frozen=True)
class Asked:
    """A client whom an agent is asked to take over, as far as they may know."""

    referral_id: UUID
    need: Need
    giver_first_name: str


def asked_of(session: Session, *, agent_id: UUID) -> list[Asked]:
    """What this agent is asked to take over, oldest first."""
    query = (
        select(Referral, Agent.name)
        .join(Handover, Handover.referral_id == Referral.id)
        .join(Agent, Agent.id == Handover.from_agent_id)
        .where(Handover.to_agent_id == agent_id, Handover.status == S.ASKED)
    )
    found = session.execute(query.order_by(Handover.id))
    return [Asked(referral.id, referral.need, shown_agent(name)) for referral, name in found]


def lock_handover(session: Session, *, handover_id: UUID, agent_id: UUID) -> Handover | None:
    """The question that this agent can still answer, locked."""
    query = select(Handover).where(
        Handover.id == handover_id, Handover.to_agent_id == agent_id, Handover.status == S.ASKED
    )
    with lock_wait(session):
        return session.scalar(for_update(query, of=Handover))


def accept_asked(asked: Handover, *, at: datetime) -> None:
    """Ends a locked question with a yes."""
    _end(asked, S.ACCEPTED, at)


def _end(asked: Handover, to: HandoverStatus, at: datetime) -> None:
    HANDOVER_MOVES.require(asked.status, to)
    asked.status, asked.ended_at = to, at
