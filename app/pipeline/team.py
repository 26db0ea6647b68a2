"""A team at one glance: which members are there, what is live, and whose clients are at which stage."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.calls.models import Call
from app.claims.models import Claim
from app.clients.models import Client
from app.core.names import shown_agent
from app.notifications.reach.summary import Way, reached_by
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.people.models import Agent
from app.pipeline.models import Deal
from app.pipeline.stages import ENDS, Stage
from app.referrals.models import Referral
from app.referrals.rules import Need

MOST_CLIENTS = 200


@dataclass(frozen=True)
class Member:
    """One member, and whether a referral would reach them now."""

    agent: Agent
    ways: list[Way]
    on_call: bool
    clients: int
    """How many they have that are not closed or failed."""

    @property
    def is_there(self) -> bool:
        """Whether an offer would go to them, and something would tell them of it."""
        return self.agent.paused_at is None and any(way.state == "on" for way in self.ways)

    @property
    def off(self) -> list[Way]:
        """The channels that do not work."""
        return [way for way in self.ways if way.state == "off"]


@dataclass(frozen=True)
class LiveReferral:
    """A referral that the team can still claim."""

    referral_id: UUID
    need: Need
    ends_at: datetime
    offered: int
    ringing: tuple[str, ...]
    """First names of those whose phone rings, or who are on the line."""


@dataclass(frozen=True)
class TeamClient:
    """A client of a member, without a way to reach them: that is the member's."""

    member: str
    name: str
    need: Need
    stage: Stage | None
    claimed_at: datetime


def members_of(session: Session, *, team_id: UUID) -> list[Member]:
    """The members who have not left, by name."""
    query = select(Agent).where(Agent.team_id == team_id, Agent.left_at.is_(None))
    agents = list(session.scalars(query.order_by(func.lower(Agent.name), Agent.id)))
    ids = [agent.id for agent in agents]
    ways = reached_by(session, agents)
    busy = set(session.scalars(select(Call.agent_id).where(Call.agent_id.in_(ids), Call.ended_at.is_(None))))
    counts = open_clients(session, agent_ids=ids)
    return [Member(agent, ways[agent.id], agent.id in busy, counts.get(agent.id, 0)) for agent in agents]


def open_clients(session: Session, *, agent_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many clients each agent has that are not closed or failed; who has none is left out."""
    query = (
        select(Claim.agent_id, func.count())
        .outerjoin(Deal, Deal.referral_id == Claim.referral_id)
        .where(Claim.agent_id.in_(agent_ids), Claim.ended_at.is_(None), Deal.stage.is_(None) | Deal.stage.not_in(ENDS))
        .group_by(Claim.agent_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def live_offers_of_team(session: Session, *, team_id: UUID, at: datetime) -> list[LiveReferral]:
    """What the team can claim now, newest first."""
    query = (
        select(Referral, func.max(Offer.expires_at), func.count())
        .join(Offer, Offer.referral_id == Referral.id)
        .where(Referral.team_id == team_id, Offer.status == OfferStatus.SENT, Offer.expires_at > at)
        .group_by(Referral.id)
        .order_by(Referral.id.desc())
    )
    found = session.execute(query).all()
    ringing = _ringing(session, [referral.id for referral, _, _ in found])
    return [
        LiveReferral(referral.id, referral.need, ends_at, offered, tuple(ringing.get(referral.id, ())))
        for referral, ends_at, offered in found
    ]


def clients_of_team(session: Session, *, team_id: UUID) -> Sequence[TeamClient]:
    """The clients of the members, by member and newest first."""
    query = (
        select(Agent.name, Client.name, Referral, Deal.stage, Claim.at)
        .join(Claim, Claim.agent_id == Agent.id)
        .join(Referral, Referral.id == Claim.referral_id)
        .join(Client, Client.id == Referral.client_id)
        .outerjoin(Deal, Deal.referral_id == Referral.id)
        .where(Agent.team_id == team_id, Claim.ended_at.is_(None), Deal.stage.is_(None) | Deal.stage.not_in(ENDS))
        .order_by(func.lower(Agent.name), Claim.id.desc())
        .limit(MOST_CLIENTS)
    )
    return [
        TeamClient(member, name, referral.need, stage, at)
        for member, name, referral, stage, at in session.execute(query)
    ]


def _ringing(session: Session, referral_ids: list[UUID]) -> dict[UUID, list[str]]:
    query = (
        select(Offer.referral_id, Agent.name)
        .join(Call, Call.offer_id == Offer.id)
        .join(Agent, Agent.id == Call.agent_id)
        .where(Offer.referral_id.in_(referral_ids), Call.ended_at.is_(None))
    )
    names: dict[UUID, list[str]] = {}
    for referral_id, name in session.execute(query):
        names.setdefault(referral_id, []).append(shown_agent(name))
    return names
