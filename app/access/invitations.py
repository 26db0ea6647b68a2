"""Invitation links, made by a lead or an admin. Anyone with the link can ask to join a team or the network.

Opening the link makes nobody an agent: their request has to be accepted first (joining.py).
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.access.models import Invitation
from app.people.models import Account, Agent, Team

GOOD_FOR = timedelta(days=7)


def invite(session: Session, *, lead: Agent, at: datetime) -> Invitation:
    """Makes a new link to the lead's team, and ends the previous one."""
    assert lead.team_id is not None
    end_invitations(session, which=of_lead(lead.team_id), at=at)
    return _add(session, Invitation(team_id=lead.team_id, agent_id=lead.id), at)


def invite_from_desk(session: Session, *, admin: Account, team_id: UUID | None, at: datetime) -> Invitation:
    """Makes a new link to a team, or to the network without a team, and ends the desk's previous one."""
    end_invitations(session, which=of_desk(team_id), at=at)
    return _add(session, Invitation(team_id=team_id, account_id=admin.id), at)


def of_lead(team_id: UUID) -> ColumnElement[bool]:
    """Links made by this team's leads."""
    return and_(Invitation.team_id == team_id, Invitation.agent_id.is_not(None))


def of_desk(team_id: UUID | None) -> ColumnElement[bool]:
    """Links made at the desk for this team; None for those without a team."""
    return and_(Invitation.team_id.is_not_distinct_from(team_id), Invitation.account_id.is_not(None))


def end_invitations(session: Session, *, which: ColumnElement[bool], at: datetime) -> None:
    """Ends every open link of this kind."""
    for open_one in session.scalars(select(Invitation).where(which, Invitation.ended_at.is_(None))):
        open_one.ended_at = at
    session.flush()


def invitation_of(session: Session, *, which: ColumnElement[bool], at: datetime) -> Invitation | None:
    """The link that is valid now."""
    query = select(Invitation).where(which, Invitation.ended_at.is_(None), Invitation.expires_at > at)
    return session.scalar(query.order_by(Invitation.id.desc()).limit(1))


def open_invitation(session: Session, *, invitation_id: UUID, at: datetime) -> Invitation | None:
    """The invitation behind a link, if it is still valid and its maker still leads that team or is an admin."""
    still_leads = and_(Agent.is_lead, Agent.team_id == Invitation.team_id, Agent.left_at.is_(None))
    query = (
        select(Invitation)
        .outerjoin(Agent, Agent.id == Invitation.agent_id)
        .outerjoin(Account, Account.id == Invitation.account_id)
        .where(
            Invitation.id == invitation_id,
            Invitation.ended_at.is_(None),
            Invitation.expires_at > at,
            or_(still_leads, Account.is_admin),
        )
    )
    return session.scalar(query)


def name_of_team(session: Session, team_id: UUID | None) -> str | None:
    """The team's name; None without a team."""
    return session.get_one(Team, team_id).name if team_id is not None else None


def _add(session: Session, made: Invitation, at: datetime) -> Invitation:
    made.expires_at, made.created_at = at + GOOD_FOR, at
    session.add(made)
    session.flush()
    return made
