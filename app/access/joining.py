"""Requests to join, sent through an invitation link, and the answer a lead or an admin gives."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.joining_notices import JOIN_ASKED, JOINED
from app.access.models import Invitation, JoinRequest
from app.core.database.locks import for_update
from app.core.errors import FieldError, InvalidInput
from app.core.language import gettext as _
from app.core.queue.outbox import NOTHING, Outbox, outbox_with
from app.notifications.channels.rules import Channel
from app.notifications.queueing import queue_notification
from app.notifications.reach.tell import tell_agent
from app.people.models import Account, Agent
from app.people.service import AgentDetails, add_agent

MOST_WAITING = 20
"""Requests waiting to join one team. A lead would not read more."""
CONSENT = "join form"


def ask_to_join(session: Session, *, invitation: Invitation, details: AgentDetails, at: datetime) -> Outbox:
    """Records a request to join, and tells the admin who made the link, or the team's leads.

    A second request from the same person replaces the first. Raises InvalidInput when the email address or phone
    already belongs to somebody in the network, and when too many requests are waiting.
    """
    _check_new(session, details)
    waiting = waiting_for(session, team_id=invitation.team_id)
    found = next((one for one in waiting if one.email == details.email or one.phone == details.phone), None)
    if found is None and len(waiting) >= MOST_WAITING:
        raise InvalidInput(
            FieldError("name", _("Too many requests are waiting. Please ask the person who sent you the link."))
        )
    asked = found or JoinRequest(invitation_id=invitation.id, team_id=invitation.team_id, created_at=at)
    asked.name, asked.email, asked.phone = details.name, details.email, details.phone
    asked.time_zone, asked.language = details.time_zone, details.language or ""
    asked.takes_buyers, asked.takes_sellers = details.takes_buyers, details.takes_sellers
    session.add(asked)
    session.flush()
    return _tell(session, invitation, at) if found is None else NOTHING


def waiting_for(session: Session, *, team_id: UUID | None) -> Sequence[JoinRequest]:
    """Undecided requests to join this team, oldest first; None for the requests to join without a team."""
    query = select(JoinRequest).where(
        JoinRequest.team_id.is_not_distinct_from(team_id), JoinRequest.decided_at.is_(None)
    )
    return session.scalars(query.order_by(JoinRequest.id)).all()


def all_waiting(session: Session, *, most: int) -> Sequence[JoinRequest]:
    """Undecided requests from everybody, oldest first."""
    query = select(JoinRequest).where(JoinRequest.decided_at.is_(None))
    return session.scalars(query.order_by(JoinRequest.id).limit(most)).all()


def let_in(
    session: Session, *, request_id: UUID, decides_for: UUID | None, at: datetime
) -> tuple[Agent, Outbox] | None:
    """Accepts a request: adds the agent, and emails them. None if it was already decided, or is another team's.

    `decides_for` is the team whose lead accepts; None is the desk, which decides for every team. Raises InvalidInput
    if the team is full, or the email address or phone has been taken in the meantime.
    """
    asked = _lock(session, request_id, decides_for)
    if asked is None:
        return None
    details = AgentDetails(
        name=asked.name,
        email=asked.email,
        phone=asked.phone,
        time_zone=asked.time_zone,
        takes_buyers=asked.takes_buyers,
        takes_sellers=asked.takes_sellers,
        team_id=asked.team_id,
        language=asked.language,
    )
    agent = add_agent(session, details=details, consent_source=CONSENT, at=asked.created_at)
    asked.decided_at, asked.agent_id = at, agent.id
    queued = queue_notification(session, account_id=agent.account_id, kind=JOINED, channel=Channel.EMAIL, at=at)
    session.flush()
    return agent, outbox_with(queued)


def turn_away(session: Session, *, request_id: UUID, decides_for: UUID | None, at: datetime) -> bool:
    """Declines a request; returns whether it was still undecided. Telling the person is left to the inviter."""
    asked = _lock(session, request_id, decides_for)
    if asked is None:
        return False
    asked.decided_at = at
    session.flush()
    return True


def _tell(session: Session, invitation: Invitation, at: datetime) -> Outbox:
    if invitation.account_id is not None:
        queued = queue_notification(
            session, account_id=invitation.account_id, kind=JOIN_ASKED, channel=Channel.EMAIL, at=at
        )
        return outbox_with(queued)
    outbox = NOTHING
    leads = select(Agent).where(Agent.team_id == invitation.team_id, Agent.is_lead, Agent.left_at.is_(None))
    for lead in session.scalars(leads.order_by(Agent.id)):
        outbox += tell_agent(session, lead, kind=JOIN_ASKED, at=at)
    return outbox


def _check_new(session: Session, details: AgentDetails) -> None:
    known = select(Agent.phone, Account.email).join(Account, Account.id == Agent.account_id)
    with_phone = session.execute(known.where(Agent.phone == details.phone)).first()
    if with_phone is not None:
        raise InvalidInput(FieldError("phone", _("Somebody of the network has this phone already.")))
    if session.execute(known.where(func.lower(Account.email) == details.email.lower())).first() is not None:
        raise InvalidInput(FieldError("email", _("Somebody of the network has this address already.")))


def _lock(session: Session, request_id: UUID, decides_for: UUID | None) -> JoinRequest | None:
    query = select(JoinRequest).where(JoinRequest.id == request_id, JoinRequest.decided_at.is_(None))
    if decides_for is not None:
        query = query.where(JoinRequest.team_id == decides_for)
    return session.scalar(for_update(query, of=JoinRequest))
