"""What an agent sees in the portal: what is open to them, the clients they have claimed, and what has moved on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.claims.models import Claim
from app.core.database.ids import first_id
from app.offers.models import Offer
from app.offers.rules import OfferStatus
from app.offers.service import live_offers
from app.referrals.models import Referral

PAGE = 50
PAST = timedelta(days=30)
PAST_SHOWN = 50


@dataclass(frozen=True)
class Claimed:
    """A client of the agent."""

    referral: Referral
    claim_id: UUID
    at: datetime


@dataclass(frozen=True)
class Past:
    """An offer that came to nothing."""

    offer: Offer

    @property
    def state(self) -> str:
        """In a word or two."""
        words = {OfferStatus.SENT: "moved on", OfferStatus.LOST: "a teammate was first"}
        return words.get(self.offer.status, self.offer.status.value)


@dataclass(frozen=True)
class Home:
    """The agent's list. No client is ever left out of `mine`: `older` leads on to the next."""

    live: list[Offer]
    mine: list[Claimed]
    older: UUID | None
    """The claim before which the next page begins."""
    past: list[Past]


def home_of(session: Session, *, agent_id: UUID, before: UUID | None, at: datetime) -> Home:
    """Live offers and clients, newest first; offers of the last 30 days that came to nothing."""
    live = live_offers(session, agent_id=agent_id, at=at)
    mine = _claimed(session, agent_id, before)
    older = mine[PAGE - 1].claim_id if len(mine) > PAGE else None
    return Home(live, mine[:PAGE], older, _past(session, agent_id, {offer.id for offer in live}, at))


def claimed_referral(session: Session, *, agent_id: UUID, referral_id: UUID) -> Referral | None:
    """A referral that this agent has; None for everybody else."""
    query = (
        select(Referral)
        .join(Claim, Claim.referral_id == Referral.id)
        .where(Referral.id == referral_id, Claim.agent_id == agent_id, Claim.ended_at.is_(None))
    )
    return session.scalar(query)


def claimed_offer_id(session: Session, *, agent_id: UUID, referral_id: UUID) -> UUID | None:
    """The offer by which this agent has the referral; None for everybody else."""
    query = select(Claim.offer_id).where(
        Claim.referral_id == referral_id, Claim.agent_id == agent_id, Claim.ended_at.is_(None)
    )
    return session.scalar(query)


def _claimed(session: Session, agent_id: UUID, before: UUID | None) -> list[Claimed]:
    query = (
        select(Referral, Claim.id, Claim.at)
        .join(Claim, Claim.referral_id == Referral.id)
        .options(joinedload(Referral.client))
        .where(Claim.agent_id == agent_id, Claim.ended_at.is_(None))
        .order_by(Claim.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(Claim.id < before)
    return [Claimed(*row) for row in session.execute(query)]


def _past(session: Session, agent_id: UUID, live: set[UUID], at: datetime) -> list[Past]:
    query = (
        select(Offer)
        .options(joinedload(Offer.referral))
        .where(
            Offer.agent_id == agent_id,
            Offer.id >= first_id(at - PAST),
            Offer.status != OfferStatus.CLAIMED,
            Offer.id.not_in(live),
        )
        .order_by(Offer.id.desc())
        .limit(PAST_SHOWN)
    )
    return [Past(offer) for offer in session.scalars(query)]
