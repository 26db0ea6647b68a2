"""A link by which somebody asks to join a team, and its lead's answer. Who is let in becomes an agent, not before."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.access.joining_notices import JOIN_ASKED, JOINED
from app.access.models import Invitation, JoinRequest
from app.core.database.locks import for_update
from app.core.errors import FieldError, InvalidInput
from app.core.language import gettext as _
from app.core.queue.outbox import NOTHING, Outbox
from app.notifications.channels.rules import Channel
from app.notifications.queueing import queue_notification
from app.notifications.reach.tell import tell_agent
from app.people.models import Account, Agent, Team
from app.people.service import AgentDetails, add_agent

GOOD_FOR = timedelta(days=7)
MOST_WAITING = 20
"""Of one team: more than its lead would read."""
CONSENT = "join form"


def invite(session: Session, *, lead: Agent, at: datetime) -> Invitation:
    """A new link into the lead's team; the one before it is good for nothing from now on."""
    assert lead.team_id is not None
    end_invitations(session, team_id=lead.team_id, at=at)
    made = Invitation(team_id=lead.team_id, agent_id=lead.id, expires_at=at + GOOD_FOR, created_at=at)
    session.add(made)
    session.flush()
    return made


def end_invitations(session: Session, *, team_id: UUID, at: datetime) -> None:
    """No link into this team is good any more."""
    open_ones = update(Invitation).where(Invitation.team_id == team_id, Invitation.ended_at.is_(None))
    session.execute(open_ones.values(ended_at=at).execution_options(synchronize_session="fetch"))


def invitation_of(session: Session, *, team_id: UUID, at: datetime) -> Invitation | None:
    """The link into this team that is good now."""
    query = select(Invitation).where(
        Invitation.team_id == team_id, Invitation.ended_at.is_(None), Invitation.expires_at > at
    )
    return session.scalar(query.order_by(Invitation.id.desc()).limit(1))


def open_invitation(session: Session, *, invitation_id: UUID, at: datetime) -> Invitation | None:
    """The invitation behind a link, if it is still valid and the agent who made it still leads the team."""
    query = (
        select(Invitation)
        .join(Agent, Agent.id == Invitation.agent_id)
        .where(
            Invitation.id == invitation_id,
            Invitation.ended_at.is_(None),
            Invitation.expires_at > at,
            Agent.is_lead,
            Agent.team_id == Invitation.team_id,
            Agent.left_at.is_(None),
        )
    )
    return session.scalar(query)


def ask_to_join(session: Session, *, invitation: Invitation, details: AgentDetails, at: datetime) -> Outbox:
    """Keeps who asks, and tells the team's leads. Asked again by the same person, the newer words count.

    Raises InvalidInput for an email address or a phone of somebody who is of the network, and when too many wait.
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
    if found is not None:
        return NOTHING
    outbox = NOTHING
    leads = select(Agent).where(Agent.team_id == invitation.team_id, Agent.is_lead, Agent.left_at.is_(None))
    for lead in session.scalars(leads.order_by(Agent.id)):
        outbox += tell_agent(session, lead, kind=JOIN_ASKED, at=at)
    return outbox


def waiting_for(session: Session, *, team_id: UUID) -> Sequence[JoinRequest]:
    """Who asks to join this team, oldest first."""
    query = select(JoinRequest).where(JoinRequest.team_id == team_id, JoinRequest.decided_at.is_(None))
    return session.scalars(query.order_by(JoinRequest.id)).all()


def let_in(session: Session, *, request_id: UUID, team_id: UUID, at: datetime) -> tuple[Agent, Outbox] | None:
    """Makes an agent of who asks, and tells them; None when that was decided before, or is another team's to decide.

    Raises InvalidInput when the team is full, or somebody has the email address or phone by now.
    """
    asked = _lock(session, request_id=request_id, team_id=team_id)
    if asked is None:
        return None
    details = AgentDetails(
        name=asked.name,
        email=asked.email,
        phone=asked.phone,
        time_zone=asked.time_zone,
        takes_buyers=asked.takes_buyers,
        takes_sellers=asked.takes_sellers,
        team_id=team_id,
        language=asked.language,
    )
    agent = add_agent(session, details=details, consent_source=CONSENT, at=asked.created_at)
    asked.decided_at, asked.agent_id = at, agent.id
    queued = queue_notification(session, account_id=agent.account_id, kind=JOINED, channel=Channel.EMAIL, at=at)
    session.flush()
    return agent, Outbox(notifications=(queued,)) if queued is not None else NOTHING


def turn_away(session: Session, *, request_id: UUID, team_id: UUID, at: datetime) -> bool:
    """No; whether there was anything to decide. Nobody is told: a lead can, in their own words."""
    asked = _lock(session, request_id=request_id, team_id=team_id)
    if asked is None:
        return False
    asked.decided_at = at
    session.flush()
    return True


def _check_new(session: Session, details: AgentDetails) -> None:
    known = select(Agent.phone, Account.email).join(Account, Account.id == Agent.account_id)
    with_phone = session.execute(known.where(Agent.phone == details.phone)).first()
    if with_phone is not None:
        raise InvalidInput(FieldError("phone", _("Somebody of the network has this phone already.")))
    if session.execute(known.where(func.lower(Account.email) == details.email.lower())).first() is not None:
        raise InvalidInput(FieldError("email", _("Somebody of the network has this address already.")))


def _lock(session: Session, *, request_id: UUID, team_id: UUID) -> JoinRequest | None:
    query = select(JoinRequest).where(
        JoinRequest.id == request_id, JoinRequest.team_id == team_id, JoinRequest.decided_at.is_(None)
    )
    return session.scalar(for_update(query, of=JoinRequest))


def name_of_team(session: Session, team_id: UUID) -> str:
    """As its lead or an admin wrote it."""
    return session.get_one(Team, team_id).name
