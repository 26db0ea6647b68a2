"""When an agent is there for referrals: pauses of their own, which end by themselves."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import FieldError, InvalidInput
from app.people.models import Agent

LONGEST_PAUSE = timedelta(days=60)


def pause_until(session: Session, *, agent: Agent, until: datetime, at: datetime) -> None:
    """No offers until then. Raises InvalidInput for a time that is over or too far away, or while an admin has paused
    them.
    """
    if not at < until <= at + LONGEST_PAUSE:
        raise InvalidInput(FieldError("until", "Choose a time to come, within 60 days."))
    if is_paused_by_admin(agent):
        raise InvalidInput(FieldError("until", "Your network has paused you. Ask them to resume you."))
    agent.paused_at, agent.paused_until = agent.paused_at or at, until
    session.flush()


def resume(session: Session, *, agent: Agent) -> bool:
    """Ends a pause of the agent's own, and says whether there was one."""
    if agent.paused_until is None:
        return False
    agent.paused_at = agent.paused_until = None
    session.flush()
    return True


def is_paused_by_admin(agent: Agent) -> bool:
    """A pause without an end: only the network ends it."""
    return agent.paused_at is not None and agent.paused_until is None


def pauses_over(session: Session, *, at: datetime) -> Sequence[Agent]:
    """Agents whose own pause has ended."""
    return session.scalars(select(Agent).where(Agent.paused_until <= at).order_by(Agent.id)).all()
