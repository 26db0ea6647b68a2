"""The desk changes an agent. What has died with an address or a number is over when there is a new one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.notifications.channels.rules import Channel
from app.notifications.channels.states import CHOSEN, switch_on
from app.notifications.kinds import KINDS
from app.notifications.taking import let_go
from app.people.models import Agent
from app.people.service import AgentDetails, change_agent, lock_agent, set_own_phone


def edit_agent(session: Session, *, agent_id: UUID, details: AgentDetails, at: datetime) -> Agent:
    """Raises NotFound, InvalidInput naming the field, or LockTimeout."""
    before = lock_agent(session, agent_id)
    if before is None:
        raise NotFound
    email, phone, zone = before.email, before.phone, before.time_zone
    agent = change_agent(session, agent_id=agent_id, details=details)
    if agent.email.lower() != email.lower():
        switch_on(session, agent_id=agent_id, channel=Channel.EMAIL)
    if agent.phone != phone:
        switch_on(session, agent_id=agent_id, channel=Channel.SMS)
    if agent.time_zone != zone:  # their quiet hours are others now: what waits is looked at again
        for channel in CHOSEN:
            let_go(session, account_id=agent.account_id, channel=channel, kinds=KINDS.in_quiet_hours(), due_at=at)
    return agent


def take_phone(session: Session, *, agent: Agent, phone: str) -> bool:
    """Makes it the agent's own; False, with nothing written, when another agent was quicker. Raises LockTimeout.

    A STOP belongs to the number it was sent from, so a new one starts clean; one that comes back and is still stopped
    is known by the carrier, which says so at the next text.
    """
    lock_agent(session, agent.id)
    is_new = agent.phone != phone
    if not set_own_phone(session, agent=agent, phone=phone):
        return False
    if is_new:
        switch_on(session, agent_id=agent.id, channel=Channel.SMS)
    return True
