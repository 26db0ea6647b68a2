"""When an agent is there for referrals: pauses of their own, and the hours of their week.

Hours end in a pause until the next begin, so that there is one way to be away. Who comes back in between stays until
the hours after that end.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.errors import FieldError, InvalidInput
from app.core.language import gettext as _
from app.people.hours import Span, Week, period
from app.people.models import Agent, AgentHours

LONGEST_PAUSE = timedelta(days=60)


def pause_until(session: Session, *, agent: Agent, until: datetime, at: datetime) -> None:
    """No offers until then. Raises InvalidInput for a time that is over or too far away, or while an admin has paused
    them.
    """
    if not at < until <= at + LONGEST_PAUSE:
        raise InvalidInput(FieldError("until", _("Choose a time to come, within 60 days.")))
    if is_paused_by_admin(agent):
        raise InvalidInput(FieldError("until", _("Your network has paused you. Ask them to resume you.")))
    agent.paused_at, agent.paused_until = agent.paused_at or at, until
    session.flush()


def resume(session: Session, *, agent: Agent) -> None:
    """Ends a pause of the agent's own."""
    agent.paused_at = agent.paused_until = None
    session.flush()


def is_paused_by_admin(agent: Agent) -> bool:
    """A pause without an end: only the network ends it."""
    return agent.paused_at is not None and agent.paused_until is None


def pauses_over(session: Session, *, at: datetime) -> Sequence[Agent]:
    """Agents whose own pause has ended."""
    return session.scalars(select(Agent).where(Agent.paused_until <= at).order_by(Agent.id)).all()


def week_of(session: Session, *, agent_id: UUID) -> Week:
    """The hours an agent keeps; empty: they are there at any hour."""
    rows = session.scalars(select(AgentHours).where(AgentHours.agent_id == agent_id))
    return {row.weekday: Span(row.begins, row.ends) for row in rows}


def keep_hours(session: Session, *, agent: Agent, week: Week, at: datetime) -> None:
    """Sets the hours of an agent's week. Outside them they are away from now on."""
    session.execute(delete(AgentHours).where(AgentHours.agent_id == agent.id))
    session.add_all(
        AgentHours(agent_id=agent.id, weekday=day, begins=span.begins, ends=span.ends) for day, span in week.items()
    )
    hours = period(week, agent.time_zone, at)
    agent.off_at = hours[1] if hours is not None else None
    if hours is not None and hours[0] > at and agent.paused_at is None:
        agent.paused_at, agent.paused_until = at, hours[0]
    session.flush()


def hours_over(session: Session, *, at: datetime) -> Sequence[Agent]:
    """Agents whose hours have ended."""
    return session.scalars(select(Agent).where(Agent.off_at <= at).order_by(Agent.id)).all()


def end_hours(session: Session, *, agent: Agent, at: datetime) -> None:
    """Their hours are over: they are away until the next begin, unless they are away already, and for longer."""
    hours = period(week_of(session, agent_id=agent.id), agent.time_zone, at)
    agent.off_at = hours[1] if hours is not None else None
    if hours is None or is_paused_by_admin(agent):
        return
    if hours[0] > at and (agent.paused_until is None or agent.paused_until < hours[0]):
        agent.paused_at, agent.paused_until = agent.paused_at or at, hours[0]
    session.flush()
