"""Agents and teams: adding, changing, pausing, finding."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.database.locks import for_update, lock_wait
from app.core.errors import FieldError, InvalidInput, NotFound
from app.core.referral_kind import ReferralKind
from app.people.accounts import find_account, sign_out_everywhere
from app.people.models import Account, Agent, Team

TAKEN = {
    "uq_agent_phone": FieldError("phone", "Another agent has this phone."),
    "uq_agent_account_id": FieldError("email", "Another agent has this email address."),
    "uq_account_email": FieldError("email", "Another agent has this email address."),
    "uq_team_name": FieldError("name", "Another team has this name."),
}
LARGEST_TEAM = 10


@dataclass(frozen=True)
class AgentDetails:
    """What is known of an agent; phone in E.164, all values already checked by app/core/contact."""

    name: str
    email: str
    phone: str
    time_zone: str
    takes_buyers: bool
    takes_sellers: bool
    team_id: UUID | None = None
    brokerage: str | None = None
    """None leaves it as it is; empty removes it."""
    is_lead: bool | None = None
    """None leaves it as it is."""
    language: str | None = None
    """None leaves it as it is."""


def add_team(session: Session, *, name: str) -> Team:
    """A new team. Raises InvalidInput when the name is taken."""
    team = Team(name=name)
    session.add(team)
    _flush(session)
    return team


def rename_team(session: Session, *, team_id: UUID, name: str) -> Team:
    """Raises NotFound, or InvalidInput when the name is taken."""
    team = get_team(session, team_id)
    team.name = name
    _flush(session)
    return team


def add_agent(session: Session, *, details: AgentDetails, consent_source: str, at: datetime) -> Agent:
    """A new agent with an account to sign in; `consent_source` says where SMS consent was given.

    Raises InvalidInput naming the field: unknown or full team, phone or email of another agent.
    """
    _check_team(session, details.team_id)
    account = find_account(session, email=details.email) or Account(email=details.email)
    if account.agent is not None:
        raise InvalidInput(TAKEN["uq_agent_account_id"])
    agent = Agent(account=account, sms_consent_at=at, sms_consent_source=consent_source)
    _fill(agent, details)
    session.add(agent)
    _flush(session)
    return agent


def change_agent(session: Session, *, agent_id: UUID, details: AgentDetails) -> Agent:
    """Raises NotFound, or InvalidInput naming the field."""
    agent = get_agent(session, agent_id)
    if details.team_id != agent.team_id:
        _check_team(session, details.team_id)
    _fill(agent, details)
    if agent.account.email != details.email:
        agent.account.email = details.email
        sign_out_everywhere(agent.account)
    _flush(session)
    return agent


def pause_agent(session: Session, *, agent_id: UUID, at: datetime | None) -> Agent:
    """Paused from `at`; `None` ends the pause. Raises NotFound."""
    agent = get_agent(session, agent_id)
    agent.paused_at, agent.paused_until = at, None
    if at is None:
        agent.left_at = None
    session.flush()
    return agent


def pause_team(session: Session, *, team_id: UUID, at: datetime | None) -> Team:
    """Paused from `at`; `None` ends the pause. Raises NotFound."""
    team = get_team(session, team_id)
    team.paused_at = at
    session.flush()
    return team


def get_agent(session: Session, agent_id: UUID) -> Agent:
    """Raises NotFound."""
    agent = session.get(Agent, agent_id)
    if agent is None:
        raise NotFound
    return agent


def lock_agents(session: Session, agent_ids: Sequence[UUID]) -> None:
    """Locks agents, ids ascending: the last in the order of locks but for what is theirs, channels and browsers."""
    query = select(Agent.id).where(Agent.id.in_(agent_ids)).order_by(Agent.id)
    session.execute(for_update(query, of=Agent)).all()


def lock_agent(session: Session, agent_id: UUID) -> Agent | None:
    """One agent, locked and read again, with their account: decisions about their channels begin here.

    Raises LockTimeout.
    """
    with lock_wait(session):
        return session.scalar(for_update(select(Agent).where(Agent.id == agent_id), of=Agent))


def agent_with_phone(session: Session, phone: str) -> Agent | None:
    """The agent whose own number this is, in E.164."""
    return session.scalar(select(Agent).where(Agent.phone == phone))


def get_team(session: Session, team_id: UUID) -> Team:
    """Raises NotFound."""
    team = session.get(Team, team_id)
    if team is None:
        raise NotFound
    return team


def members_for(session: Session, *, team_id: UUID, kind: ReferralKind) -> list[Agent]:
    """The members of a team who take `kind` and are not paused, oldest first."""
    return [agent for agent in _active(session, Agent.team_id == team_id) if takes(agent, kind)]


def agent_for(session: Session, *, agent_id: UUID, kind: ReferralKind) -> list[Agent]:
    """The one agent, if they take `kind` and are not paused."""
    return [agent for agent in _active(session, Agent.id == agent_id) if takes(agent, kind)]


def named_agents(session: Session, *, team_id: UUID | None, agent_id: UUID | None, kind: ReferralKind) -> list[Agent]:
    """Those of a team, or the one agent, who take `kind` and are not paused; empty where neither is named."""
    if team_id is not None:
        return members_for(session, team_id=team_id, kind=kind)
    return agent_for(session, agent_id=agent_id, kind=kind) if agent_id is not None else []


def takes(agent: Agent, kind: ReferralKind) -> bool:
    """Whether the agent wants referrals of this kind."""
    return agent.takes_buyers if kind is ReferralKind.BUYER else agent.takes_sellers


def _active(session: Session, condition: object) -> list[Agent]:
    query = select(Agent).outerjoin(Team, Agent.team_id == Team.id)
    return list(
        session.scalars(
            query.where(condition, Agent.paused_at.is_(None), Team.paused_at.is_(None)).order_by(Agent.id)  # type: ignore[arg-type]
        )
    )


def _check_team(session: Session, team_id: UUID | None) -> None:
    if team_id is None:
        return
    with lock_wait(session):  # two who join at once are counted one after the other
        team = session.scalar(for_update(select(Team).where(Team.id == team_id), of=Team))
    if team is None:
        raise InvalidInput(FieldError("team_id", "There is no such team."))
    size = session.scalar(select(func.count()).select_from(Agent).where(Agent.team_id == team_id)) or 0
    if size >= LARGEST_TEAM:
        raise InvalidInput(FieldError("team_id", f"A team has {LARGEST_TEAM} members at most."))


def _fill(agent: Agent, details: AgentDetails) -> None:
    agent.name = details.name
    agent.phone = details.phone
    agent.time_zone = details.time_zone
    agent.takes_buyers = details.takes_buyers
    agent.takes_sellers = details.takes_sellers
    agent.team_id = details.team_id
    if details.brokerage is not None:
        agent.brokerage = details.brokerage or None
    if details.is_lead is not None:
        agent.is_lead = details.is_lead
    if details.language is not None:
        agent.language = details.language


def _flush(session: Session) -> None:
    """Flushes; a value somebody else has becomes an error that names its field, and nothing is written."""
    try:
        session.flush()
    except IntegrityError as error:
        session.rollback()
        constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
        if constraint in TAKEN:
            raise InvalidInput(TAKEN[constraint]) from error
        raise


def set_own_phone(session: Session, *, agent: Agent, phone: str) -> bool:
    """Makes it the agent's own; False, with nothing written, when another agent was quicker."""
    agent.phone = phone
    try:
        session.flush()
    except IntegrityError as error:
        session.rollback()
        if getattr(getattr(error.orig, "diag", None), "constraint_name", None) == "uq_agent_phone":
            return False
        raise
    return True
