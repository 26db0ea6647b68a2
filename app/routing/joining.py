"""Somebody who is let in by a lead or the desk is greeted as every new agent is."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.joining import let_in
from app.core.queue.outbox import NOTHING, Outbox
from app.notifications.reach.welcome import welcome
from app.people.models import Agent


def let_in_and_greet(
    session: Session, *, request_id: UUID, decides_for: UUID | None, with_text: bool, at: datetime
) -> tuple[Agent, Outbox] | None:
    """As `let_in`, with the first text where the network sends one."""
    done = let_in(session, request_id=request_id, decides_for=decides_for, at=at)
    if done is None:
        return None
    agent, outbox = done
    return agent, outbox + (welcome(session, agent=agent, at=at) if with_text else NOTHING)
