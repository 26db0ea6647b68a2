"""To whom a referral goes, as it is typed: a team's name, or an agent's name and email. A list of all is too long."""

import re
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.core.database.ids import parse_id
from app.people.accounts import find_account
from app.people.models import Account, Agent, Team

MOST = 20
ANY_MATCHING = "Any matching agent"
NOBODY = {"team_id": "nobody"}
"""No id, so that what was typed is refused at its field."""
OF_TEAM, OF_AGENT = re.compile(r"(.+) \(team\)"), re.compile(r".*?([^\s,]+@\S+)")


def suggestions(session: Session, typed: str) -> list[str]:
    """What can be chosen that has `typed` in it: teams before agents, by name."""
    teams = select(Team.name).where(Team.paused_at.is_(None), Team.name.icontains(typed, autoescape=True))
    found = [ANY_MATCHING] if typed.casefold() in ANY_MATCHING.casefold() else []
    found += [f"{name} (team)" for name in session.scalars(teams.order_by(Team.name).limit(MOST))]
    return (found + agents_like(session, typed))[:MOST]


def agents_like(session: Session, typed: str) -> list[str]:
    """Agents that have `typed` in their name or email, by name."""
    query = (
        select(Agent.name, Account.email)
        .join(Account, Account.id == Agent.account_id)
        .where(
            Agent.paused_at.is_(None),
            Agent.left_at.is_(None),
            or_(Agent.name.icontains(typed, autoescape=True), Account.email.icontains(typed, autoescape=True)),
        )
    )
    rows = session.execute(query.order_by(Agent.name, Agent.id).limit(MOST))
    return [f"{name}, {email}" for name, email in rows]


def target(session: Session, typed: str) -> dict[str, str]:
    """`team_id` or `agent_id` of what was typed; neither for ANY_MATCHING; NOBODY when no single target matches."""
    kind, _, id_ = typed.partition(":")
    if kind in ("team", "agent"):
        return {f"{kind}_id": id_} if parse_id(id_) is not None else NOBODY
    name = " ".join(typed.split())
    if name.casefold() == ANY_MATCHING.casefold():
        return {}
    return _named_target(session, name) or NOBODY


def _named_target(session: Session, name: str) -> dict[str, str]:
    of_team, of_agent = OF_TEAM.fullmatch(name), OF_AGENT.fullmatch(name)
    if of_agent is not None:
        account = find_account(session, email=of_agent[1])
        return _one("agent_id", [account.agent.id] if account is not None and account.agent is not None else [])
    named = (of_team[1] if of_team else name).lower()
    teams = list(session.scalars(select(Team.id).where(func.lower(Team.name) == named)))
    return _one("team_id", teams) or ({} if of_team else _one("agent_id", _named(session, name)))


def _named(session: Session, name: str) -> list[UUID]:
    return list(session.scalars(select(Agent.id).where(func.lower(Agent.name) == name.lower()).limit(2)))


def _one(field: str, found: list[UUID]) -> dict[str, str]:
    return {field: str(found[0])} if len(found) == 1 else {}
