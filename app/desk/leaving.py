"""An agent leaves the network, or turns out to be here twice: their clients go to somebody else."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.claims.models import Claim
from app.core.errors import FieldError, InvalidInput
from app.desk.acts import Wanted, ask
from app.desk.rules import Action
from app.people.accounts import leave_network
from app.people.models import Agent

AT_ONCE = timedelta(0)


def leave(
    session: Session, *, agent: Agent, clients_to: Agent | None, is_same: bool, why: str, account_id: UUID, at: datetime
) -> int:
    """Ends the agent's time here and gives their clients to another agent; returns how many clients there are.

    `is_same`: the other agent is the same person, and the row says so from now on. Raises InvalidInput.
    """
    if clients_to is not None and (clients_to.id == agent.id or clients_to.left_at is not None):
        raise InvalidInput(FieldError("to", "Choose another agent, who is with the network."))
    clients = session.scalars(select(Claim.referral_id).where(Claim.agent_id == agent.id, Claim.ended_at.is_(None)))
    referral_ids = clients.all()
    if clients_to is None and (referral_ids or is_same):
        raise InvalidInput(FieldError("to", "Choose who gets their clients. Agents are offered as you type."))
    if not why:
        raise InvalidInput(FieldError("why", "Say why in a few words."))
    if clients_to is not None:
        give = Wanted(Action.GIVE_TO, why, agent_id=clients_to.id)
        ask(session, referral_ids=referral_ids, wanted=give, account_id=account_id, at=at, undo_for=AT_ONCE)
    leave_network(session, email=agent.account.email, at=at)
    agent.merged_into_id = clients_to.id if is_same and clients_to is not None else None
    session.flush()
    return len(referral_ids)
